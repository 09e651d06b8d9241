#include "core/base.h"

#include "core/json.h"
#include "core/json_scan.h"
#include "core/utf8.h"

/*
 * RFC 8259's grammar by recursive descent.  Each function takes one thing off
 * the front and says whether it was there; depth bounds the recursion.
 */
struct scan {
	struct str rest;
	int depth;
};

static bool value(struct scan *s);

/* The next byte, or 0, which no grammar rule below takes. */
static char peek(const struct scan *s)
{
	return s->rest.len > 0 ? s->rest.p[0] : '\0';
}

static void skip(struct scan *s, size_t n)
{
	s->rest.p += n;
	s->rest.len -= n;
}

static bool byte(struct scan *s, char c)
{
	if (s->rest.len == 0 || s->rest.p[0] != c)
		return false;
	skip(s, 1);
	return true;
}

static bool literal(struct scan *s, struct str word)
{
	if (!str_starts(s->rest, word))
		return false;
	skip(s, word.len);
	return true;
}

static void space(struct scan *s)
{
	while (byte(s, ' ') || byte(s, '\t') || byte(s, '\n') || byte(s, '\r'))
		;
}

static bool digits(struct scan *s)
{
	size_t n = 0;

	while (n < s->rest.len && s->rest.p[n] >= '0' && s->rest.p[n] <= '9')
		n++;
	skip(s, n);
	return n > 0;
}

/* RFC 8259 section 6 */
static bool number(struct scan *s)
{
	const char *start = s->rest.p;

	(void)byte(s, '-');
	if (!byte(s, '0') && !digits(s))
		return false;
	if (byte(s, '.') && !digits(s))
		return false;
	if (byte(s, 'e') || byte(s, 'E')) {
		if (!byte(s, '+'))
			(void)byte(s, '-');
		if (!digits(s))
			return false;
	}
	return s->rest.p - start <= JSON_NUMBER_MAX;
}

/* Four hex digits as a UTF-16 code unit. */
static bool code_unit(struct scan *s, unsigned *ret)
{
	unsigned char byte[2];

	if (s->rest.len < 4 ||
	    hex_decode((struct str){s->rest.p, 4}, byte, 2) != OK)
		return false;
	skip(s, 4);
	*ret = (unsigned)byte[0] << 8 | byte[1];
	return true;
}

/* What follows \u: not NUL, and surrogates in pairs alone. */
static bool unicode_escape(struct scan *s)
{
	unsigned unit;

	if (!code_unit(s, &unit) || unit == 0)
		return false;
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	return unit <= 0xdbff && literal(s, STR("\\u")) &&
	    code_unit(s, &unit) && unit >= 0xdc00 && unit <= 0xdfff;
}

/* RFC 8259 section 7 */
static bool string(struct scan *s)
{
	if (!byte(s, '"'))
		return false;
	while (!byte(s, '"')) {
		if ((unsigned char)peek(s) < 0x20) /* or at the end */
			return false;
		if (!byte(s, '\\')) {
			skip(s, 1);
		} else if (byte(s, 'u')) {
			if (!unicode_escape(s))
				return false;
		} else {
			if (peek(s) == '\0' ||
			    strchr("\"\\/bfnrt", peek(s)) == NULL)
				return false;
			skip(s, 1);
		}
	}
	return true;
}

static bool member(struct scan *s)
{
	space(s);
	if (!string(s))
		return false;
	space(s);
	return byte(s, ':') && value(s);
}

/* An object or an array: `item`s with commas between two brackets. */
static bool nested(struct scan *s, const char brackets[2],
    bool (*item)(struct scan *s))
{
	if (!byte(s, brackets[0]) || ++s->depth > JSON_DEPTH_MAX)
		return false;
	space(s);
	if (!byte(s, brackets[1])) {
		do {
			if (!item(s))
				return false;
		} while (byte(s, ','));
		if (!byte(s, brackets[1]))
			return false;
	}
	s->depth--;
	return true;
}

static bool object(struct scan *s)
{
	return nested(s, "{}", member);
}

/* With the space around it. */
static bool value(struct scan *s)
{
	bool good;

	space(s);
	switch (peek(s)) {
	case '{':
		good = object(s);
		break;
	case '[':
		good = nested(s, "[]", value);
		break;
	case '"':
		good = string(s);
		break;
	case 't':
		good = literal(s, STR("true"));
		break;
	case 'f':
		good = literal(s, STR("false"));
		break;
	case 'n':
		good = literal(s, STR("null"));
		break;
	default:
		good = number(s);
	}
	space(s);
	return good;
}

bool json_scan(struct str text)
{
	struct scan s = {.rest = text};

	if (!utf8_valid(text))
		return false;
	space(&s);
	if (!object(&s))
		return false;
	space(&s);
	return s.rest.len == 0;
}
