/* The audit log: rows are added and never changed. */
#ifndef T2O_STORE_AUDIT_H
#define T2O_STORE_AUDIT_H

#include "db/stmt.h"

enum audit_event {
	AUDIT_NONE = 1, /* for routes that leave no row */
	AUDIT_SIGNUP,
	AUDIT_SIGNUP_TAKEN, /* with an email that has an account */
	AUDIT_EMAIL_VERIFIED,
	AUDIT_VERIFICATION_ASKED,
	AUDIT_LOGIN,
	AUDIT_LOGIN_FAILED,
	AUDIT_LOGIN_CHALLENGED, /* and a code is to follow */
	AUDIT_LOGIN_BLOCKED,	/* throttled, unverified or disabled */
	AUDIT_LOGOUT,
	AUDIT_PASSWORD_REHASHED,
	AUDIT_RESET_ASKED,
	AUDIT_PASSWORD_RESET,
	AUDIT_PASSWORD_CHANGED,
	AUDIT_IDENTITY_CONFIRMED,
	AUDIT_IDENTITY_FAILED,
	AUDIT_PROFILE_UPDATED,
	AUDIT_EMAIL_CHANGE_ASKED,
	AUDIT_EMAIL_TAKEN, /* asked for one that has an account */
	AUDIT_EMAIL_CHANGED,
	AUDIT_EMAIL_RESTORED,
	AUDIT_ACCOUNT_EXPORTED,
	AUDIT_ACCOUNT_ERASED,
	AUDIT_TWOFA_ASKED, /* a secret was handed out */
	AUDIT_TWOFA_ENABLED,
	AUDIT_TWOFA_DISABLED,
	AUDIT_TWOFA_RESET, /* by an administrator */
	AUDIT_RECOVERY_CODES_MADE,
	AUDIT_RECOVERY_CODE_USED,
	AUDIT_CODE_REFUSED,  /* wrong, used, or one too many */
	AUDIT_ACCESS_DENIED, /* CSRF proof or permission missing */
	AUDIT_USER_CREATED,
	AUDIT_USER_DISABLED,
	AUDIT_USER_ENABLED,
	AUDIT_USER_VERIFIED,
	AUDIT_PASSWORD_SET,
	AUDIT_ROLE_GRANTED,
	AUDIT_ROLE_REVOKED,
	AUDIT_SESSION_REVOKED,
	AUDIT_ROLE_CREATED,
	AUDIT_ROLE_DELETED,
	AUDIT_PERMISSION_CREATED,
	AUDIT_PERMISSION_DELETED,
	AUDIT_PERMISSION_GIVEN,
	AUDIT_PERMISSION_TAKEN,
	AUDIT_KEY_ROTATED,
	AUDIT_THROTTLE_CLEARED,
	AUDIT_MAIL_RETRIED,
	AUDIT_MAIL_DROPPED,
	AUDIT_N_EVENTS,
};

/* The stable name ("login_failed"), its level and its default message. */
struct audit_kind {
	const char *name;
	const char *level; /* "info", "warning", "error" */
	const char *message;
};
const struct audit_kind *store_audit_kind(enum audit_event event);

/* Where something was asked for, and by whom; the same for all its rows. */
struct audit_origin {
	uint64_t actor_id; /* 0: nobody known, or the sysadmin by t2octl */
	struct str client_ip;
	struct str user_agent; /* cut to 255 bytes of valid UTF-8 when stored */
	struct str request_id;
};

/*
 * Adds a row, in the caller's transaction.  `target_id`: the user it was done
 * to, 0 for none.  `detail`: added to the kind's message behind ": "; empty
 * for none; control characters are replaced; cut to what fits.
 */
enum err store_audit_add(struct db *db, const struct audit_origin *origin,
    enum audit_event event, uint64_t target_id, struct str detail,
    int64_t now_us) must_check;

struct store_log {
	uint64_t id;
	int64_t created_us;
	uint64_t actor_id; /* 0: nobody known */
	struct str level;
	struct str event;
	struct str message;
	struct str client_ip;
	struct str user_agent;
	struct str request_id;
	struct str user_email; /* of who did it, or whom it was done to; "" */
};

/* Which rows; what is zero or empty does not narrow. */
struct store_log_filter {
	uint64_t user_id; /* who did it, or whom it was done to */
	struct str level;
	struct str event;
	int64_t from_us;
	int64_t to_us; /* before it */
	struct str q;  /* somewhere in the message */
	uint64_t before_id;
};

/*
 * Newest first, `max` at the most after `offset` that are passed over.  What
 * page one costs a page by before_id costs, however long the log.
 */
enum err store_audit_list(struct db *db, struct arena *arena,
    const struct store_log_filter *filter, uint64_t offset, size_t max,
    struct store_log **ret_list, size_t *ret_n) must_check;

/* How many there are, before_id aside, but no more than `max`. */
enum err store_audit_count(struct db *db, struct arena *arena,
    const struct store_log_filter *filter, uint64_t max,
    uint64_t *ret_n) must_check;

extern const struct db_stmt store_audit_statements[];
extern const size_t store_audit_n_statements;

#endif
