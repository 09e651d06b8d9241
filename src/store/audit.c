#include "core/base.h"

#include "store/audit.h"
#include "store/private.h"

static const struct audit_kind kinds[] = {
    [AUDIT_NONE] = {"none", "info", ""},
    [AUDIT_SIGNUP] = {"signup", "info", "Account created"},
    [AUDIT_SIGNUP_TAKEN] = {"signup_taken", "warning",
	"Sign-up with an email that has an account"},
    [AUDIT_EMAIL_VERIFIED] = {"email_verified", "info", "Email verified"},
    [AUDIT_VERIFICATION_ASKED] = {"verification_asked", "info",
	"Verification mail asked for"},
    [AUDIT_LOGIN] = {"login", "info", "Login"},
    [AUDIT_LOGIN_FAILED] = {"login_failed", "warning", "Login failed"},
    [AUDIT_LOGIN_CHALLENGED] = {"login_challenged", "info",
	"Second factor asked for"},
    [AUDIT_LOGIN_BLOCKED] = {"login_blocked", "warning", "Login refused"},
    [AUDIT_LOGOUT] = {"logout", "info", "Logout"},
    [AUDIT_PASSWORD_REHASHED] = {"password_rehashed", "info",
	"Password hash renewed"},
    [AUDIT_RESET_ASKED] = {"reset_asked", "info", "Password reset asked for"},
    [AUDIT_PASSWORD_RESET] = {"password_reset", "warning",
	"Password reset by mail"},
    [AUDIT_PASSWORD_CHANGED] = {"password_changed", "info", "Password changed"},
    [AUDIT_IDENTITY_CONFIRMED] = {"identity_confirmed", "info",
	"Identity confirmed"},
    [AUDIT_IDENTITY_FAILED] = {"identity_failed", "warning",
	"Identity not confirmed"},
    [AUDIT_PROFILE_UPDATED] = {"profile_updated", "info", "Profile updated"},
    [AUDIT_EMAIL_CHANGE_ASKED] = {"email_change_asked", "info",
	"Change of email asked for"},
    [AUDIT_EMAIL_TAKEN] = {"email_taken", "warning",
	"Change to an email that has an account"},
    [AUDIT_EMAIL_CHANGED] = {"email_changed", "warning", "Email changed"},
    [AUDIT_EMAIL_RESTORED] = {"email_restored", "warning",
	"Change of email undone"},
    [AUDIT_ACCOUNT_EXPORTED] = {"account_exported", "info", "Account exported"},
    [AUDIT_ACCOUNT_ERASED] = {"account_erased", "warning", "Account erased"},
    [AUDIT_TWOFA_ASKED] = {"twofa_asked", "info",
	"Second factor about to be set up"},
    [AUDIT_TWOFA_ENABLED] = {"twofa_enabled", "warning",
	"Second factor turned on"},
    [AUDIT_TWOFA_DISABLED] = {"twofa_disabled", "warning",
	"Second factor turned off"},
    [AUDIT_TWOFA_RESET] = {"twofa_reset", "warning",
	"Second factor taken away by an administrator"},
    [AUDIT_RECOVERY_CODES_MADE] = {"recovery_codes_made", "info",
	"New recovery codes"},
    [AUDIT_RECOVERY_CODE_USED] = {"recovery_code_used", "warning",
	"Recovery code used"},
    [AUDIT_CODE_REFUSED] = {"code_refused", "warning",
	"Code of a second factor refused"},
    [AUDIT_ACCESS_DENIED] = {"access_denied", "warning", "Access denied"},
    [AUDIT_USER_CREATED] = {"user_created", "info",
	"Account created by an administrator"},
    [AUDIT_USER_DISABLED] = {"user_disabled", "warning", "Account disabled"},
    [AUDIT_USER_ENABLED] = {"user_enabled", "info", "Account enabled"},
    [AUDIT_USER_VERIFIED] = {"user_verified", "info",
	"Email marked as verified by an administrator"},
    [AUDIT_PASSWORD_SET] = {"password_set", "warning",
	"Password set by an administrator"},
    [AUDIT_ROLE_GRANTED] = {"role_granted", "info", "Role granted"},
    [AUDIT_ROLE_REVOKED] = {"role_revoked", "info", "Role revoked"},
    [AUDIT_SESSION_REVOKED] = {"session_revoked", "info", "Session revoked"},
    [AUDIT_ROLE_CREATED] = {"role_created", "info", "Role created"},
    [AUDIT_ROLE_DELETED] = {"role_deleted", "warning", "Role deleted"},
    [AUDIT_PERMISSION_CREATED] = {"permission_created", "info",
	"Permission created"},
    [AUDIT_PERMISSION_DELETED] = {"permission_deleted", "warning",
	"Permission deleted"},
    [AUDIT_PERMISSION_GIVEN] = {"permission_given", "info",
	"Permission given to a role"},
    [AUDIT_PERMISSION_TAKEN] = {"permission_taken", "info",
	"Permission taken from a role"},
    [AUDIT_KEY_ROTATED] = {"key_rotated", "warning", "Key rotated"},
    [AUDIT_THROTTLE_CLEARED] = {"throttle_cleared", "warning",
	"Failures forgotten by an administrator"},
    [AUDIT_MAIL_RETRIED] = {"mail_retried", "info", "Mail queued again"},
    [AUDIT_MAIL_DROPPED] = {"mail_dropped", "warning", "Mail dropped"},
};
_Static_assert(ARRAY_LEN(kinds) == AUDIT_N_EVENTS, "an event without a kind");

