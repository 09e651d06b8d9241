#include "core/base.h"

#include "mime.h"
#include "text.h"

/* Header and body stand apart by an empty line; line ends are LF or CRLF. */
static struct str body_of(struct str entity)
{
	struct str rest = entity, line;

	while (str_next(&rest, '\n', &line))
		if (str_trim(line).len == 0)
			break;
	return rest.p != NULL ? rest : (struct str){"", 0};
}

const char *mime_header(struct str entity, const char *name)
{
	struct str rest = entity, line, field, value;
	char *found = NULL;

	while (str_next(&rest, '\n', &line) && str_trim(line).len > 0) {
		if (found != NULL && (*line.p == ' ' || *line.p == '\t'))
			found = text("%s %.*s", found, STR_ARG(str_trim(line)));
		else if (found != NULL)
			break;
		else if (str_split(line, ':', &field, &value) &&
		    str_eq_nocase(field, str_of(name)))
			found = text_dup(str_trim(value));
	}
	return found;
}

/* boundary=… of a Content-Type, quoted or not. */
static char *boundary_of(const char *type)
{
	const char *p = strcasestr(type, "boundary=");

	if (p == NULL)
		return NULL;
	p += strlen("boundary=");
	if (*p == '"')
		return text("%.*s", (int)strcspn(p + 1, "\""), p + 1);
	return text("%.*s", (int)strcspn(p, "; \t"), p);
}

static int digit_of(char c, const char *digits)
{
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* RFC 2045 section 6.7. */
static char *decode_quoted(struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = text_alloc(s.len + 1), *end = out;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] != '=') {
			*end++ = s.p[i];
		} else if (i + 1 < s.len && s.p[i + 1] == '\n') {
			i += 1;
		} else if (i + 2 < s.len && s.p[i + 1] == '\r') {
			i += 2;
		} else if (i + 2 < s.len) {
			*end++ = (char)(digit_of(s.p[i + 1], hex) << 4 |
			    digit_of(s.p[i + 2], hex));
			i += 2;
		}
	}
	return out;
}

/* RFC 2045 section 6.8: what is not of the alphabet is passed over. */
static char *decode_base64(struct str s)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = text_alloc(s.len + 1), *end = out;
	uint32_t bits = 0;
	int n_bits = 0;

	for (size_t i = 0; i < s.len; i++) {
		int digit = digit_of(s.p[i], alphabet);

		if (digit < 0)
			continue;
		bits = bits << 6 | (uint32_t)digit;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			*end++ = (char)(bits >> n_bits & 0xff);
		}
	}
	return out;
}

static const char *decoded(struct str entity)
{
	const char *how = mime_header(entity, "Content-Transfer-Encoding");
	struct str body = body_of(entity);

	if (how != NULL && strcasecmp(how, "quoted-printable") == 0)
		return decode_quoted(body);
	if (how != NULL && strcasecmp(how, "base64") == 0)
		return decode_base64(body);
	return text_dup(body);
}

const char *mime_part(struct str entity, const char *type)
{
	const char *has = mime_header(entity, "Content-Type");
	const char *boundary = has != NULL ? boundary_of(has) : NULL;
	const char *found = NULL;
	struct str rest;
	const char *p, *next;

	if (has != NULL && strncasecmp(has, type, strlen(type)) == 0)
		return decoded(entity);
	if (boundary == NULL)
		return NULL;
	boundary = text("--%s", boundary);
	rest = body_of(entity);
	p = memmem(rest.p, rest.len, boundary, strlen(boundary));
	while (p != NULL && found == NULL) {
		p = memchr(p, '\n', (size_t)(rest.p + rest.len - p));
		if (p == NULL)
			break;
		p++;
		next = memmem(p, (size_t)(rest.p + rest.len - p), boundary,
		    strlen(boundary));
		if (next != NULL)
			found = mime_part((struct str){p, (size_t)(next - p)},
			    type);
		p = next;
	}
	return found;
}
