#include "core/base.h"

#include <gcrypt.h>

#include "core/crypto.h"

#define NONCE_LEN 12 /* SP 800-38D section 8.2.2 */
#define TAG_LEN 16
_Static_assert(NONCE_LEN + TAG_LEN == CRYPTO_SEAL_EXTRA, "see crypto.h");

/* Ready for the bytes themselves.  Nothing here depends on input. */
static gcry_cipher_hd_t begin(const struct secret *key,
    const unsigned char nonce[NONCE_LEN], struct str context)
{
	gcry_cipher_hd_t cipher;

	ensure(gcry_cipher_open(&cipher, GCRY_CIPHER_AES256,
		   GCRY_CIPHER_MODE_GCM, 0) == 0);
	ensure(gcry_cipher_setkey(cipher, key->byte, sizeof(key->byte)) == 0);
	ensure(gcry_cipher_setiv(cipher, nonce, NONCE_LEN) == 0);
	if (context.len > 0)
		ensure(gcry_cipher_authenticate(cipher, context.p,
			   context.len) == 0);
	return cipher;
}

void crypto_seal(const struct secret *key, struct str context,
    const void *plain, size_t len, void *out)
{
	unsigned char *nonce = out;
	unsigned char *text = nonce + NONCE_LEN;
	gcry_cipher_hd_t cipher;

	ensure(len > 0);
	crypto_random(nonce, NONCE_LEN);
	cipher = begin(key, nonce, context);
	ensure(gcry_cipher_final(cipher) == 0);
	ensure(gcry_cipher_encrypt(cipher, text, len, plain, len) == 0);
	ensure(gcry_cipher_gettag(cipher, text + len, TAG_LEN) == 0);
	gcry_cipher_close(cipher);
}

enum err crypto_open(const struct secret *key, struct str context,
    const void *sealed, size_t sealed_len, void *out, size_t len)
{
	const unsigned char *nonce = sealed;
	const unsigned char *text = nonce + NONCE_LEN;
	gcry_cipher_hd_t cipher;
	bool good;

	if (len == 0 || sealed_len != len + CRYPTO_SEAL_EXTRA)
		return ERR_INVALID;
	cipher = begin(key, nonce, context);
	good = gcry_cipher_final(cipher) == 0 &&
	    gcry_cipher_decrypt(cipher, out, len, text, len) == 0 &&
	    gcry_cipher_checktag(cipher, text + len, TAG_LEN) == 0;
	gcry_cipher_close(cipher);
	if (good)
		return OK;
	/* Nobody gets to see what was not meant. */
	crypto_wipe(out, len);
	return ERR_INVALID;
}
