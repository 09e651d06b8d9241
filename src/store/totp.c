#include "core/base.h"

#include "store/private.h"
#include "store/totp.h"

static const struct db_column totp_columns[] = {
    DB_COLUMN(struct store_totp, user_id, DB_U64),
    DB_COLUMN(struct store_totp, sealed, DB_SECRET),
    DB_COLUMN(struct store_totp, last_step, DB_U64),
};

#define TOTP_SQL "SELECT user_id, secret, last_step FROM credentials"

enum {
	GET,
	GET_PENDING,
	PUT_PENDING,
	CONFIRM,
	ACCEPT,
	DELETE,
	LIST,
	RESEAL,
};

const struct db_stmt store_totp_statements[] = {
    [GET] =
	{
	    .name = "totp_get",
	    .sql = TOTP_SQL " WHERE user_id = ? AND kind = 'totp'",
	    .n_in = 1,
	    DB_ROW(totp_columns, struct store_totp),
	},
    [GET_PENDING] =
	{
	    .name = "totp_get_pending",
	    .sql = TOTP_SQL " WHERE user_id = ? AND kind = 'totp_pending'",
	    .n_in = 1,
	    DB_ROW(totp_columns, struct store_totp),
	},
    [PUT_PENDING] =
	{
	    .name = "totp_put_pending",
	    .sql = "INSERT INTO credentials (user_id, kind, secret, changed_at)"
		   " VALUES (?, 'totp_pending', ?, ?)"
		   " ON DUPLICATE KEY UPDATE"
		   " secret = VALUES(secret), changed_at = VALUES(changed_at)",
	    .n_in = 3,
	},
    [CONFIRM] =
	{
	    .name = "totp_confirm",
	    .sql = "UPDATE credentials SET kind = 'totp', last_step = ?,"
		   " changed_at = ? WHERE user_id = ?"
		   " AND kind = 'totp_pending' AND secret = ?",
	    .n_in = 4,
	},
    [ACCEPT] =
	{
	    .name = "totp_accept",
	    .sql = "UPDATE credentials SET last_step = ? WHERE user_id = ?"
		   " AND kind = 'totp' AND secret = ? AND last_step < ?",
	    .n_in = 4,
	},
    [DELETE] =
	{
	    .name = "totp_delete",
	    .sql = "DELETE FROM credentials WHERE user_id = ?"
		   " AND kind = 'totp'",
	    .n_in = 1,
	},
    [LIST] =
	{
	    .name = "totp_list",
	    .sql = TOTP_SQL " WHERE kind IN ('totp', 'totp_pending')"
			    " AND user_id > ? ORDER BY user_id LIMIT ?",
	    .n_in = 2,
	    DB_ROW(totp_columns, struct store_totp),
	},
    [RESEAL] =
	{
	    .name = "totp_reseal",
	    .sql = "UPDATE credentials SET secret = ? WHERE user_id = ?"
		   " AND kind IN ('totp', 'totp_pending') AND secret = ?",
	    .n_in = 3,
	},
};
const size_t store_totp_n_statements = ARRAY_LEN(store_totp_statements);

static const struct db_stmt *const sql = store_totp_statements;

enum err store_totp_get(struct db *db, struct arena *arena, uint64_t user_id,
    struct store_totp *ret)
{
	return db_stmt_one(db, &sql[GET], DB_IN(db_u64(user_id)), arena, ret);
}

enum err store_totp_get_pending(struct db *db, struct arena *arena,
    uint64_t user_id, struct store_totp *ret)
{
	return db_stmt_one(db, &sql[GET_PENDING], DB_IN(db_u64(user_id)), arena,
	    ret);
}

enum err store_totp_put_pending(struct db *db, uint64_t user_id,
    struct secret_str sealed, int64_t now_us)
{
	return db_stmt_run(db, &sql[PUT_PENDING],
	    DB_IN(db_u64(user_id), db_secret(sealed), db_time(now_us)));
}

enum err store_totp_confirm(struct db *db, uint64_t user_id,
    struct secret_str sealed, uint64_t step, int64_t now_us)
{
	return store_change_found(db, &sql[CONFIRM],
	    DB_IN(db_u64(step), db_time(now_us), db_u64(user_id),
		db_secret(sealed)));
}

enum err store_totp_accept(struct db *db, uint64_t user_id,
    struct secret_str sealed, uint64_t step)
{
	return store_change_found(db, &sql[ACCEPT],
	    DB_IN(db_u64(step), db_u64(user_id), db_secret(sealed),
		db_u64(step)));
}

enum err store_totp_delete(struct db *db, uint64_t user_id)
{
	return store_change_found(db, &sql[DELETE], DB_IN(db_u64(user_id)));
}

enum err store_totp_list(struct db *db, struct arena *arena, uint64_t after_id,
    size_t max, struct store_totp **ret_list, size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST], DB_IN(db_u64(after_id), db_u64(max)),
	    arena, max, ret_list, ret_n);
}

enum err store_totp_reseal(struct db *db, uint64_t user_id,
    struct secret_str old, struct secret_str sealed)
{
	return store_change_found(db, &sql[RESEAL],
	    DB_IN(db_secret(sealed), db_u64(user_id), db_secret(old)));
}