static const struct db_column log_columns[] = {
    DB_COLUMN(struct store_log, id, DB_U64),
    DB_COLUMN(struct store_log, created_us, DB_TIME),
    DB_COLUMN(struct store_log, actor_id, DB_U64),
    DB_COLUMN(struct store_log, level, DB_TEXT),
    DB_COLUMN(struct store_log, event, DB_TEXT),
    DB_COLUMN(struct store_log, message, DB_TEXT),
    DB_COLUMN(struct store_log, client_ip, DB_TEXT),
    DB_COLUMN(struct store_log, user_agent, DB_TEXT),
    DB_COLUMN(struct store_log, request_id, DB_TEXT),
    DB_COLUMN(struct store_log, user_email, DB_TEXT),
};

static const struct db_column count_columns[] = {{DB_U64, 0}};

#define LOG_SQL                                                                \
	"SELECT a.id, a.created_at, a.actor_id, a.level, a.event, a.message,"  \
	" a.client_ip, a.user_agent, a.request_id, COALESCE(u.email, '')"
#define LOG_USER_SQL                                                           \
	" LEFT JOIN users u ON u.id = COALESCE(a.actor_id, a.target_id)"

/* Twelve values: each filter twice, NULL where there is none. */
#define NARROWED_SQL                                                           \
	" (? IS NULL OR a.level = ?) AND (? IS NULL OR a.event = ?)"           \
	" AND (? IS NULL OR a.created_at >= ?)"                                \
	" AND (? IS NULL OR a.created_at < ?)"                                 \
	" AND (? IS NULL OR LOCATE(?, a.message) > 0)"                         \
	" AND (? IS NULL OR a.id < ?)"
#define N_NARROWED 12

/* A user's ids by both indexes, of which each needs to give a page at most. */
#define OF_USER_SQL                                                            \
	" (SELECT a.id FROM audit_log a WHERE a.actor_id = ?"                  \
	" AND" NARROWED_SQL " ORDER BY a.id DESC LIMIT ?)"                     \
	" UNION"                                                               \
	" (SELECT a.id FROM audit_log a WHERE a.target_id = ?"                 \
	" AND" NARROWED_SQL " ORDER BY a.id DESC LIMIT ?)"
#define N_OF_USER (2 * (N_NARROWED + 2))

enum {
	ADD,
	LIST,
	LIST_OF_USER,
	COUNT,
	COUNT_OF_USER,
};

const struct db_stmt store_audit_statements[] = {
    [ADD] =
	{
	    .name = "audit_add",
	    .sql = "INSERT INTO audit_log (created_at, event, level, actor_id,"
		   " target_id, message, client_ip, user_agent, request_id)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    .n_in = 9,
	},
    [LIST] =
	{
	    .name = "audit_list",
	    .sql = LOG_SQL " FROM audit_log a" LOG_USER_SQL
			   " WHERE" NARROWED_SQL
			   " ORDER BY a.id DESC LIMIT ?, ?",
	    .n_in = N_NARROWED + 2,
	    DB_ROW(log_columns, struct store_log),
	},
    [LIST_OF_USER] =
	{
	    .name = "audit_list_of_user",
	    .sql = LOG_SQL " FROM (" OF_USER_SQL
			   ") x JOIN audit_log a ON a.id = x.id" LOG_USER_SQL
			   " ORDER BY a.id DESC LIMIT ?, ?",
	    .n_in = N_OF_USER + 2,
	    DB_ROW(log_columns, struct store_log),
	},
    [COUNT] =
	{
	    .name = "audit_count",
	    .sql = "SELECT COUNT(*) FROM (SELECT a.id FROM audit_log a"
		   " WHERE" NARROWED_SQL " LIMIT ?) x",
	    .n_in = N_NARROWED + 1,
	    DB_ROW(count_columns, uint64_t),
	},
    [COUNT_OF_USER] =
	{
	    .name = "audit_count_of_user",
	    .sql = "SELECT COUNT(*) FROM (" OF_USER_SQL ") x",
	    .n_in = N_OF_USER,
	    DB_ROW(count_columns, uint64_t),
	},
};
const size_t store_audit_n_statements = ARRAY_LEN(store_audit_statements);

