#include "core/base.h"

#include <gcrypt.h>

#include "core/crypto.h"

/* RFC 9106 section 3.1 */
#define LANES_MAX 0xffffff
#define SALT_MIN 8

/* libgcrypt has scrypt with this block size and no other. */
#define SCRYPT_R 8
#define SCRYPT_MEMORY_MAX ((uint64_t)64 << 20)

static enum err from_gcrypt(gcry_error_t e)
{
	switch (gcry_err_code(e)) {
	case GPG_ERR_NO_ERROR:
		return OK;
	case GPG_ERR_ENOMEM:
		return ERR_UNAVAILABLE;
	case GPG_ERR_INV_ARG:
	case GPG_ERR_INV_DATA:
	case GPG_ERR_INV_VALUE:
		return ERR_INVALID;
	default:
		return ERR_INTERNAL;
	}
}

/* libgcrypt refuses NULL, also where there are no bytes to point to. */
static const char *bytes_of(struct secret_str s)
{
	return s.p != NULL ? s.p : "";
}

enum err crypto_argon2id(struct secret_str password, const void *salt,
    size_t salt_len, uint32_t memory_kib, uint32_t passes, uint32_t lanes,
    struct digest *ret)
{
	const unsigned long params[] = {sizeof(ret->byte), passes, memory_kib,
	    lanes};
	struct digest tag;
	gcry_kdf_hd_t kdf;
	gcry_error_t e;

	/* libgcrypt raises a short memory by itself: a hash of other cost */
	if (lanes < 1 || lanes > LANES_MAX || passes < 1 ||
	    memory_kib / 8 < lanes || memory_kib > CRYPTO_ARGON2_KIB_MAX ||
	    salt_len < SALT_MIN)
		return ERR_INVALID;
	e = gcry_kdf_open(&kdf, GCRY_KDF_ARGON2, GCRY_KDF_ARGON2ID, params,
	    ARRAY_LEN(params), bytes_of(password), password.len, salt, salt_len,
	    NULL, 0, NULL, 0);
	if (e != 0)
		return from_gcrypt(e);
	e = gcry_kdf_compute(kdf, NULL);
	if (e == 0)
		e = gcry_kdf_final(kdf, sizeof(tag.byte), tag.byte);
	gcry_kdf_close(kdf);
	if (e == 0)
		*ret = tag;
	crypto_wipe(&tag, sizeof(tag));
	return from_gcrypt(e);
}

enum err crypto_pbkdf2_sha256(struct secret_str password, const void *salt,
    size_t salt_len, uint32_t iterations, void *out, size_t out_len)
{
	return from_gcrypt(
	    gcry_kdf_derive(bytes_of(password), password.len, GCRY_KDF_PBKDF2,
		GCRY_MD_SHA256, salt, salt_len, iterations, out_len, out));
}

enum err crypto_scrypt(struct secret_str password, const void *salt,
    size_t salt_len, uint64_t n, uint32_t r, uint32_t p, void *out,
    size_t out_len)
{
	if (n < 2 || (n & (n - 1)) != 0 || r != SCRYPT_R || p < 1)
		return ERR_INVALID;
	if (n > SCRYPT_MEMORY_MAX || 128 * r * (n + p) > SCRYPT_MEMORY_MAX)
		return ERR_LIMIT;
	return from_gcrypt(gcry_kdf_derive(bytes_of(password), password.len,
	    GCRY_KDF_SCRYPT, (int)n, salt, salt_len, p, out_len, out));
}
