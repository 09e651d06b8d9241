/* Logging in with a password. */
#ifndef T2O_AUTH_LOGIN_H
#define T2O_AUTH_LOGIN_H

#include "auth/context.h"
#include "core/crypto.h"
#include "store/session.h"

struct auth_login {
	struct str username_or_email;
	struct secret_str password;
	const struct store_principal *old; /* session to end, or NULL */
};

enum auth_login_outcome {
	AUTH_LOGIN_GRANTED = 1,
	AUTH_LOGIN_INVALID, /* unknown, or wrong password: nobody is told which
			     */
	/* Only after a right password: */
	AUTH_LOGIN_UNVERIFIED,
	AUTH_LOGIN_DISABLED,
	AUTH_LOGIN_TWOFA, /* and nothing here can check a second factor */
	AUTH_LOGIN_THROTTLED,
};

struct auth_login_result {
	enum auth_login_outcome outcome;
	int64_t wait_s; /* AUTH_LOGIN_THROTTLED: till the next try */
	/* AUTH_LOGIN_GRANTED: */
	struct secret session_id; /* the caller wipes it */
	struct store_principal principal;
};

/*
 * One try.  Wrong ones count against the name that was typed and against the
 * client's address (auth/throttle.h).  A right one begins a new session,
 * replaces an outdated hash, and forgets the name's failures.
 */
enum err auth_login(const struct auth_context *context,
    const struct auth_login *login, struct auth_login_result *ret) must_check;

#endif
