/* Logging in: with a password, and a code where a second factor is on. */
#ifndef T2O_AUTH_LOGIN_H
#define T2O_AUTH_LOGIN_H

#include "auth/context.h"
#include "auth/device.h"
#include "core/crypto.h"
#include "store/session.h"

/*
 * Name and password, perhaps with the code at once; or the challenge that such
 * a try has left, and the code.
 */
struct auth_login {
	struct str username_or_email;
	struct secret_str password;
	struct str challenge;		   /* empty: none */
	struct secret_str code;		   /* p NULL: none */
	const struct store_principal *old; /* session to end, or NULL */
	struct auth_device device;	   /* that it is tried from */
};

enum auth_login_outcome {
	AUTH_LOGIN_GRANTED = 1,
	AUTH_LOGIN_INVALID, /* unknown, or wrong password: nobody is told which
			     */
	/* Only after a right password: */
	AUTH_LOGIN_UNVERIFIED,
	AUTH_LOGIN_DISABLED,
	AUTH_LOGIN_TWOFA, /* it takes a code as well */
	AUTH_LOGIN_BAD_CODE,
	AUTH_LOGIN_OVER, /* the challenge is: from the start, please */
	AUTH_LOGIN_THROTTLED,
};

struct auth_login_result {
	enum auth_login_outcome outcome;
	int64_t wait_s; /* AUTH_LOGIN_THROTTLED: till the next try */
	/* AUTH_LOGIN_TWOFA: */
	struct secret challenge; /* the caller wipes it */
	bool mailed;		 /* a code is on its way */
	/* AUTH_LOGIN_GRANTED: */
	struct secret session_id; /* the caller wipes it */
	struct store_principal principal;
};

/*
 * One try.  Wrong passwords count against the name that was typed, or against
 * the device when its user has that name, and against the client's address,
 * wrong codes against the user (auth/throttle.h).  A right one begins a new
 * session, and forgets the user's failures; a right password replaces an
 * outdated hash.
 *
 * A challenge lives for ten minutes and takes five codes.  A changed password
 * ends it: whoever began it has shown the old one.
 */
enum err auth_login(const struct auth_context *context,
    const struct auth_login *login, struct auth_login_result *ret) must_check;

#endif
