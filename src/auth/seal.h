/*
 * What must be read again, such as a TOTP secret, sealed for one user under a
 * key that the database does not hold:
 *
 *	$aes256gcm$<key id>$<nonce, text and tag in base64>
 *
 * The key is derived from SECRET_KEY, and its id from the same, so that a
 * sealed text says which of SECRET_KEY and SECRET_KEY_OLD opens it.
 */
#ifndef T2O_AUTH_SEAL_H
#define T2O_AUTH_SEAL_H

#include "core/buf.h"
#include "core/config.h"
#include "core/crypto.h"

/* Of what is sealed, and of the text that comes of it. */
#define AUTH_SEAL_BYTES_MAX 64
#define AUTH_SEAL_LEN_MAX 255

/*
 * Seals 1 … AUTH_SEAL_BYTES_MAX bytes under SECRET_KEY into *out, initialised
 * by the caller for AUTH_SEAL_LEN_MAX.  `purpose`: what they are; opens only
 * as the same, and for the same user.
 */
enum err auth_seal_put(const struct config *config, const char *purpose,
    uint64_t user_id, const void *bytes, size_t len,
    struct buf *out) must_check;

/*
 * Exactly `len` bytes.  ERR_INTERNAL, logged, when it was sealed under a key
 * that is not configured, or is not what was sealed: nobody gets in by it.
 */
enum err auth_seal_open(const struct config *config, const char *purpose,
    uint64_t user_id, struct secret_str sealed, void *out,
    size_t len) must_check;

/* Whether it is sealed under another key than SECRET_KEY. */
bool auth_seal_outdated(const struct config *config, struct secret_str sealed);

#endif
