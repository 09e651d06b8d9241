/* Second factors of the tests' people, with an authenticator of their own. */
#ifndef T2O_TESTS_API_FACTOR_H
#define T2O_TESTS_API_FACTOR_H

#include "account.h"

#define RECOVERY_CODES 10

struct factor {
	const char *secret; /* base32, as in the URI */
	const char *recovery[RECOVERY_CODES];
};

/* The secret of a new URI; nothing is on yet. */
const char *factor_ask(struct client *c);

/* Turns it on, with a code of the present step, which is used up. */
struct factor factor_enable(struct client *c);

/* The code of the step that is `steps` from now. */
const char *factor_code(const char *secret, int steps);

/* One that is wrong now. */
const char *factor_wrong_code(const char *secret);

/* Forgets which steps were used, as if half a minute had passed. */
void factor_forget_steps(const struct account *a);

/* Bodies: {"enabled":…,"token":…}, {"token":…}, {"challenge":…,"token":…} */
char *factor_update_body(bool enabled, const char *token);
char *factor_token_body(const char *token);
char *factor_login_body(const char *challenge, const char *token);

#endif
