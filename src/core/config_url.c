#include "core/base.h"

#include "core/config_url.h"

#define DIGITS "0123456789"

/* Takes the longest prefix of `allowed` bytes off *s. */
static struct str take(struct str *s, const char *allowed)
{
	struct str taken = {s->p, 0};

	while (taken.len < s->len && s->p[taken.len] != '\0' &&
	    strchr(allowed, s->p[taken.len]) != NULL)
		taken.len++;
	s->p += taken.len;
	s->len -= taken.len;
	return taken;
}

static bool take_literal(struct str *s, struct str literal)
{
	if (!str_starts(*s, literal))
		return false;
	s->p += literal.len;
	s->len -= literal.len;
	return true;
}

/* A name, an IPv4 address, or an IPv6 address in brackets; may be empty. */
static struct str take_host(struct str *s)
{
	struct str host = *s;

	if (!take_literal(s, STR("[")))
		return take(s, CONFIG_ALPHANUMERIC "-.");
	take(s, DIGITS "abcdefABCDEF:.");
	if (!take_literal(s, STR("]")))
		return (struct str){NULL, 0};
	host.len = (size_t)(s->p - host.p);
	return host;
}

/* RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3 */
static bool is_loopback(struct str host)
{
	struct str rest = host;

	if (str_eq_nocase(host, STR("localhost")) ||
	    str_ends(host, STR(".localhost")) || str_eq(host, STR("[::1]")))
		return true;
	/* 127.example.org is somebody else. */
	take(&rest, DIGITS ".");
	return str_starts(host, STR("127.")) && rest.len == 0;
}

/* ":" and a port, or nothing. */
static bool take_port(struct str *s)
{
	uint64_t port;

	if (!take_literal(s, STR(":")))
		return true;
	return str_to_u64(take(s, DIGITS), UINT16_MAX, &port) == OK && port > 0;
}

bool config_url_chars(struct str s)
{
	take(&s, CONFIG_ALPHANUMERIC "-._~%!$&'()*+,;=:@/?#");
	return s.len == 0;
}

enum err config_url_parse(struct str text, struct config_url *ret)
{
	struct config_url url = {.tail = text};
	struct str host;

	if (take_literal(&url.tail, STR("https://")))
		url.tls = true;
	else if (!take_literal(&url.tail, STR("http://")))
		return ERR_INVALID;
	host = take_host(&url.tail);
	if (host.len == 0 || !take_port(&url.tail))
		return ERR_INVALID;
	if (url.tail.len > 0 && strchr("/?#", url.tail.p[0]) == NULL)
		return ERR_INVALID;
	if (!config_url_chars(url.tail))
		return ERR_INVALID;
	url.loopback = is_loopback(host);
	*ret = url;
	return OK;
}
