/* URLs of a web site, as far as configuration looks into them. */
#ifndef T2O_CORE_CONFIG_URL_H
#define T2O_CORE_CONFIG_URL_H

#include "core/str.h"

#define CONFIG_ALPHANUMERIC                                                    \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

struct config_url {
	bool tls;	 /* https, else http */
	bool loopback;	 /* the host is this machine, whatever DNS says */
	struct str tail; /* behind host and port: path, query, fragment */
};

/*
 * RFC 3986 with scheme http or https, a host that is not empty, no user;
 * else ERR_INVALID.
 */
enum err config_url_parse(struct str text, struct config_url *ret) must_check;

/* Whether all bytes may stand behind a URL's host. */
bool config_url_chars(struct str s);

#endif
