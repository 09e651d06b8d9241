/* Bytes as text: hex, and base32 and base64 as RFC 4648 has them. */
#include "core/base.h"

#include "core/str.h"

static const char hex_digits[] = "0123456789abcdef";

void hex_encode(const void *bytes, size_t len, char *out)
{
	const unsigned char *in = bytes;

	for (size_t i = 0; i < len; i++) {
		*out++ = hex_digits[in[i] >> 4];
		*out++ = hex_digits[in[i] & 15];
	}
	*out = '\0';
}

/* -1 when `c` is no hex digit. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum err hex_decode(struct str s, void *out, size_t len)
{
	unsigned char *to = out;

	if (s.len % 2 != 0 || s.len / 2 != len)
		return ERR_INVALID;
	/* Look at everything first: `out` stays untouched on failure. */
	for (size_t i = 0; i < s.len; i++)
		if (hex_value(s.p[i]) < 0)
			return ERR_INVALID;
	for (size_t i = 0; i < len; i++)
		to[i] = (unsigned char)(hex_value(s.p[2 * i]) << 4 |
		    hex_value(s.p[2 * i + 1]));
	return OK;
}

#define ALPHANUMERIC                                                           \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char standard[] = ALPHANUMERIC "+/";		 /* section 4 */
static const char url_safe[] = ALPHANUMERIC "-_";		 /* section 5 */
static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; /* section 6 */

/*
 * Both directions are one loop: bits go in at the low end of a small store
 * and leave it at the high end, eight at one side and six (or, in base32, five)
 * at the other.
 */
static void encode(const char *alphabet, unsigned n_bits_each,
    const void *bytes, size_t len, char *out)
{
	const unsigned char *in = bytes;
	uint32_t mask = (1u << n_bits_each) - 1;
	uint32_t store = 0;
	unsigned n_bits = 0;

	for (size_t i = 0; i < len; i++) {
		store = store << 8 | in[i];
		n_bits += 8;
		while (n_bits >= n_bits_each) {
			n_bits -= n_bits_each;
			*out++ = alphabet[store >> n_bits & mask];
		}
	}
	if (n_bits > 0)
		*out++ = alphabet[store << (n_bits_each - n_bits) & mask];
	*out = '\0';
}

/* -1 when `c` is not in the alphabet. */
static int value(const char *alphabet, char c)
{
	const char *at = memchr(alphabet, c, 64);

	return at == NULL ? -1 : (int)(at - alphabet);
}

static bool well_formed(const char *alphabet, struct str s)
{
	int last = 0;

	for (size_t i = 0; i < s.len; i++) {
		last = value(alphabet, s.p[i]);
		if (last < 0)
			return false;
	}
	/* The spare bits of the last character, section 3.5. */
	switch (s.len % 4) {
	case 2:
		return (last & 15) == 0;
	case 3:
		return (last & 3) == 0;
	default:
		return s.len % 4 == 0;
	}
}

static enum err decode(const char *alphabet, struct str s, void *out,
    size_t len)
{
	unsigned char *to = out;
	uint32_t store = 0;
	unsigned n_bits = 0;

	if (base64_decoded_len(s) != len || !well_formed(alphabet, s))
		return ERR_INVALID;
	for (size_t i = 0; i < s.len; i++) {
		store = store << 6 | (uint32_t)value(alphabet, s.p[i]);
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			*to++ = (unsigned char)(store >> n_bits);
		}
	}
	return OK;
}

size_t base64_decoded_len(struct str s)
{
	return s.len / 4 * 3 + s.len % 4 * 3 / 4;
}

void base64_encode(const void *bytes, size_t len, char *out)
{
	encode(standard, 6, bytes, len, out);
}

enum err base64_decode(struct str s, void *out, size_t len)
{
	return decode(standard, s, out, len);
}

void base64url_encode(const void *bytes, size_t len, char *out)
{
	encode(url_safe, 6, bytes, len, out);
}

enum err base64url_decode(struct str s, void *out, size_t len)
{
	return decode(url_safe, s, out, len);
}

void base32_encode(const void *bytes, size_t len, char *out)
{
	encode(base32, 5, bytes, len, out);
}
