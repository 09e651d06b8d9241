/*
 * Slices: bytes that somebody else owns, with their length.
 *
 * Input is never trusted to end in NUL, so it travels as a slice; numbers,
 * hex and base64url are parsed from slices whole, and trailing bytes are an
 * error.
 */
#ifndef T2O_CORE_STR_H
#define T2O_CORE_STR_H

#include "core/err.h"

struct str {
	const char *p; /* NULL only where len is 0 */
	size_t len;    /* bytes */
};

/* A string literal as a slice. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).p

/* A NUL-terminated string as a slice; NULL gives the empty one. */
struct str str_of(const char *z);

bool str_eq(struct str a, struct str b);

/* ASCII case is ignored; other bytes must be the same. */
bool str_eq_nocase(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str needle);

/* Without spaces, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);

/*
 * Takes what stands before the first `sep` off *rest, which then begins
 * behind it.  Without `sep`, all of *rest is taken.  False once *rest is used
 * up (its p is then NULL): `while (str_next(&rest, ';', &part))`.  An empty
 * slice with p set yields one empty part.
 */
bool str_next(struct str *rest, char sep, struct str *ret_part);

/*
 * Takes what stands before the first `mark` off *rest, and the mark with it.
 * False, and nothing is taken, when there is none.
 */
bool str_take_until(struct str *rest, struct str mark, struct str *ret);

/* Without its first `n` bytes, of which there must be so many. */
struct str str_skip(struct str s, size_t n);

/*
 * Splits at the first `sep`.  False, and nothing is set, when there is none.
 */
bool str_split(struct str s, char sep, struct str *ret_left,
    struct str *ret_right);

/* Decimal digits alone: no sign, no space.  ERR_INVALID, also above `max`. */
enum err str_to_u64(struct str s, uint64_t max, uint64_t *ret_n) must_check;

/* Room for any uint64_t in decimal digits, with the NUL. */
#define STR_U64_LEN 21

/* `n` in decimal, NUL-terminated; the slice points into `storage`. */
struct str str_u64(uint64_t n, char storage[STR_U64_LEN]);

/* Room for what hex_encode and base64url_encode write, with the NUL. */
#define HEX_LEN(bytes) (2 * (bytes) + 1)
#define BASE64URL_LEN(bytes) (((bytes)*4 + 2) / 3 + 1)

/* Lower-case hex with a NUL.  `out` has HEX_LEN(len) bytes. */
void hex_encode(const void *bytes, size_t len, char *out);

/* Exactly `len` bytes from 2 * len digits of either case; else ERR_INVALID. */
enum err hex_decode(struct str s, void *out, size_t len) must_check;

/* RFC 4648 section 5 without padding, with a NUL.  `out` has BASE64URL_LEN. */
void base64url_encode(const void *bytes, size_t len, char *out);

/*
 * Exactly `len` bytes; ERR_INVALID on another length, a foreign character,
 * padding, or spare bits that are not zero (so that one value has one form).
 */
enum err base64url_decode(struct str s, void *out, size_t len) must_check;

/* RFC 4648 section 4 without padding, as PHC strings have it; same rules. */
void base64_encode(const void *bytes, size_t len, char *out);
enum err base64_decode(struct str s, void *out, size_t len) must_check;

/* Room for what base32_encode writes, with the NUL. */
#define BASE32_LEN(bytes) (((bytes)*8 + 4) / 5 + 1)

/* RFC 4648 section 6 without padding, with a NUL. */
void base32_encode(const void *bytes, size_t len, char *out);

/* How many bytes `s` decodes to in base64 without padding. */
size_t base64_decoded_len(struct str s);

#endif
