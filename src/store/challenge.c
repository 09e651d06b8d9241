#include "core/base.h"

#include "core/clock.h"
#include "store/challenge.h"
#include "store/private.h"

static const struct db_column challenge_columns[] = {
    DB_COLUMN(struct store_challenge, id, DB_U64),
    DB_COLUMN(struct store_challenge, user_id, DB_U64),
    DB_COLUMN(struct store_challenge, mailed_hash, DB_SECRET),
};

enum {
	ADD,
	GET,
	TRY,
	SET_MAILED,
	REDEEM,
	DELETE_OF,
};

const struct db_stmt store_challenge_statements[] = {
    [ADD] =
	{
	    .name = "challenge_add",
	    .sql = "INSERT INTO login_challenges"
		   " (id_hash, user_id, created_at, expires_at)"
		   " VALUES (?, ?, ?, ?)",
	    .n_in = 4,
	},
    [GET] =
	{
	    .name = "challenge_get",
	    .sql = "SELECT id, user_id, mailed_hash FROM login_challenges"
		   " WHERE id_hash = ? AND expires_at > ? AND created_at <= ?",
	    .n_in = 3,
	    DB_ROW(challenge_columns, struct store_challenge),
	},
    [TRY] =
	{
	    .name = "challenge_try",
	    .sql = "UPDATE login_challenges SET tries = tries + 1"
		   " WHERE id = ? AND tries < ?",
	    .n_in = 2,
	},
    [SET_MAILED] =
	{
	    .name = "challenge_set_mailed",
	    .sql = "UPDATE login_challenges SET mailed_hash = ?"
		   " WHERE id = ? AND user_id = ? AND expires_at > ?",
	    .n_in = 4,
	},
    [REDEEM] =
	{
	    .name = "challenge_redeem",
	    .sql = "DELETE FROM login_challenges WHERE id = ?",
	    .n_in = 1,
	},
    [DELETE_OF] =
	{
	    .name = "challenge_delete_of",
	    .sql = "DELETE FROM login_challenges WHERE user_id = ?",
	    .n_in = 1,
	},
};
const size_t store_challenge_n_statements = ARRAY_LEN(
    store_challenge_statements);

static const struct db_stmt *const sql = store_challenge_statements;

enum err store_challenge_add(struct db *db, uint64_t user_id,
    const struct digest *id_hash, int64_t now_us, uint64_t *ret_id)
{
	return db_stmt_insert(db, &sql[ADD],
	    DB_IN(db_digest(id_hash), db_u64(user_id), db_time(now_us),
		db_time(now_us + STORE_CHALLENGE_TTL_S * SECOND_US)),
	    ret_id);
}

enum err store_challenge_get(struct db *db, struct arena *arena,
    const struct digest *id_hash, int64_t now_us, struct store_challenge *ret)
{
	return db_stmt_one(db, &sql[GET],
	    DB_IN(db_digest(id_hash), db_time(now_us),
		db_time(now_us + MINUTE_S * SECOND_US)),
	    arena, ret);
}

enum err store_challenge_try(struct db *db, uint64_t id)
{
	return store_change_found(db, &sql[TRY],
	    DB_IN(db_u64(id), db_u64(STORE_CHALLENGE_TRIES_MAX)));
}

enum err store_challenge_set_mailed(struct db *db, uint64_t id,
    uint64_t user_id, struct secret_str hash, int64_t now_us)
{
	return store_change_found(db, &sql[SET_MAILED],
	    DB_IN(db_secret(hash), db_u64(id), db_u64(user_id),
		db_time(now_us)));
}

enum err store_challenge_redeem(struct db *db, uint64_t id)
{
	return store_change_found(db, &sql[REDEEM], DB_IN(db_u64(id)));
}

enum err store_challenge_delete_of(struct db *db, uint64_t user_id)
{
	return db_stmt_run(db, &sql[DELETE_OF], DB_IN(db_u64(user_id)));
}
