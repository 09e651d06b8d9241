#include "core/base.h"

#include "store/outbox.h"
#include "store/private.h"

static const char *const templates[] = {
    [MAIL_VERIFY_EMAIL] = "verify_email",
    [MAIL_SIGNUP_TAKEN] = "signup_taken",
    [MAIL_RESET_PASSWORD] = "reset_password",
    [MAIL_PASSWORD_CHANGED] = "password_changed",
    [MAIL_NEW_LOGIN] = "new_login",
    [MAIL_EMAIL_CONFIRM] = "email_confirm",
    [MAIL_EMAIL_CHANGED] = "email_changed",
    [MAIL_EMAIL_TAKEN] = "email_taken",
    [MAIL_EMAIL_RESTORED] = "email_restored",
    [MAIL_ACCOUNT_ERASED] = "account_erased",
    [MAIL_LOGIN_CODE] = "login_code",
    [MAIL_TWOFA_ENABLED] = "twofa_enabled",
    [MAIL_TWOFA_DISABLED] = "twofa_disabled",
    [MAIL_RECOVERY_CODE_USED] = "recovery_code_used",
};
_Static_assert(ARRAY_LEN(templates) == MAIL_N_TEMPLATES, "a nameless template");

#define MAIL_SQL                                                               \
	"SELECT id, state, template, user_id, recipient, detail,"              \
	" challenge_id, created_at, next_at, attempts, last_error, sent_at"    \
	" FROM mail_outbox"

static const struct db_column mail_columns[] = {
    DB_COLUMN(struct store_mail, id, DB_U64),
    DB_COLUMN(struct store_mail, state, DB_TEXT),
    DB_COLUMN(struct store_mail, template, DB_TEXT),
    DB_COLUMN(struct store_mail, user_id, DB_U64),
    DB_COLUMN(struct store_mail, recipient, DB_TEXT),
    DB_COLUMN(struct store_mail, detail, DB_TEXT),
    DB_COLUMN(struct store_mail, challenge_id, DB_U64),
    DB_COLUMN(struct store_mail, created_us, DB_TIME),
    DB_COLUMN(struct store_mail, next_us, DB_TIME),
    DB_COLUMN(struct store_mail, attempts, DB_U64),
    DB_COLUMN(struct store_mail, last_error, DB_TEXT),
    DB_COLUMN(struct store_mail, sent_us, DB_TIME),
};

static const struct db_column sent_columns[] = {
    DB_COLUMN(struct store_mail, id, DB_U64),
    DB_COLUMN(struct store_mail, state, DB_TEXT),
    DB_COLUMN(struct store_mail, template, DB_TEXT),
    DB_COLUMN(struct store_mail, recipient, DB_TEXT),
    DB_COLUMN(struct store_mail, detail, DB_TEXT),
    DB_COLUMN(struct store_mail, created_us, DB_TIME),
    DB_COLUMN(struct store_mail, sent_us, DB_TIME),
};

static const struct db_column due_columns[] = {{DB_TIME, 0}};

enum {
	ADD,
	CLAIM,
	CLAIMED,
	SENT,
	DEFER,
	RELEASE,
	PARK,
	NEXT_DUE,
	LIST,
	LIST_OPEN,
	LIST_OF,
	RETRY,
	DROP,
};

/*
 * CLAIM leaves next_at alone: were it moved to the lease's end, MariaDB could
 * not walk the index in order and stop at the limit, but would read, lock and
 * sort all that is due, for every claim.  For the same reason NEXT_DUE asks
 * for the first of the unclaimed and the first of the few leases by turns.
 */
