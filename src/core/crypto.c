#include "core/base.h"

#include <gcrypt.h>

#include "core/crypto.h"

/* The first with Argon2, and the one Debian 12 has. */
#define GCRYPT_MIN "1.10.1"

/* The smallest pool libgcrypt makes; it grows by itself. */
#define SECURE_MEMORY 16384

/* What getentropy(3) gives at once. */
#define ENTROPY_MAX 256

enum err crypto_init(void)
{
	if (gcry_check_version(GCRYPT_MIN) == NULL)
		return ERR_INTERNAL;

	/*
	 * The pool is for the library's own copies of keys.  Where locking
	 * memory is not allowed it still works, and the warning would be a
	 * line on standard error that is not logfmt.
	 */
	gcry_control(GCRYCTL_DISABLE_SECMEM_WARN);
	if (gcry_control(GCRYCTL_INIT_SECMEM, SECURE_MEMORY, 0) != 0)
		return ERR_INTERNAL;
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return ERR_INTERNAL;

	if (gcry_md_test_algo(GCRY_MD_SHA256) != 0)
		return ERR_INTERNAL;
	return OK;
}

void crypto_wipe(void *p, size_t len)
{
	if (len > 0)
		explicit_bzero(p, len);
}

/*
 * The kernel's generator without a pool of our own in between: nothing to
 * seed, nothing that two processes could share after a fork.
 */
void crypto_random(void *p, size_t len)
{
	unsigned char *at = p;

	while (len > 0) {
		size_t n = MIN_OF(len, ENTROPY_MAX);

		ensure(getentropy(at, n) == 0);
		at += n;
		len -= n;
	}
}

uint32_t crypto_random_below(uint32_t n)
{
	/* What is left of 2^32 beyond the last multiple of n is biased. */
	uint32_t least = -n % n;
	uint32_t x;

	ensure(n > 0);
	do
		crypto_random(&x, sizeof(x));
	while (x < least);
	return x % n;
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
	/* volatile: the compiler may not see that it could stop early. */
	const volatile unsigned char *x = a, *y = b;
	unsigned differ = 0;

	for (size_t i = 0; i < len; i++)
		differ |= (unsigned)(x[i] ^ y[i]);
	return differ == 0;
}

void secret_new(struct secret *ret)
{
	crypto_random(ret->byte, sizeof(ret->byte));
}

enum err secret_parse(struct str base64url, struct secret *ret)
{
	return base64url_decode(base64url, ret->byte, sizeof(ret->byte));
}

void secret_text(const struct secret *s, char out[SECRET_TEXT_LEN + 1])
{
	base64url_encode(s->byte, sizeof(s->byte), out);
}

void secret_digest(const struct secret *s, struct digest *ret)
{
	crypto_sha256(s->byte, sizeof(s->byte), ret);
}

void crypto_sha256(const void *p, size_t len, struct digest *ret)
{
	gcry_md_hash_buffer(GCRY_MD_SHA256, ret->byte, p, len);
}

/* libgcrypt only reads what iov points to; its type just cannot say so. */
static gcry_buffer_t part(const void *p, size_t len)
{
	union {
		const void *in;
		void *out;
	} u = {.in = p};

	return (gcry_buffer_t){.size = len, .len = len, .data = u.out};
}

void crypto_hmac(struct secret_str key, const void *p, size_t len,
    struct digest *ret)
{
	const gcry_buffer_t parts[] = {part(key.p, key.len), part(p, len)};

	ensure(gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC,
		   ret->byte, parts, ARRAY_LEN(parts)) == 0);
}

void crypto_derive(struct secret_str master, const char *label,
    struct secret *ret)
{
	static const unsigned char block = 1; /* RFC 5869 section 2.3 */
	const gcry_buffer_t parts[] = {part(master.p, master.len),
	    part(label, strlen(label)), part(&block, sizeof(block))};

	ensure(gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC,
		   ret->byte, parts, ARRAY_LEN(parts)) == 0);
}

void crypto_mac(struct secret_str master, const char *label, const void *p,
    size_t len, struct secret *ret)
{
	struct secret key;
	struct digest mac;

	crypto_derive(master, label, &key);
	crypto_hmac((struct secret_str){(const char *)key.byte,
			sizeof(key.byte)},
	    p, len, &mac);
	memcpy(ret->byte, mac.byte, sizeof(ret->byte));
	crypto_wipe(&key, sizeof(key));
	crypto_wipe(&mac, sizeof(mac));
}

bool crypto_mac_fits(struct secret_str master, const char *label, const void *p,
    size_t len, struct str text)
{
	struct secret given;
	struct secret right;
	bool fits;

	if (secret_parse(text, &given) != OK)
		return false;
	crypto_mac(master, label, p, len, &right);
	fits = crypto_equal(&given, &right, sizeof(given));
	crypto_wipe(&given, sizeof(given));
	crypto_wipe(&right, sizeof(right));
	return fits;
}
