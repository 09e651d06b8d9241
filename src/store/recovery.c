#include "core/base.h"

#include "store/private.h"
#include "store/recovery.h"

static const struct db_column count_columns[] = {{DB_U64, 0}};

enum {
	ADD,
	REDEEM,
	COUNT,
	DELETE_OF,
};

const struct db_stmt store_recovery_statements[] = {
    [ADD] =
	{
	    .name = "recovery_add",
	    .sql = "INSERT INTO recovery_codes (user_id, code_hash, created_at)"
		   " VALUES (?, ?, ?)",
	    .n_in = 3,
	},
    [REDEEM] =
	{
	    .name = "recovery_redeem",
	    .sql = "DELETE FROM recovery_codes"
		   " WHERE user_id = ? AND code_hash = ?",
	    .n_in = 2,
	},
    [COUNT] =
	{
	    .name = "recovery_count",
	    .sql = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?",
	    .n_in = 1,
	    DB_ROW(count_columns, uint64_t),
	},
    [DELETE_OF] =
	{
	    .name = "recovery_delete_of",
	    .sql = "DELETE FROM recovery_codes WHERE user_id = ?",
	    .n_in = 1,
	},
};
const size_t store_recovery_n_statements = ARRAY_LEN(store_recovery_statements);

static const struct db_stmt *const sql = store_recovery_statements;

enum err store_recovery_add(struct db *db, uint64_t user_id,
    const struct digest *code, int64_t now_us)
{
	return db_stmt_run(db, &sql[ADD],
	    DB_IN(db_u64(user_id), db_digest(code), db_time(now_us)));
}

enum err store_recovery_redeem(struct db *db, uint64_t user_id,
    const struct digest *code)
{
	return store_change_found(db, &sql[REDEEM],
	    DB_IN(db_u64(user_id), db_digest(code)));
}

enum err store_recovery_count(struct db *db, struct arena *arena,
    uint64_t user_id, uint64_t *ret_n)
{
	return db_stmt_one(db, &sql[COUNT], DB_IN(db_u64(user_id)), arena,
	    ret_n);
}

enum err store_recovery_delete_of(struct db *db, uint64_t user_id)
{
	return db_stmt_run(db, &sql[DELETE_OF], DB_IN(db_u64(user_id)));
}
