#include "core/base.h"

#include "core/str.h"

struct str str_of(const char *z)
{
	return z == NULL ? (struct str){NULL, 0} : (struct str){z, strlen(z)};
}

/* memcmp must not see NULL, not even with a length of 0. */
static bool same_bytes(const char *a, const char *b, size_t len)
{
	return len == 0 || memcmp(a, b, len) == 0;
}

bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && same_bytes(a.p, b.p, a.len);
}

/* tolower would ask the locale. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && same_bytes(s.p, prefix.p, prefix.len);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	    (suffix.len == 0 ||
		same_bytes(s.p + (s.len - suffix.len), suffix.p, suffix.len));
}

bool str_contains(struct str s, struct str needle)
{
	if (needle.len == 0)
		return true;
	return s.len > 0 && memmem(s.p, s.len, needle.p, needle.len) != NULL;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len > 0 && is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

bool str_split(struct str s, char sep, struct str *ret_left,
    struct str *ret_right)
{
	const char *at = s.len == 0 ? NULL : memchr(s.p, sep, s.len);
	size_t left_len;

	if (at == NULL)
		return false;
	left_len = (size_t)(at - s.p);
	*ret_left = (struct str){s.p, left_len};
	*ret_right = (struct str){at + 1, s.len - left_len - 1};
	return true;
}

bool str_next(struct str *rest, char sep, struct str *ret_part)
{
	if (rest->p == NULL)
		return false;
	if (!str_split(*rest, sep, ret_part, rest)) {
		*ret_part = *rest;
		*rest = (struct str){NULL, 0};
	}
	return true;
}

struct str str_skip(struct str s, size_t n)
{
	ensure(n <= s.len);
	return n == 0 ? s : (struct str){s.p + n, s.len - n};
}

bool str_take_until(struct str *rest, struct str mark, struct str *ret)
{
	const char *at = rest->len == 0
	    ? NULL
	    : memmem(rest->p, rest->len, mark.p, mark.len);

	if (at == NULL)
		return false;
	*ret = (struct str){rest->p, (size_t)(at - rest->p)};
	*rest = str_skip(*rest, ret->len + mark.len);
	return true;
}

enum err str_to_u64(struct str s, uint64_t max, uint64_t *ret_n)
{
	uint64_t n = 0;

	if (s.len == 0)
		return ERR_INVALID;
	for (size_t i = 0; i < s.len; i++) {
		uint64_t digit;

		if (s.p[i] < '0' || s.p[i] > '9')
			return ERR_INVALID;
		digit = (uint64_t)(s.p[i] - '0');
		if (digit > max || n > (max - digit) / 10)
			return ERR_INVALID;
		n = n * 10 + digit;
	}
	*ret_n = n;
	return OK;
}

struct str str_u64(uint64_t n, char storage[STR_U64_LEN])
{
	char *end = storage + STR_U64_LEN - 1;
	char *p = end;

	*end = '\0';
	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return (struct str){p, (size_t)(end - p)};
}
