#include "core/base.h"

#include "core/clock.h"
#include "store/housekeep.h"

enum {
	SESSIONS,
	TOKENS,
	THROTTLE,
	MAIL_SENT,
	EMAIL_CHANGES,
	NETWORKS,
	CHALLENGES,
	N_CHORES,
};

static const struct store_chore chores[] = {
    [SESSIONS] = {"sessions", 0},
    [TOKENS] = {"tokens", 0},
    [THROTTLE] = {"throttle", 0},
    [MAIL_SENT] = {"mail sent", 30 * DAY_S},
    /* The link that undoes one may be as late as mail can be. */
    [EMAIL_CHANGES] = {"email changes", 6 * DAY_S},
    [NETWORKS] = {"login networks", 365 * DAY_S},
    [CHALLENGES] = {"login challenges", 0},
};

/* A sent mail's next_at is when it was last due, and the index has it. */
const struct db_stmt store_housekeep_statements[] = {
    [SESSIONS] =
	{
	    .name = "housekeep_sessions",
	    .sql = "DELETE FROM sessions WHERE expires_at <= ?"
		   " ORDER BY expires_at LIMIT ?",
	    .n_in = 2,
	},
    [TOKENS] =
	{
	    .name = "housekeep_tokens",
	    .sql = "DELETE FROM tokens WHERE expires_at <= ?"
		   " ORDER BY expires_at LIMIT ?",
	    .n_in = 2,
	},
    [THROTTLE] =
	{
	    .name = "housekeep_throttle",
	    .sql = "DELETE FROM throttle WHERE expires_at <= ?"
		   " ORDER BY expires_at LIMIT ?",
	    .n_in = 2,
	},
    [MAIL_SENT] =
	{
	    .name = "housekeep_mail_sent",
	    .sql = "DELETE FROM mail_outbox WHERE state = 'sent'"
		   " AND next_at <= ? ORDER BY next_at LIMIT ?",
	    .n_in = 2,
	},
    [EMAIL_CHANGES] =
	{
	    .name = "housekeep_email_changes",
	    .sql = "DELETE FROM email_changes WHERE asked_at <= ?"
		   " ORDER BY asked_at LIMIT ?",
	    .n_in = 2,
	},
    [NETWORKS] =
	{
	    .name = "housekeep_networks",
	    .sql = "DELETE FROM login_networks WHERE last_seen_at <= ?"
		   " ORDER BY last_seen_at LIMIT ?",
	    .n_in = 2,
	},
    [CHALLENGES] =
	{
	    .name = "housekeep_challenges",
	    .sql = "DELETE FROM login_challenges WHERE expires_at <= ?"
		   " ORDER BY expires_at LIMIT ?",
	    .n_in = 2,
	},
};
const size_t store_housekeep_n_statements = ARRAY_LEN(
    store_housekeep_statements);

static const struct db_stmt *const sql = store_housekeep_statements;

const struct store_chore *store_housekeep_chore(size_t i)
{
	return i < N_CHORES ? &chores[i] : NULL;
}

enum err store_housekeep_delete(struct db *db, size_t i, int64_t now_us,
    size_t max, uint64_t *ret_n)
{
	ensure(i < N_CHORES);
	return db_stmt_change(db, &sql[i],
	    DB_IN(db_time(now_us - chores[i].keep_s * SECOND_US), db_u64(max)),
	    ret_n);
}
