#include "core/base.h"

#include "core/clock.h"
#include "store/token.h"

static const struct purpose {
	const char *name; /* in the table */
	int64_t ttl_s;
} purposes[] = {
    [TOKEN_VERIFY_EMAIL] = {"verify_email", 24 * HOUR_S},
    [TOKEN_RESET_PASSWORD] = {"reset_password", HOUR_S},
    [TOKEN_CHANGE_EMAIL] = {"change_email", 24 * HOUR_S},
    [TOKEN_UNDO_EMAIL] = {"undo_email", 72 * HOUR_S},
};
_Static_assert(ARRAY_LEN(purposes) == TOKEN_N_PURPOSES, "a nameless purpose");

static const struct db_column token_columns[] = {
    DB_COLUMN(struct store_token, user_id, DB_U64),
    DB_COLUMN(struct store_token, email, DB_TEXT),
};

enum {
	PUT,
	FIND,
	REDEEM,
};

const struct db_stmt store_token_statements[] = {
    [PUT] =
	{
	    .name = "token_put",
	    .sql = "REPLACE INTO tokens"
		   " (user_id, purpose, email, token_hash, created_at,"
		   " expires_at) VALUES (?, ?, ?, ?, ?, ?)",
	    .n_in = 6,
	},
    [FIND] =
	{
	    .name = "token_find",
	    .sql = "SELECT user_id, email FROM tokens"
		   " WHERE token_hash = ? AND purpose = ? AND expires_at > ?",
	    .n_in = 3,
	    DB_ROW(token_columns, struct store_token),
	},
    [REDEEM] =
	{
	    .name = "token_redeem",
	    .sql = "DELETE FROM tokens"
		   " WHERE token_hash = ? AND purpose = ? AND expires_at > ?"
		   " RETURNING user_id, email",
	    .n_in = 3,
	    DB_ROW(token_columns, struct store_token),
	},
};
const size_t store_token_n_statements = ARRAY_LEN(store_token_statements);

static const struct db_stmt *const sql = store_token_statements;

static const struct purpose *purpose_get(enum token_purpose purpose)
{
	ensure(purpose > 0 && purpose < TOKEN_N_PURPOSES);
	return &purposes[purpose];
}

int64_t store_token_ttl_s(enum token_purpose purpose)
{
	return purpose_get(purpose)->ttl_s;
}

enum err store_token_put(struct db *db, uint64_t user_id,
    enum token_purpose purpose, struct str email, const struct digest *hash,
    int64_t now_us)
{
	const struct purpose *p = purpose_get(purpose);

	return db_stmt_run(db, &sql[PUT],
	    DB_IN(db_u64(user_id), db_text(str_of(p->name)), db_text(email),
		db_digest(hash), db_time(now_us),
		db_time(now_us + p->ttl_s * SECOND_US)));
}

enum err store_token_find(struct db *db, struct arena *arena,
    enum token_purpose purpose, const struct digest *hash, int64_t now_us,
    struct store_token *ret)
{
	return db_stmt_one(db, &sql[FIND],
	    DB_IN(db_digest(hash), db_text(str_of(purpose_get(purpose)->name)),
		db_time(now_us)),
	    arena, ret);
}

enum err store_token_redeem(struct db *db, struct arena *arena,
    enum token_purpose purpose, const struct digest *hash, int64_t now_us,
    struct store_token *ret)
{
	return db_stmt_one(db, &sql[REDEEM],
	    DB_IN(db_digest(hash), db_text(str_of(purpose_get(purpose)->name)),
		db_time(now_us)),
	    arena, ret);
}
