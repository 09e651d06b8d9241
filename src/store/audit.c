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
    [AUDIT_MAIL_RETRIED] = {"mail_retried", "info", "Mail queued again"},
    [AUDIT_MAIL_DROPPED] = {"mail_dropped", "warning", "Mail dropped"},
};
_Static_assert(ARRAY_LEN(kinds) == AUDIT_N_EVENTS, "an event without a kind");

static const struct db_column row_columns[] = {
    DB_COLUMN(struct store_audit_row, id, DB_U64),
    DB_COLUMN(struct store_audit_row, created_us, DB_TIME),
    DB_COLUMN(struct store_audit_row, event, DB_TEXT),
    DB_COLUMN(struct store_audit_row, actor_id, DB_U64),
    DB_COLUMN(struct store_audit_row, message, DB_TEXT),
    DB_COLUMN(struct store_audit_row, client_ip, DB_TEXT),
    DB_COLUMN(struct store_audit_row, user_agent, DB_TEXT),
    DB_COLUMN(struct store_audit_row, request_id, DB_TEXT),
};

#define ROW_SQL                                                                \
	"SELECT id, created_at, event, actor_id, message, client_ip,"          \
	" user_agent, request_id FROM audit_log"

enum {
	ADD,
	LIST_OF,
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
    /* By two indexes in their order; an OR would read all and sort it. */
    [LIST_OF] =
	{
	    .name = "audit_list_of",
	    .sql = "(" ROW_SQL " WHERE target_id = ?"
		   " ORDER BY id DESC LIMIT ?)"
		   " UNION (" ROW_SQL " WHERE actor_id = ?"
		   " ORDER BY id DESC LIMIT ?) ORDER BY id DESC LIMIT ?",
	    .n_in = 5,
	    DB_ROW(row_columns, struct store_audit_row),
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

enum err store_audit_list_of(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_audit_row **ret_list,
    size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST_OF],
	    DB_IN(db_u64(user_id), db_u64(max), db_u64(user_id), db_u64(max),
		db_u64(max)),
	    arena, max, ret_list, ret_n);
}
