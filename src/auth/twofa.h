/*
 * Turning the second factor on and off.
 *
 * A secret is handed out pending, and nothing changes until a code of it has
 * been shown.  Other sessions go on: whoever changes this has proved who they
 * are a moment ago, is told that it was changed, and can end them
 * (auth/session.h).  Logins that wait for a code do not.
 */
#ifndef T2O_AUTH_TWOFA_H
#define T2O_AUTH_TWOFA_H

#include "auth/context.h"
#include "auth/recovery.h"
#include "core/crypto.h"
#include "store/user.h"

enum auth_twofa_outcome {
	AUTH_TWOFA_DONE = 1,
	AUTH_TWOFA_BAD_CODE, /* wrong, used, or there is nothing to show it for
			      */
	AUTH_TWOFA_ON_ALREADY,
	AUTH_TWOFA_THROTTLED,
};

struct auth_twofa_result {
	enum auth_twofa_outcome outcome;
	int64_t wait_s; /* AUTH_TWOFA_THROTTLED: till the next try */
	/* AUTH_TWOFA_DONE, where there are new ones; the caller wipes. */
	struct auth_recovery_codes codes;
};

/*
 * A pending secret in place of an earlier one, as an otpauth URI in *uri
 * (auth/totp.h).  AUTH_TWOFA_DONE or AUTH_TWOFA_ON_ALREADY.
 */
enum err auth_twofa_begin(const struct auth_context *context,
    const struct store_user *user, struct buf *uri,
    enum auth_twofa_outcome *ret_outcome) must_check;

/* On, by a code of the pending secret; new recovery codes. */
enum err auth_twofa_enable(const struct auth_context *context,
    const struct store_user *user, struct secret_str code,
    struct auth_twofa_result *ret) must_check;

/* Off, by a code or recovery code. */
enum err auth_twofa_disable(const struct auth_context *context,
    const struct store_user *user, struct secret_str code,
    struct auth_twofa_result *ret) must_check;

/* New recovery codes in place of the old, by a code or one of the old. */
enum err auth_twofa_renew_codes(const struct auth_context *context,
    const struct store_user *user, struct secret_str code,
    struct auth_twofa_result *ret) must_check;

/*
 * Off without a code, in the transaction of an administrator (auth/admin.h)
 * who helps somebody who has lost them all; they are told.  ERR_NOT_FOUND when
 * it is not on.
 */
enum err auth_twofa_remove(const struct auth_context *context,
    const struct store_user *user) must_check;

#endif
