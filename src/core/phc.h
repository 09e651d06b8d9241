/*
 * Slow salted hashes of what people choose or type: Argon2id (RFC 9106) as a
 * PHC string,
 *
 *	$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>
 *
 * at the cost that ARGON2_MEMORY_KIB and ARGON2_PASSES name.
 */
#ifndef T2O_CORE_PHC_H
#define T2O_CORE_PHC_H

#include "core/buf.h"
#include "core/config.h"
#include "core/crypto.h"

#define PHC_LEN_MAX 255

/*
 * Hashes with a fresh salt at config's cost into *out (initialised by the
 * caller for PHC_LEN_MAX).  ERR_INVALID for an empty password; ERR_UNAVAILABLE
 * when memory is short.
 */
enum err phc_new(const struct config *config, struct secret_str password,
    struct buf *out) must_check;

/*
 * Whether `password` is the one behind `stored`.  ERR_INVALID when that is no
 * such string, or asks for more than anybody meant; ERR_UNAVAILABLE.
 */
enum err phc_verify(struct secret_str stored, struct secret_str password,
    bool *ret_match) must_check;

/* Costs what verifying costs, and matches nothing. */
enum err phc_verify_nobody(const struct config *config,
    struct secret_str password) must_check;

/* Whether it is no such string, or cheaper than config asks for. */
bool phc_outdated(const struct config *config, struct secret_str stored);

#endif
