/* How an account comes to be: sign-up, and the proof of its address. */
#ifndef T2O_AUTH_ACCOUNT_H
#define T2O_AUTH_ACCOUNT_H

#include "auth/context.h"
#include "auth/policy.h"
#include "core/crypto.h"

struct auth_signup {
	struct auth_person person; /* checked by policy.h's rules */
	struct secret_str password;
};

enum auth_signup_outcome {
	AUTH_SIGNUP_ACCEPTED = 1, /* also when the address has an account */
	AUTH_SIGNUP_USERNAME_TAKEN,
	AUTH_SIGNUP_PASSWORD_LENGTH,
	AUTH_SIGNUP_PASSWORD_WEAK,
};

/*
 * Makes an unverified user with the default role, and queues the mail that
 * verifies the address.  For an address that has an account the outcome and
 * the time are the same, and its owner is told by mail instead.
 * `ret_why`: a sentence about the password, when that was the reason.
 */
enum err auth_account_signup(const struct auth_context *context,
    const struct auth_signup *signup, enum auth_signup_outcome *ret_outcome,
    const char **ret_why) must_check;

/* ERR_NOT_FOUND for a token that cannot be redeemed (store/token.h). */
enum err auth_account_verify(const struct auth_context *context,
    const struct secret *token) must_check;

/*
 * Queues another verification mail if the address has an account that needs
 * one; the caller is not told.
 */
enum err auth_account_resend(const struct auth_context *context,
    struct str email) must_check;

#endif
