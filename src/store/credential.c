#include "core/base.h"

#include "store/credential.h"
#include "store/private.h"

static const struct db_column credential_columns[] = {
    DB_COLUMN(struct store_credential, kind, DB_TEXT),
    DB_COLUMN(struct store_credential, changed_us, DB_TIME),
};

enum {
	SET_PASSWORD,
	REHASH_PASSWORD,
	LIST,
};

const struct db_stmt store_credential_statements[] = {
    [SET_PASSWORD] =
	{
	    .name = "credential_set_password",
	    .sql = "INSERT INTO credentials (user_id, kind, secret, changed_at)"
		   " VALUES (?, 'password', ?, ?)"
		   " ON DUPLICATE KEY UPDATE"
		   " secret = VALUES(secret), changed_at = VALUES(changed_at)",
	    .n_in = 3,
	},
    [REHASH_PASSWORD] =
	{
	    .name = "credential_rehash_password",
	    .sql = "UPDATE credentials SET secret = ?, changed_at = ?"
		   " WHERE user_id = ? AND kind = 'password' AND secret = ?",
	    .n_in = 4,
	},
    [LIST] =
	{
	    .name = "credential_list",
	    .sql = "SELECT kind, changed_at FROM credentials"
		   " WHERE user_id = ? ORDER BY kind LIMIT ?",
	    .n_in = 2,
	    DB_ROW(credential_columns, struct store_credential),
	},
};
const size_t store_credential_n_statements = ARRAY_LEN(
    store_credential_statements);

static const struct db_stmt *const sql = store_credential_statements;

enum err store_credential_set_password(struct db *db, uint64_t user_id,
    struct secret_str hash, int64_t now_us)
{
	return db_stmt_run(db, &sql[SET_PASSWORD],
	    DB_IN(db_u64(user_id), db_secret(hash), db_time(now_us)));
}

enum err store_credential_rehash_password(struct db *db, uint64_t user_id,
    struct secret_str old, struct secret_str hash, int64_t now_us)
{
	return store_change_found(db, &sql[REHASH_PASSWORD],
	    DB_IN(db_secret(hash), db_time(now_us), db_u64(user_id),
		db_secret(old)));
}

enum err store_credential_list(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_credential **ret_list,
    size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST], DB_IN(db_u64(user_id), db_u64(max)),
	    arena, max, ret_list, ret_n);
}
