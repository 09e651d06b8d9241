/* What the files of auth/login share; nobody else's business. */
#ifndef T2O_AUTH_LOGIN_PRIVATE_H
#define T2O_AUTH_LOGIN_PRIVATE_H

#include "auth/factor.h"
#include "auth/login.h"
#include "auth/throttle.h"

/* One try, as its steps fill it in. */
struct auth_login_try {
	const struct auth_context *context;
	const struct auth_login *login;
	struct str address;	 /* throttle key of the client; by password */
	enum throttle_kind kind; /* whose failures count; by password */
	struct str key;

	struct store_login found;	  /* user.id 0: nobody */
	struct secret_str rehash;	  /* p NULL: the stored one will do */
	struct store_challenge challenge; /* that is answered; id 0: none */
	struct auth_factor factor;	  /* kind 0: none was shown */
	struct auth_login_result result;
};

/* ---- login_code.c ---- */

/*
 * Looks at the code that came with the try, which becomes t->factor; or
 * t->result says what was wrong with it, and that has been audited.
 * ERR_NOT_FOUND when the challenge has no tries left.
 */
enum err auth_login_check_code(struct auth_login_try *t) must_check;

/* The second half of a login: a challenge and its code. */
enum err auth_login_by_challenge(struct auth_login_try *t) must_check;

/* ---- login_enter.c ---- */

/*
 * The end of a try in which all is right that was shown: in one transaction it
 * begins a session, or a challenge where a code is missing, or says why not.
 * ERR_CONFLICT when the password is not the one any more that was verified.
 */
enum err auth_login_enter(struct auth_login_try *t) must_check;

/* Audits that a try ended early. */
enum err auth_login_block(const struct auth_login_try *t,
    const char *why) must_check;

#endif
