/* How an account ends. */
#ifndef T2O_AUTH_ERASE_H
#define T2O_AUTH_ERASE_H

#include "auth/context.h"
#include "core/crypto.h"
#include "store/session.h"

enum auth_erase_outcome {
	AUTH_ERASE_DONE = 1,
	AUTH_ERASE_WRONG_PASSWORD,
	AUTH_ERASE_THROTTLED,
	AUTH_ERASE_LAST_ADMIN, /* auth/access.h */
};

struct auth_erase_result {
	enum auth_erase_outcome outcome;
	int64_t wait_s; /* AUTH_ERASE_THROTTLED: till the next try */
};

/*
 * Erases the principal's own account, for their password: all that is stored
 * about them but the audit rows, which hold ids.  Mail that waits to be sent
 * to them is gone too; one that says good-bye is queued.  ERR_NOT_FOUND when
 * the account is gone already.
 */
enum err auth_erase(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str password,
    struct auth_erase_result *ret) must_check;

#endif
