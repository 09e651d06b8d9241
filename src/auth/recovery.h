/*
 * Recovery codes, for whoever has lost the other factor: ten, shown once, each
 * good once.
 *
 * 120 random bits each, so that SHA-256 keeps them (ASVS 6.5.2 asks for a slow
 * salted hash below 112).
 */
#ifndef T2O_AUTH_RECOVERY_H
#define T2O_AUTH_RECOVERY_H

#include "auth/context.h"
#include "core/crypto.h"

#define AUTH_RECOVERY_CODES 10

/* Six groups of four, such as "k7wd-…", with the NUL. */
#define AUTH_RECOVERY_TEXT_LEN 30

struct auth_recovery_codes {
	char text[AUTH_RECOVERY_CODES][AUTH_RECOVERY_TEXT_LEN];
};

/*
 * Ten new ones in place of what there is, in the caller's transaction.  The
 * caller wipes *ret.
 */
enum err auth_recovery_renew(const struct auth_context *context,
    uint64_t user_id, struct auth_recovery_codes *ret) must_check;

/*
 * What is stored of a code, in either case, and with or without hyphens and
 * spaces.  ERR_INVALID when it does not look like one.
 */
enum err auth_recovery_digest(struct secret_str code,
    struct digest *ret) must_check;

#endif
