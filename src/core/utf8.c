#include "core/base.h"

#include "core/utf8.h"

/* RFC 3629 section 3, by the number of continuation bytes. */
static const struct form {
	unsigned char mask, lead; /* first & mask == lead */
	uint32_t min;		  /* less than this is overlong */
} forms[] = {
    {0x80, 0x00, 0x0},
    {0xe0, 0xc0, 0x80},
    {0xf0, 0xe0, 0x800},
    {0xf8, 0xf0, 0x10000},
};

enum err utf8_next(struct str *s, uint32_t *ret_code_point)
{
	unsigned char first;
	uint32_t c;
	size_t n = 0; /* continuation bytes */

	if (s->len == 0)
		return ERR_NOT_FOUND;
	first = (unsigned char)s->p[0];
	while (n < ARRAY_LEN(forms) && (first & forms[n].mask) != forms[n].lead)
		n++;
	if (n == ARRAY_LEN(forms) || n >= s->len)
		return ERR_INVALID;

	c = first & (unsigned char)~forms[n].mask;
	for (size_t i = 1; i <= n; i++) {
		unsigned char next = (unsigned char)s->p[i];

		if ((next & 0xc0) != 0x80)
			return ERR_INVALID;
		c = c << 6 | (next & 0x3f);
	}
	if (c < forms[n].min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return ERR_INVALID;

	s->p += n + 1;
	s->len -= n + 1;
	*ret_code_point = c;
	return OK;
}

bool utf8_valid(struct str s)
{
	return utf8_len(s) != SIZE_MAX;
}

size_t utf8_len(struct str s)
{
	uint32_t c;
	size_t n = 0;
	enum err err;

	while ((err = utf8_next(&s, &c)) == OK)
		n++;
	return err == ERR_NOT_FOUND ? n : SIZE_MAX;
}

/*
 * Sorted.  Variation selectors are not here: they are as invisible, but
 * Japanese names and emoji are written with them.
 */
static const struct range {
	uint32_t first, last;
} controls[] = {
    {0x0000, 0x001f},	/* C0 */
    {0x007f, 0x009f},	/* DEL, C1 */
    {0x00ad, 0x00ad},	/* soft hyphen */
    {0x034f, 0x034f},	/* combining grapheme joiner */
    {0x061c, 0x061c},	/* Arabic letter mark */
    {0x115f, 0x1160},	/* Hangul fillers */
    {0x17b4, 0x17b5},	/* Khmer inherent vowels */
    {0x180e, 0x180e},	/* Mongolian vowel separator */
    {0x200b, 0x200f},	/* zero width space, joiners, direction marks */
    {0x2028, 0x202e},	/* separators, embeddings, overrides */
    {0x2060, 0x206f},	/* word joiner, isolates, deprecated controls */
    {0x3164, 0x3164},	/* Hangul filler */
    {0xfdd0, 0xfdef},	/* non-characters */
    {0xfeff, 0xfeff},	/* byte order mark */
    {0xffa0, 0xffa0},	/* half-width Hangul filler */
    {0xfff0, 0xfffb},	/* unassigned, interlinear annotation */
    {0x13430, 0x1343f}, /* Egyptian format controls */
    {0x1bca0, 0x1bca3}, /* shorthand format controls */
    {0x1d173, 0x1d17a}, /* musical format controls */
    {0xe0000, 0xe00ff}, /* tags */
};

bool utf8_is_control(uint32_t code_point)
{
	/* The last two of every plane are non-characters. */
	if ((code_point & 0xfffe) == 0xfffe)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(controls); i++)
		if (code_point <= controls[i].last)
			return code_point >= controls[i].first;
	return false;
}

struct str utf8_cut(struct str s, size_t max)
{
	struct str rest = {s.p, MIN_OF(s.len, max)};
	uint32_t c;

	while (rest.len > 0 && utf8_next(&rest, &c) == OK)
		;
	return (struct str){s.p, MIN_OF(s.len, max) - rest.len};
}

size_t utf8_clean(struct str s, char *out, size_t max)
{
	size_t n = 0;

	while (s.len > 0) {
		struct str one = s;
		uint32_t c;

		if (utf8_next(&s, &c) != OK) {
			s.p++;
			s.len--;
			one = STR("?");
		} else if (utf8_is_control(c)) {
			one = STR("?");
		} else {
			one.len -= s.len;
		}
		if (one.len > max - n)
			break;
		memcpy(out + n, one.p, one.len);
		n += one.len;
	}
	return n;
}
