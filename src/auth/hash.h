/*
 * Password hashes: Argon2id as a PHC string for all that is written; foreign
 * ones that an imported user brings are verified, and replaced at that login.
 *
 *	$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>	ours
 *	pbkdf2:sha256:600000$<salt>$<hex>		werkzeug
 *	scrypt:32768:8:1$<salt>$<hex>			werkzeug
 */
#ifndef T2O_AUTH_HASH_H
#define T2O_AUTH_HASH_H

#include "core/buf.h"
#include "core/config.h"
#include "core/crypto.h"

#define AUTH_HASH_LEN_MAX 512

/*
 * Hashes with a fresh salt at config's cost into *out (initialised by the
 * caller for AUTH_HASH_LEN_MAX).  ERR_UNAVAILABLE when memory is short.
 */
enum err auth_hash_new(const struct config *config, struct secret_str password,
    struct buf *out) must_check;

/*
 * Whether `password` is the one behind `stored`.  ERR_INTERNAL, logged, for a
 * hash of no known form: nobody gets in by it.
 */
enum err auth_hash_verify(struct secret_str stored, struct secret_str password,
    bool *ret_match) must_check;

/*
 * Costs what verifying one of our own hashes costs, and matches nothing: for
 * names that nobody has, so that time does not tell (OWASP ASVS 6.3.8).
 */
enum err auth_hash_verify_nobody(const struct config *config,
    struct secret_str password) must_check;

/* Whether two stored hashes are the same one. */
bool auth_hash_same(struct secret_str a, struct secret_str b);

/* Whether it should be replaced: foreign, or cheaper than config asks for. */
bool auth_hash_outdated(const struct config *config, struct secret_str stored);

#endif
