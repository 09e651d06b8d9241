/*
 * A code of a second factor: an authenticator's six digits, six that were
 * mailed for one login, or a recovery code.
 *
 * A code is looked at first, which may take a while, and then spent in the
 * transaction that it is for: of many who show the same one exactly one gets
 * in (ASVS 6.5.1).
 */
#ifndef T2O_AUTH_FACTOR_H
#define T2O_AUTH_FACTOR_H

#include "auth/context.h"
#include "core/crypto.h"
#include "store/challenge.h"
#include "store/totp.h"
#include "store/user.h"

enum auth_factor_kind {
	AUTH_FACTOR_TOTP = 1,
	AUTH_FACTOR_MAILED,
	AUTH_FACTOR_RECOVERY, /* if there is such a code: spending tells */
};

/* What a code turned out to be. */
struct auth_factor {
	enum auth_factor_kind kind; /* 0: wrong */
	struct secret_str sealed;   /* TOTP: of which secret */
	uint64_t step;		    /* and which step */
	struct digest recovery;
};

/*
 * Takes a try before a code is looked at, so that many at once cannot have
 * more than the five in 15 minutes that a user is given, whatever the codes
 * are for (ASVS 6.6.3).  *ret_wait_s: 0, or how long to wait for the next; a
 * refusal has been audited then.
 */
enum err auth_factor_take(const struct auth_context *context, uint64_t user_id,
    int64_t *ret_wait_s) must_check;

/*
 * Takes a try, also of the login that waits (NULL: none, and then no mailed
 * code is taken), and looks at the code.  ERR_NOT_FOUND when that login has
 * none left.
 */
enum err auth_factor_try(const struct auth_context *context, uint64_t user_id,
    const struct store_challenge *challenge, struct secret_str code,
    struct auth_factor *ret, int64_t *ret_wait_s) must_check;

/* The step of a six-digit code; 0: it is not one of this secret's now. */
enum err auth_factor_match(const struct auth_context *context,
    const struct store_totp *totp, struct secret_str code,
    uint64_t *ret_step) must_check;

/*
 * Spends it in the caller's transaction, and forgets the tries.  ERR_DENIED
 * when it has been spent before, or is of a secret that is gone.  That a
 * recovery code was used is told to the user.
 */
enum err auth_factor_spend(const struct auth_context *context,
    const struct store_user *user, const struct auth_factor *factor) must_check;

/* Audits that a code was wrong or used. */
enum err auth_factor_refuse(const struct auth_context *context,
    uint64_t user_id) must_check;

#endif