const struct db_stmt store_outbox_statements[] = {
    [ADD] =
	{
	    .name = "outbox_add",
	    .sql = "INSERT INTO mail_outbox"
		   " (template, user_id, recipient, detail, challenge_id,"
		   " created_at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
	    .n_in = 7,
	},
    [CLAIM] =
	{
	    .name = "outbox_claim",
	    .sql = "UPDATE mail_outbox SET lease = ?, lease_until = ?"
		   " WHERE state = 'queued' AND next_at <= ?"
		   " AND (lease IS NULL OR lease_until <= ?)"
		   " ORDER BY next_at LIMIT ?",
	    .n_in = 5,
	},
    [CLAIMED] =
	{
	    .name = "outbox_claimed",
	    .sql = MAIL_SQL " WHERE lease = ? ORDER BY next_at, id",
	    .n_in = 1,
	    DB_ROW(mail_columns, struct store_mail),
	},
    [SENT] =
	{
	    .name = "outbox_sent",
	    .sql = "UPDATE mail_outbox SET state = 'sent', sent_at = ?,"
		   " attempts = attempts + 1, lease = NULL, lease_until = NULL"
		   " WHERE id = ? AND lease = ?",
	    .n_in = 3,
	},
    [DEFER] =
	{
	    .name = "outbox_defer",
	    .sql = "UPDATE mail_outbox SET next_at = ?, last_error = ?,"
		   " attempts = attempts + 1, lease = NULL, lease_until = NULL"
		   " WHERE id = ? AND lease = ?",
	    .n_in = 4,
	},
    [RELEASE] =
	{
	    .name = "outbox_release",
	    .sql = "UPDATE mail_outbox SET last_error = ?,"
		   " lease = NULL, lease_until = NULL"
		   " WHERE id = ? AND lease = ?",
	    .n_in = 3,
	},
    [PARK] =
	{
	    .name = "outbox_park",
	    .sql = "UPDATE mail_outbox SET state = 'parked', last_error = ?,"
		   " attempts = attempts + 1, lease = NULL, lease_until = NULL"
		   " WHERE id = ? AND lease = ?",
	    .n_in = 3,
	},
    [NEXT_DUE] =
	{
	    .name = "outbox_next_due",
	    .sql = "SELECT MIN(due) FROM ("
		   "(SELECT next_at AS due FROM mail_outbox"
		   " WHERE state = 'queued' AND lease IS NULL"
		   " ORDER BY next_at LIMIT 1)"
		   " UNION ALL"
		   " (SELECT lease_until FROM mail_outbox"
		   " WHERE lease IS NOT NULL)) AS first",
	    DB_ROW(due_columns, int64_t),
	},
    [LIST] =
	{
	    .name = "outbox_list",
	    .sql = MAIL_SQL " WHERE state = ? AND id > ? ORDER BY id LIMIT ?",
	    .n_in = 3,
	    DB_ROW(mail_columns, struct store_mail),
	},
    [LIST_OPEN] =
	{
	    .name = "outbox_list_open",
	    .sql = MAIL_SQL " WHERE state IN ('queued', 'parked') AND id > ?"
			    " ORDER BY id LIMIT ?",
	    .n_in = 2,
	    DB_ROW(mail_columns, struct store_mail),
	},
    [LIST_OF] =
	{
	    .name = "outbox_list_of",
	    .sql = "SELECT id, state, template, recipient, detail,"
		   " created_at, sent_at FROM mail_outbox WHERE user_id = ?"
		   " AND template <> ? ORDER BY id DESC LIMIT ?",
	    .n_in = 3,
	    DB_ROW(sent_columns, struct store_mail),
	},
    [RETRY] =
	{
	    .name = "outbox_retry",
	    .sql = "UPDATE mail_outbox SET state = 'queued', next_at = ?,"
		   " attempts = 0 WHERE id = ? AND state <> 'sent'",
	    .n_in = 2,
	},
    [DROP] =
	{
	    .name = "outbox_drop",
	    .sql = "DELETE FROM mail_outbox WHERE id = ? AND state <> 'sent'",
	    .n_in = 1,
	},
};
const size_t store_outbox_n_statements = ARRAY_LEN(store_outbox_statements);

static const struct db_stmt *const sql = store_outbox_statements;

const char *store_outbox_template_name(enum mail_template t)
{
	ensure(t > 0 && t < MAIL_N_TEMPLATES);
	return templates[t];
}

enum err store_outbox_template_parse(struct str name, enum mail_template *ret)
{
	for (enum mail_template t = 1; t < MAIL_N_TEMPLATES; t++)
		if (str_eq(name, str_of(templates[t]))) {
			*ret = t;
			return OK;
		}
	return ERR_NOT_FOUND;
}

