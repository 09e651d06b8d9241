#include "core/base.h"

#include "store/private.h"
#include "store/throttle.h"

static const struct db_column throttle_columns[] = {
    DB_COLUMN(struct store_throttle, hits, DB_U64),
    DB_COLUMN(struct store_throttle, penalty, DB_U64),
    DB_COLUMN(struct store_throttle, window_us, DB_TIME),
    DB_COLUMN(struct store_throttle, blocked_us, DB_TIME),
};

static const struct db_column bucket_columns[] = {
    DB_COLUMN(struct store_bucket, name, DB_TEXT),
    DB_COLUMN(struct store_bucket, hits, DB_U64),
    DB_COLUMN(struct store_bucket, penalty, DB_U64),
    DB_COLUMN(struct store_bucket, blocked_us, DB_TIME),
    DB_COLUMN(struct store_bucket, expires_us, DB_TIME),
};

enum {
	GET,
	LOCK,
	PUT,
	CLEAR,
	LIST,
};

/*
 * LOCK: the row it writes is locked, be it new or old, and RETURNING reads it.
 * A new one is born expired, VALUES(expires_at) being now, and an old one that
 * has expired is emptied.
 */
const struct db_stmt store_throttle_statements[] = {
    [GET] =
	{
	    .name = "throttle_get",
	    .sql = "SELECT hits, penalty, window_start, blocked_until"
		   " FROM throttle WHERE bucket = ? AND expires_at > ?",
	    .n_in = 2,
	    DB_ROW(throttle_columns, struct store_throttle),
	},
    [LOCK] =
	{
	    .name = "throttle_lock",
	    .sql = "INSERT INTO throttle (bucket, hits, penalty, expires_at)"
		   " VALUES (?, 0, 0, ?) ON DUPLICATE KEY UPDATE"
		   " hits = IF(expires_at > VALUES(expires_at), hits, 0),"
		   " penalty = IF(expires_at > VALUES(expires_at), penalty, 0),"
		   " window_start = IF(expires_at > VALUES(expires_at),"
		   " window_start, NULL),"
		   " blocked_until = IF(expires_at > VALUES(expires_at),"
		   " blocked_until, NULL)"
		   " RETURNING hits, penalty, window_start, blocked_until",
	    .n_in = 2,
	    DB_ROW(throttle_columns, struct store_throttle),
	},
    [PUT] =
	{
	    .name = "throttle_put",
	    .sql =
		"UPDATE throttle SET hits = ?, penalty = ?, window_start = ?,"
		" blocked_until = ?, expires_at = ? WHERE bucket = ?",
	    .n_in = 6,
	},
    [CLEAR] =
	{
	    .name = "throttle_clear",
	    .sql = "DELETE FROM throttle WHERE bucket = ?",
	    .n_in = 1,
	},
    [LIST] =
	{
	    .name = "throttle_list",
	    .sql = "SELECT LOWER(HEX(bucket)), hits, penalty,"
		   " blocked_until, expires_at FROM throttle"
		   " WHERE expires_at > ?"
		   " ORDER BY blocked_until DESC, bucket LIMIT ?",
	    .n_in = 2,
	    DB_ROW(bucket_columns, struct store_bucket),
	},
};
const size_t store_throttle_n_statements = ARRAY_LEN(store_throttle_statements);

static const struct db_stmt *const sql = store_throttle_statements;

enum err store_throttle_get(struct db *db, struct arena *arena,
    const struct digest *bucket, int64_t now_us, struct store_throttle *ret)
{
	return db_stmt_one(db, &sql[GET],
	    DB_IN(db_digest(bucket), db_time(now_us)), arena, ret);
}

enum err store_throttle_lock(struct db *db, struct arena *arena,
    const struct digest *bucket, int64_t now_us, struct store_throttle *ret)
{
	return db_stmt_one(db, &sql[LOCK],
	    DB_IN(db_digest(bucket), db_time(now_us)), arena, ret);
}

enum err store_throttle_put(struct db *db, const struct digest *bucket,
    const struct store_throttle *state, int64_t expires_us)
{
	return store_change_found(db, &sql[PUT],
	    DB_IN(db_u64(state->hits), db_u64(state->penalty),
		db_time(state->window_us), db_time(state->blocked_us),
		db_time(expires_us), db_digest(bucket)));
}

enum err store_throttle_clear(struct db *db, const struct digest *bucket)
{
	return db_stmt_run(db, &sql[CLEAR], DB_IN(db_digest(bucket)));
}

enum err store_throttle_list(struct db *db, struct arena *arena, int64_t now_us,
    size_t max, struct store_bucket **ret_list, size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST], DB_IN(db_time(now_us), db_u64(max)),
	    arena, max, ret_list, ret_n);
}
