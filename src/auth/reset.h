/* A forgotten password: a link by mail, and a new one for it. */
#ifndef T2O_AUTH_RESET_H
#define T2O_AUTH_RESET_H

#include "auth/context.h"
#include "core/crypto.h"

/* Queues the mail if the address has an account; the caller is not told. */
enum err auth_reset_ask(const struct auth_context *context,
    struct str email) must_check;

struct auth_reset {
	struct secret token;
	struct str email; /* empty, or it must be the user's */
	struct secret_str password;
};

enum auth_reset_outcome {
	AUTH_RESET_DONE = 1,
	AUTH_RESET_BAD_TOKEN,
	/* And the token can still be used: */
	AUTH_RESET_PASSWORD_LENGTH,
	AUTH_RESET_PASSWORD_WEAK,
};

/*
 * Sets a new password for a token.  All sessions end, failures are forgotten,
 * the user is told by mail, and the address counts as confirmed: the link
 * went there.  A second factor is not touched (ASVS 6.4.3).
 */
enum err auth_reset(const struct auth_context *context,
    const struct auth_reset *reset, enum auth_reset_outcome *ret_outcome,
    const char **ret_why) must_check;

#endif
