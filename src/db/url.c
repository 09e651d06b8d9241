#include "core/base.h"

#include "core/log.h"
#include "db/url.h"

#define PORT_MAX 65535

static const struct parameter {
	const char *name;
	size_t offset;
} parameters[] = {
    {"socket", offsetof(struct db_url, socket)},
    {"ssl_ca", offsetof(struct db_url, ssl_ca)},
};

/* Where the next decoded part goes; the block is as long as the whole URL. */
struct parser {
	struct db_url *url;
	char *next;
};

static enum err bad(const char *problem)
{
	log_at(LOG_ERROR, "DATABASE_URL is not valid",
	    LOG_Z("problem", problem));
	return ERR_INVALID;
}

/* RFC 3986 section 2.1.  What is NUL or a control is a mistake or an attack. */
static enum err decode(struct parser *parser, struct str in, const char **ret)
{
	char *out = parser->next;

	for (size_t i = 0; i < in.len; i++) {
		unsigned char c = (unsigned char)in.p[i];

		if (c == '%') {
			struct str digits = {in.p + i + 1, 2};

			if (in.len - i < 3 || hex_decode(digits, &c, 1) != OK)
				return bad("% without two hex digits");
			i += 2;
		}
		if (c < ' ' || c == 0x7f)
			return bad("control character");
		*out++ = (char)c;
	}
	*out++ = '\0';
	*ret = parser->next;
	parser->next = out;
	return OK;
}

static enum err parse_port(struct str text, unsigned *ret_port)
{
	uint64_t port;

	if (str_to_u64(text, PORT_MAX, &port) != OK || port == 0)
		return bad("port is not a number from 1 to 65535");
	*ret_port = (unsigned)port;
	return OK;
}

static bool is_host(struct str name, bool bracketed)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (!isalnum(c) && c != '.' && c != '-' &&
		    c != (bracketed ? ':' : '_'))
			return false;
	}
	return name.len > 0;
}

static enum err parse_host(struct parser *parser, struct str text)
{
	struct db_url *url = parser->url;
	struct db_host host = {0};
	struct str name, rest = {0}, before;
	bool bracketed = str_starts(text, STR("[")), has_port;
	enum err err;

	if (url->n_hosts == DB_HOSTS_MAX)
		return bad("more than 8 hosts");
	if (bracketed) {
		text.p++;
		text.len--;
		if (!str_split(text, ']', &name, &rest))
			return bad("[ without ]");
		has_port = rest.len > 0;
		if (has_port &&
		    (!str_split(rest, ':', &before, &rest) || before.len > 0))
			return bad("something between ] and the port");
	} else {
		has_port = str_split(text, ':', &name, &rest);
		if (!has_port)
			name = text;
	}
	if (!is_host(name, bracketed))
		return bad("host name");
	if (has_port && (err = parse_port(rest, &host.port)) != OK)
		return err;
	err = decode(parser, name, &host.name);
	if (err == OK)
		url->hosts[url->n_hosts++] = host;
	return err;
}

static enum err parse_hosts(struct parser *parser, struct str list)
{
	struct db_url *url = parser->url;
	struct str part;
	unsigned port;

	while (str_next(&list, ',', &part)) {
		enum err err = parse_host(parser, part);

		if (err != OK)
			return err;
	}
	port = url->hosts[url->n_hosts - 1].port;
	for (size_t i = 0; i < url->n_hosts; i++)
		if (url->hosts[i].port == 0)
			url->hosts[i].port = port;
	return OK;
}

static enum err parse_authority(struct parser *parser, struct str text)
{
	struct db_url *url = parser->url;
	struct str user, password, hosts;
	enum err err;

	if (!str_split(text, '@', &user, &hosts))
		return bad("no user before an @");
	if (!str_split(user, ':', &user, &password))
		password = STR("");
	if ((err = decode(parser, user, &url->user)) != OK ||
	    (err = decode(parser, password, &url->password)) != OK)
		return err;
	if (url->user[0] == '\0')
		return bad("user is empty");
	return parse_hosts(parser, hosts);
}

static enum err parse_parameter(struct parser *parser, struct str text)
{
	struct str name, value;

	if (!str_split(text, '=', &name, &value))
		return bad("parameter without =");
	for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
		const char **place =
		    (const char **)(void *)((char *)parser->url +
			parameters[i].offset);

		if (!str_eq(name, str_of(parameters[i].name)))
			continue;
		if (*place != NULL || value.len == 0)
			return bad("parameter twice, or empty");
		return decode(parser, value, place);
	}
	log_at(LOG_ERROR, "DATABASE_URL has a parameter that is not known",
	    LOG_STR("parameter", name));
	return ERR_INVALID;
}

static enum err parse(struct parser *parser, struct str text)
{
	struct str scheme = STR("mysql://"), authority, query = {0}, part;
	enum err err;

	if (!str_starts(text, scheme))
		return bad("does not begin with mysql://");
	text.p += scheme.len;
	text.len -= scheme.len;
	if (!str_split(text, '/', &authority, &text))
		return bad("no / before the database's name");
	err = parse_authority(parser, authority);
	if (err != OK)
		return err;
	if (!str_split(text, '?', &text, &query))
		query = (struct str){0};
	err = decode(parser, text, &parser->url->database);
	if (err != OK)
		return err;
	if (parser->url->database[0] == '\0')
		return bad("the database's name is empty");
	while (str_next(&query, '&', &part))
		if ((err = parse_parameter(parser, part)) != OK)
			return err;
	return OK;
}

enum err db_url_parse(struct secret_str text, struct db_url *ret)
{
	struct db_url url = {0};
	struct parser parser = {.url = &url};
	enum err err;

	/* NULs take the separators' places, and the scheme leaves room for
	   those of parts that have none. */
	url.text_size = text.len + 1;
	url.text = calloc(1, url.text_size);
	ensure(url.text != NULL);
	parser.next = url.text;
	err = parse(&parser, (struct str){text.p, text.len});
	if (err == OK)
		*ret = url;
	else
		db_url_done(&url);
	return err;
}

void db_url_done(struct db_url *url)
{
	crypto_wipe(url->text, url->text_size);
	free(url->text);
	*url = (struct db_url){0};
}