static const struct db_stmt *const sql = store_audit_statements;

const struct audit_kind *store_audit_kind(enum audit_event event)
{
	ensure(event >= AUDIT_NONE && event < AUDIT_N_EVENTS);
	return &kinds[event];
}

/* "message: detail", or the message alone, in `text` of STORE_TEXT_MAX. */
static struct str compose(const char *message, struct str detail, char *text)
{
	size_t n = utf8_clean(str_of(message), text, STORE_TEXT_MAX);

	if (detail.len > 0) {
		n += utf8_clean(STR(": "), text + n, STORE_TEXT_MAX - n);
		n += utf8_clean(detail, text + n, STORE_TEXT_MAX - n);
	}
	return (struct str){text, n};
}

enum err store_audit_add(struct db *db, const struct audit_origin *origin,
    enum audit_event event, uint64_t target_id, struct str detail,
    int64_t now_us)
{
	const struct audit_kind *kind = store_audit_kind(event);
	char text[STORE_TEXT_MAX], ip[STORE_IP_MAX], agent[STORE_TEXT_MAX];
	char request_id[STORE_REQUEST_ID_MAX];

	ensure(event != AUDIT_NONE);
	return db_stmt_run(db, &sql[ADD],
	    DB_IN(db_time(now_us), db_text(str_of(kind->name)),
		db_text(str_of(kind->level)), db_id(origin->actor_id),
		db_id(target_id), db_text(compose(kind->message, detail, text)),
		store_text(origin->client_ip, ip, sizeof(ip)),
		store_text(origin->user_agent, agent, sizeof(agent)),
		store_text(origin->request_id, request_id,
		    sizeof(request_id))));
}

static struct db_value text_or_null(struct str s)
{
	return s.len > 0 ? db_text(s) : db_null();
}

/* NARROWED_SQL's values; returns the place behind them. */
static struct db_value *put_narrowed(struct db_value *in,
    const struct store_log_filter *f)
{
	const struct db_value values[] = {text_or_null(f->level),
	    text_or_null(f->event), db_time(f->from_us), db_time(f->to_us),
	    text_or_null(f->q), db_id(f->before_id)};

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		*in++ = values[i];
		*in++ = values[i];
	}
	return in;
}

/* OF_USER_SQL's; `max` of each index. */
static struct db_value *put_of_user(struct db_value *in,
    const struct store_log_filter *f, uint64_t max)
{
	for (int i = 0; i < 2; i++) {
		*in++ = db_u64(f->user_id);
		in = put_narrowed(in, f);
		*in++ = db_u64(max);
	}
	return in;
}

enum err store_audit_list(struct db *db, struct arena *arena,
    const struct store_log_filter *filter, uint64_t offset, size_t max,
    struct store_log **ret_list, size_t *ret_n)
{
	struct db_value in[N_OF_USER + 2], *end = in;
	bool all = filter->user_id == 0;

	end = all ? put_narrowed(in, filter)
		  : put_of_user(in, filter, offset + max);
	*end++ = db_u64(offset);
	*end++ = db_u64(max);
	return db_stmt_all(db, &sql[all ? LIST : LIST_OF_USER], in,
	    (size_t)(end - in), arena, max, ret_list, ret_n);
}

enum err store_audit_count(struct db *db, struct arena *arena,
    const struct store_log_filter *filter, uint64_t max, uint64_t *ret_n)
{
	struct store_log_filter whole = *filter;
	struct db_value in[N_OF_USER], *end = in;
	bool all = filter->user_id == 0;
	uint64_t n;
	enum err err;

	whole.before_id = 0;
	if (all) {
		end = put_narrowed(in, &whole);
		*end++ = db_u64(max);
	} else {
		end = put_of_user(in, &whole, max);
	}
	err = db_stmt_one(db, &sql[all ? COUNT : COUNT_OF_USER], in,
	    (size_t)(end - in), arena, &n);
	if (err == OK)
		*ret_n = MIN_OF(n, max);
	return err;
}
