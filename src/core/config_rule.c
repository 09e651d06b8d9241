/* What configuration values must be in view of each other. */
#include "core/base.h"

#include "core/config_table.h"
#include "core/config_url.h"

/* OWASP's lowest recommendation for one lane. */
#define ARGON2_SAFE_KIB 19456
#define ARGON2_SAFE_PASSES 2

/* Any random key of 32 bytes has more, whatever its encoding. */
#define KEY_DISTINCT_MIN 8

static size_t distinct_bytes(struct secret_str s)
{
	bool seen[UCHAR_MAX + 1] = {false};
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		bool *one = &seen[(unsigned char)s.p[i]];

		n += !*one;
		*one = true;
	}
	crypto_wipe(seen, sizeof(seen));
	return n;
}

static bool contains_nocase(struct secret_str s, struct str word)
{
	for (size_t i = 0; i + word.len <= s.len; i++)
		if (str_eq_nocase((struct str){s.p + i, word.len}, word))
			return true;
	return false;
}

/* Words that examples are made of and random keys are not. */
static bool is_example(struct secret_str key)
{
	static const char *const words[] = {"change", "default", "example",
	    "insecure", "password", "replace", "secret"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (contains_nocase(key, str_of(words[i])))
			return true;
	return false;
}

const char *config_rule_secret_key(const struct config *c)
{
	if (c->app_env == ENV_PRODUCTION &&
	    (is_example(c->secret_key) ||
		distinct_bytes(c->secret_key) < KEY_DISTINCT_MIN))
		return "can be guessed; use `t2octl key generate`";
	return NULL;
}

const char *config_rule_secret_key_old(const struct config *c)
{
	if (c->secret_key_old.len > 0 &&
	    c->secret_key_old.len == c->secret_key.len &&
	    crypto_equal(c->secret_key_old.p, c->secret_key.p,
		c->secret_key.len))
		return "must not be SECRET_KEY itself";
	return NULL;
}

/* Session cookies and mail tokens must not cross a network in clear. */
static const char *web_rule(const struct config *c, struct str text)
{
	struct config_url url;

	if (config_url_parse(text, &url) != OK || url.tls)
		return NULL; /* the form has been looked at */
	if (c->app_env == ENV_PRODUCTION)
		return "must begin with https:// in production";
	if (!url.loopback)
		return "must begin with https:// (http:// only for loopback)";
	return NULL;
}

const char *config_rule_public_url(const struct config *c)
{
	return web_rule(c, c->public_url);
}

/* What stands before {token}. */
static const char *link_rule(const struct config *c, struct str text)
{
	struct str before, after;

	if (!str_split(text, '{', &before, &after))
		return NULL;
	return web_rule(c, before);
}

const char *config_rule_verify_url(const struct config *c)
{
	return link_rule(c, c->verify_url);
}

const char *config_rule_reset_url(const struct config *c)
{
	return link_rule(c, c->reset_url);
}

const char *config_rule_confirm_email_url(const struct config *c)
{
	return link_rule(c, c->confirm_email_url);
}

const char *config_rule_undo_email_url(const struct config *c)
{
	return link_rule(c, c->undo_email_url);
}

const char *config_rule_lifetime(const struct config *c)
{
	if (c->session_lifetime_s < c->session_idle_s)
		return "must not be less than SESSION_IDLE_S";
	return NULL;
}

const char *config_rule_argon2_memory(const struct config *c)
{
	if (c->app_env == ENV_PRODUCTION &&
	    c->argon2_memory_kib < ARGON2_SAFE_KIB)
		return "must be at least 19456 in production";
	return NULL;
}

const char *config_rule_argon2_passes(const struct config *c)
{
	if (c->app_env == ENV_PRODUCTION &&
	    c->argon2_passes < ARGON2_SAFE_PASSES)
		return "must be at least 2 in production";
	return NULL;
}

const char *config_rule_mail_login(const struct config *c)
{
	if ((c->mail_username.len > 0) != (c->mail_password.len > 0))
		return "goes with MAIL_PASSWORD: set both or none";
	return NULL;
}
