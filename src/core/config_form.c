/* What the texts among the configuration values must look like. */
#include "core/base.h"

#include "core/addr.h"
#include "core/config_table.h"
#include "core/config_url.h"
#include "core/utf8.h"

#define SECRET_KEY_MIN 32
#define SITE_NAME_MAX 60 /* code points */
#define COOKIE_NAME_MAX 64
#define HOST_MAX 253 /* RFC 1035 section 2.3.4, as text */
#define LOCALE_MAX 35

static const char *unless(bool good, const char *why)
{
	return good ? NULL : why;
}

static bool only(struct str s, const char *allowed)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '\0' || strchr(allowed, s.p[i]) == NULL)
			return false;
	return true;
}

const char *config_form_host(struct str text)
{
	bool good = text.len > 0 && text.len <= HOST_MAX && text.p[0] != '-' &&
	    only(text, CONFIG_ALPHANUMERIC "-.");

	return unless(good,
	    "must be a host name or IPv4 address, without port");
}

const char *config_form_database(struct str text)
{
	return unless(str_starts(text, STR("mysql://")),
	    "must begin with mysql://");
}

const char *config_form_secret_key(struct str text)
{
	return unless(text.len >= SECRET_KEY_MIN,
	    "must have at least 32 bytes; use `t2octl key generate`");
}

const char *config_form_secret_key_old(struct str text)
{
	return text.len == 0 ? NULL : config_form_secret_key(text);
}

/* RFC 6265 section 4.1.1: a token of RFC 9110. */
const char *config_form_cookie(struct str text)
{
	bool good = text.len > 0 && text.len <= COOKIE_NAME_MAX &&
	    only(text, CONFIG_ALPHANUMERIC "!#$%&'*+-.^_`|~");

	return unless(good, "must be a cookie's name, such as __Host-session");
}

const char *config_form_site_name(struct str text)
{
	bool good = text.len > 0 && utf8_len(text) <= SITE_NAME_MAX;

	return unless(good, "must have 1 to 60 characters");
}

const char *config_form_mail_address(struct str text)
{
	return unless(addr_valid(text),
	    "must be a mail address, such as t2o@example.org");
}

/* It becomes part of a file's name. */
const char *config_form_locale(struct str text)
{
	bool good = text.len > 0 && text.len <= LOCALE_MAX &&
	    only(text, CONFIG_ALPHANUMERIC "_-");

	return unless(good, "must be a language, such as en or pt_BR");
}

/* A daemon's working directory is nobody's intention. */
const char *config_form_path(struct str text)
{
	return unless(text.len == 0 || text.p[0] == '/',
	    "must be an absolute path, or empty");
}

/* As a browser writes it in Origin (RFC 6454 section 6.2), for the guard. */
static bool is_origin(struct str text, bool tls)
{
	return only(text, "abcdefghijklmnopqrstuvwxyz0123456789-.:/[]") &&
	    !str_ends(text, tls ? STR(":443") : STR(":80"));
}

const char *config_form_public_url(struct str text)
{
	struct config_url url;
	bool good = config_url_parse(text, &url) == OK && only(url.tail, "/");

	if (good) {
		text.len -= url.tail.len;
		good = is_origin(text, url.tls);
	}
	return unless(good,
	    "must be as in https://example.org: lower case, no path, and a "
	    "port only if it is not the usual one");
}

const char *config_form_token_url(struct str text)
{
	static const struct str mark = STR("token}");
	struct str before, after;
	struct config_url url;
	bool good;

	if (text.len == 0)
		return NULL;
	/* The mark must stand behind the host, and braces nowhere else. */
	good = str_split(text, '{', &before, &after) &&
	    str_starts(after, mark) && config_url_parse(before, &url) == OK &&
	    url.tail.len > 0 &&
	    config_url_chars(
		(struct str){after.p + mark.len, after.len - mark.len});
	return unless(good, "must be a URL with {token} in it once");
}
