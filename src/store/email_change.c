#include "core/base.h"

#include "core/clock.h"
#include "store/email_change.h"
#include "store/private.h"
#include "store/token.h"

static const struct db_column change_columns[] = {
    DB_COLUMN(struct store_email_change, old_email, DB_TEXT),
    DB_COLUMN(struct store_email_change, new_email, DB_TEXT),
    DB_COLUMN(struct store_email_change, asked_us, DB_TIME),
    DB_COLUMN(struct store_email_change, confirmed_us, DB_TIME),
};

static const struct db_column user_columns[] = {{DB_U64, 0}};
static const struct db_column asked_columns[] = {{DB_TIME, 0}};

enum {
	ASK,
	CONFIRM,
	ASKED_AT,
	FORGET_SINCE,
	HOLDER,
	LIST,
};

const struct db_stmt store_email_change_statements[] = {
    [ASK] =
	{
	    .name = "email_change_ask",
	    .sql = "REPLACE INTO email_changes"
		   " (user_id, old_email, new_email, asked_at)"
		   " VALUES (?, ?, ?, ?)",
	    .n_in = 4,
	},
    [CONFIRM] =
	{
	    .name = "email_change_confirm",
	    .sql = "UPDATE email_changes SET confirmed_at = ?"
		   " WHERE user_id = ? AND new_email = ?"
		   " AND confirmed_at IS NULL",
	    .n_in = 3,
	},
    [ASKED_AT] =
	{
	    .name = "email_change_asked_at",
	    .sql = "SELECT asked_at FROM email_changes"
		   " WHERE user_id = ? AND old_email = ?",
	    .n_in = 2,
	    DB_ROW(asked_columns, int64_t),
	},
    [FORGET_SINCE] =
	{
	    .name = "email_change_forget_since",
	    .sql = "DELETE FROM email_changes"
		   " WHERE user_id = ? AND asked_at >= ?",
	    .n_in = 2,
	},
    [HOLDER] =
	{
	    .name = "email_change_holder",
	    .sql = "SELECT user_id FROM email_changes"
		   " WHERE old_email = ? AND confirmed_at > ?"
		   " ORDER BY confirmed_at DESC LIMIT 1",
	    .n_in = 2,
	    DB_ROW(user_columns, uint64_t),
	},
    [LIST] =
	{
	    .name = "email_change_list",
	    .sql = "SELECT old_email, new_email, asked_at, confirmed_at"
		   " FROM email_changes WHERE user_id = ?"
		   " ORDER BY asked_at DESC LIMIT ?",
	    .n_in = 2,
	    DB_ROW(change_columns, struct store_email_change),
	},
};
const size_t store_email_change_n_statements = ARRAY_LEN(
    store_email_change_statements);

static const struct db_stmt *const sql = store_email_change_statements;

enum err store_email_change_ask(struct db *db, uint64_t user_id, struct str old,
    struct str new, int64_t now_us)
{
	return db_stmt_run(db, &sql[ASK],
	    DB_IN(db_u64(user_id), db_text(old), db_text(new),
		db_time(now_us)));
}

enum err store_email_change_confirm(struct db *db, uint64_t user_id,
    struct str new, int64_t now_us)
{
	return store_change_found(db, &sql[CONFIRM],
	    DB_IN(db_time(now_us), db_u64(user_id), db_text(new)));
}

enum err store_email_change_undo(struct db *db, struct arena *arena,
    uint64_t user_id, struct str old)
{
	int64_t asked_us;
	enum err err = db_stmt_one(db, &sql[ASKED_AT],
	    DB_IN(db_u64(user_id), db_text(old)), arena, &asked_us);

	if (err != OK)
		return err;
	return store_change_found(db, &sql[FORGET_SINCE],
	    DB_IN(db_u64(user_id), db_time(asked_us)));
}

enum err store_email_change_holder(struct db *db, struct arena *arena,
    struct str email, int64_t now_us, uint64_t *ret_user_id)
{
	int64_t ttl_us = store_token_ttl_s(TOKEN_UNDO_EMAIL) * SECOND_US;

	return db_stmt_one(db, &sql[HOLDER],
	    DB_IN(db_text(email), db_time(now_us - ttl_us)), arena,
	    ret_user_id);
}

enum err store_email_change_list(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_email_change **ret_list,
    size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST], DB_IN(db_u64(user_id), db_u64(max)),
	    arena, max, ret_list, ret_n);
}
