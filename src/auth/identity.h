/*
 * Somebody who is logged in proves again who they are (NIST SP 800-63B
 * section 7.2, ASVS 7.5.1), and changes their password.
 *
 * Either gives the session a new id.
 */
#ifndef T2O_AUTH_IDENTITY_H
#define T2O_AUTH_IDENTITY_H

#include "auth/context.h"
#include "core/crypto.h"
#include "store/session.h"

/* How long a proof lasts. */
#define AUTH_IDENTITY_RECENT_S (5 * MINUTE_S)

/* Whether the user of this session has proved it a short while ago. */
bool auth_identity_is_recent(const struct auth_context *context,
    const struct store_principal *principal);

enum auth_identity_outcome {
	AUTH_IDENTITY_PROVEN = 1,
	AUTH_IDENTITY_WRONG,
	AUTH_IDENTITY_BAD_CODE,
	AUTH_IDENTITY_THROTTLED,
	/* The new password, when one was to be set: */
	AUTH_IDENTITY_PASSWORD_LENGTH,
	AUTH_IDENTITY_PASSWORD_WEAK,
};

struct auth_identity_result {
	enum auth_identity_outcome outcome;
	int64_t wait_s;	 /* AUTH_IDENTITY_THROTTLED: till the next try */
	const char *why; /* about the new password */
	struct secret_str verified; /* AUTH_IDENTITY_PROVEN: by this hash */
	struct secret session_id;   /* AUTH_IDENTITY_PROVEN; the caller wipes */
};

/*
 * Wrong passwords are counted by user (auth/throttle.h).  ERR_NOT_FOUND when
 * the session has ended meanwhile.
 */
enum err auth_identity_confirm(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str password,
    struct auth_identity_result *ret) must_check;

/*
 * The same by a code of the second factor, or a recovery code, which is used
 * up; wrong ones are counted as auth/factor.h has it.
 */
enum err auth_identity_confirm_by_code(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str code,
    struct auth_identity_result *ret) must_check;

/*
 * Checks the password alone, for services that want it for an act of their
 * own: ret->session_id is not set, and nothing is changed but the count.
 */
enum err auth_identity_check(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str password,
    struct auth_identity_result *ret) must_check;

/*
 * What such an act begins with in its transaction: takes store_user_lock.
 * ERR_NOT_FOUND when the password is not the one that was verified any more.
 */
enum err auth_identity_hold(const struct auth_context *context,
    const struct store_principal *principal,
    struct secret_str verified) must_check;

/*
 * And may end with: failures are forgotten, and the session has a new id,
 * which the caller wipes.  ERR_NOT_FOUND when the session has ended.
 */
enum err auth_identity_renew(const struct auth_context *context,
    const struct store_principal *principal,
    struct secret *ret_session_id) must_check;

/* By the password, and sets a new one: every other session ends. */
enum err auth_identity_change_password(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str current,
    struct secret_str wanted, struct auth_identity_result *ret) must_check;

#endif