static enum err add(struct db *db, enum mail_template template,
    uint64_t user_id, struct str recipient, struct str detail,
    uint64_t challenge_id, int64_t now_us)
{
	char clean[STORE_TEXT_MAX];

	return db_stmt_run(db, &sql[ADD],
	    DB_IN(db_text(str_of(store_outbox_template_name(template))),
		db_id(user_id), db_text(recipient),
		store_text(detail, clean, sizeof(clean)), db_id(challenge_id),
		db_time(now_us), db_time(now_us)));
}

enum err store_outbox_add(struct db *db, enum mail_template template,
    uint64_t user_id, struct str recipient, struct str detail, int64_t now_us)
{
	return add(db, template, user_id, recipient, detail, 0, now_us);
}

enum err store_outbox_add_code(struct db *db, uint64_t user_id,
    struct str recipient, uint64_t challenge_id, int64_t now_us)
{
	return add(db, MAIL_LOGIN_CODE, user_id, recipient, STR(""),
	    challenge_id, now_us);
}

enum err store_outbox_claim(struct db *db, struct arena *arena,
    const struct digest *lease, int64_t now_us, int64_t lease_us, size_t max,
    struct store_mail **ret_list, size_t *ret_n)
{
	enum err err = db_stmt_run(db, &sql[CLAIM],
	    DB_IN(db_digest(lease), db_time(now_us + lease_us), db_time(now_us),
		db_time(now_us), db_u64(max)));

	if (err != OK)
		return err;
	return db_stmt_all(db, &sql[CLAIMED], DB_IN(db_digest(lease)), arena,
	    max, ret_list, ret_n);
}

enum err store_outbox_sent(struct db *db, uint64_t id,
    const struct digest *lease, int64_t now_us)
{
	return store_change_found(db, &sql[SENT],
	    DB_IN(db_time(now_us), db_u64(id), db_digest(lease)));
}

enum err store_outbox_defer(struct db *db, uint64_t id,
    const struct digest *lease, int64_t next_us, struct str why)
{
	char text[STORE_TEXT_MAX];

	return store_change_found(db, &sql[DEFER],
	    DB_IN(db_time(next_us), store_text(why, text, sizeof(text)),
		db_u64(id), db_digest(lease)));
}

enum err store_outbox_release(struct db *db, uint64_t id,
    const struct digest *lease, struct str why)
{
	char text[STORE_TEXT_MAX];

	return store_change_found(db, &sql[RELEASE],
	    DB_IN(store_text(why, text, sizeof(text)), db_u64(id),
		db_digest(lease)));
}

enum err store_outbox_park(struct db *db, uint64_t id,
    const struct digest *lease, struct str why)
{
	char text[STORE_TEXT_MAX];

	return store_change_found(db, &sql[PARK],
	    DB_IN(store_text(why, text, sizeof(text)), db_u64(id),
		db_digest(lease)));
}

enum err store_outbox_next_due(struct db *db, struct arena *arena,
    int64_t *ret_us)
{
	return db_stmt_one(db, &sql[NEXT_DUE], DB_NO_IN, arena, ret_us);
}

enum err store_outbox_list(struct db *db, struct arena *arena, struct str state,
    uint64_t after_id, size_t max, struct store_mail **ret_list, size_t *ret_n)
{
	if (state.len == 0)
		return db_stmt_all(db, &sql[LIST_OPEN],
		    DB_IN(db_u64(after_id), db_u64(max)), arena, max, ret_list,
		    ret_n);
	return db_stmt_all(db, &sql[LIST],
	    DB_IN(db_text(state), db_u64(after_id), db_u64(max)), arena, max,
	    ret_list, ret_n);
}

enum err store_outbox_list_of(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_mail **ret_list, size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST_OF],
	    DB_IN(db_u64(user_id),
		db_text(str_of(templates[MAIL_EMAIL_CONFIRM])), db_u64(max)),
	    arena, max, ret_list, ret_n);
}

enum err store_outbox_retry(struct db *db, uint64_t id, int64_t now_us)
{
	return store_change_found(db, &sql[RETRY],
	    DB_IN(db_time(now_us), db_u64(id)));
}

enum err store_outbox_drop(struct db *db, uint64_t id)
{
	return store_change_found(db, &sql[DROP], DB_IN(db_u64(id)));
}
