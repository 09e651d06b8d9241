/*
 * Everything cryptographic, and the only user of libgcrypt.
 *
 * Secrets have types of their own: they do not fit a log field or a printf,
 * are compared in constant time and wiped by whoever holds them.
 */
#ifndef T2O_CORE_CRYPTO_H
#define T2O_CORE_CRYPTO_H

#include "core/str.h"

/* 256 random or derived bits: a session id, a mail token, a key. */
struct secret {
	unsigned char byte[32];
};

/* SHA-256 or HMAC-SHA-256 output; may be stored. */
struct digest {
	unsigned char byte[32];
};

/* Text that must not be seen, such as a password; not NUL-terminated. */
struct secret_str {
	const char *p;
	size_t len;
};

/* base64url of a secret, without the NUL. */
#define SECRET_TEXT_LEN 43

/* Once, before anything else here; ERR_INTERNAL on an unfit libgcrypt. */
enum err crypto_init(void) must_check;

void crypto_wipe(void *p, size_t len);

/* Aborts when the system has no randomness to give. */
void crypto_random(void *p, size_t len);

/* 0 … n - 1, each as likely; `n` is not 0. */
uint32_t crypto_random_below(uint32_t n);

/* True when the bytes are the same; takes a time that tells only `len`. */
bool crypto_equal(const void *a, const void *b, size_t len);

void secret_new(struct secret *ret);
enum err secret_parse(struct str base64url, struct secret *ret) must_check;
void secret_text(const struct secret *s, char out[SECRET_TEXT_LEN + 1]);

/* What the database holds in place of a 256-bit secret: SHA-256, unsalted. */
void secret_digest(const struct secret *s, struct digest *ret);

void crypto_sha256(const void *p, size_t len, struct digest *ret);

/* RFC 2104 with SHA-256. */
void crypto_hmac(struct secret_str key, const void *p, size_t len,
    struct digest *ret);

/*
 * A key for one purpose: HMAC-SHA-256 over `label` (RFC 5869's expand step
 * with one block), so that no two uses share a key.
 */
void crypto_derive(struct secret_str master, const char *label,
    struct secret *ret);

/*
 * AES-256 in Galois/Counter Mode (NIST SP 800-38D) under a random nonce: what
 * is sealed can be neither read nor changed, nor put where another context
 * belongs, without the key.  A key may seal 2^32 times (section 8.3).
 */

/* What sealing adds: the nonce before, the tag behind. */
#define CRYPTO_SEAL_EXTRA 28

/* `out` has len + CRYPTO_SEAL_EXTRA bytes; `len` is not 0. */
void crypto_seal(const struct secret *key, struct str context,
    const void *plain, size_t len, void *out);

/*
 * Exactly `len` bytes into `out`.  ERR_INVALID when they are not what was
 * sealed under this key and context; `out` is wiped then.
 */
enum err crypto_open(const struct secret *key, struct str context,
    const void *sealed, size_t sealed_len, void *out, size_t len) must_check;

/*
 * Key derivation.  The parameters may come from a stored hash, so what is out
 * of bounds is an error; ERR_UNAVAILABLE when memory is short.
 */

/* More than this for one hash is a mistake: 1 GiB. */
#define CRYPTO_ARGON2_KIB_MAX 1048576

/*
 * HMAC-SHA-256 under the key derived for `label`: a proof that we have said
 * this, for which nothing needs to be stored.
 */
void crypto_mac(struct secret_str master, const char *label, const void *p,
    size_t len, struct secret *ret);

/* Whether `text` is that proof, as base64url; constant time over its bytes. */
bool crypto_mac_fits(struct secret_str master, const char *label, const void *p,
    size_t len, struct str text);

/*
 * RFC 9106, version 0x13, with a tag of 32 bytes, at least 8 bytes of salt
 * and 8 * lanes ≤ `memory_kib` ≤ CRYPTO_ARGON2_KIB_MAX; else ERR_INVALID.
 * So is an empty password, which libgcrypt does not take here.
 */
enum err crypto_argon2id(struct secret_str password, const void *salt,
    size_t salt_len, uint32_t memory_kib, uint32_t passes, uint32_t lanes,
    struct digest *ret) must_check;

/* RFC 8018 with HMAC-SHA-256.  ERR_INVALID without salt or iterations. */
enum err crypto_pbkdf2_sha256(struct secret_str password, const void *salt,
    size_t salt_len, uint32_t iterations, void *out, size_t out_len) must_check;

/*
 * RFC 7914.  ERR_INVALID when `n` is not a power of two or `r` is not 8, the
 * only block size libgcrypt has (and werkzeug writes); ERR_LIMIT when it would
 * take more than 64 MiB.
 */
enum err crypto_scrypt(struct secret_str password, const void *salt,
    size_t salt_len, uint64_t n, uint32_t r, uint32_t p, void *out,
    size_t out_len) must_check;

#endif
