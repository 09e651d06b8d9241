/* A new SECRET_KEY: what was sealed under the old one, sealed anew. */
#ifndef T2O_AUTH_RESEAL_H
#define T2O_AUTH_RESEAL_H

#include "auth/context.h"

struct auth_reseal_result {
	uint64_t n_sealed; /* that were under the old key */
	uint64_t n_failed; /* that no configured key opens; each is logged */
};

/*
 * Goes through all TOTP secrets, one by one, while the workers go on: `keys`
 * are theirs, both of which they know.  One that a user replaces meanwhile is
 * left as it is.  Can be run again at any time.  Audited.
 */
enum err auth_reseal_all(const struct auth_context *context,
    const struct config *keys, struct auth_reseal_result *ret) must_check;

#endif
