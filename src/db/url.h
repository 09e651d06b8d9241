/* DATABASE_URL, taken apart. */
#ifndef T2O_DB_URL_H
#define T2O_DB_URL_H

#include "core/crypto.h"

#define DB_HOSTS_MAX 8

struct db_host {
	const char *name; /* without the brackets of an IPv6 address */
	unsigned port;	  /* 0: MariaDB's own */
};

/* Percent-decoded, NUL-terminated, all in one block that holds the password. */
struct db_url {
	char *text;
	size_t text_size;
	const char *user;
	const char *password; /* "": none, as for unix_socket accounts */
	const char *database;
	const char *socket; /* NULL: none; else hosts and TLS do not matter */
	const char *ssl_ca; /* NULL: none; else TLS is required and verified */
	struct db_host hosts[DB_HOSTS_MAX]; /* in the order of preference */
	size_t n_hosts;			    /* at least 1 */
};

/*
 * mysql://user[:password]@host[:port][,host[:port]…]/database, and behind it
 * ?socket=PATH and &ssl_ca=PATH (RFC 3986 syntax).  A port behind the last host
 * is also that of the hosts without one.  ERR_INVALID, with a log line that
 * names the part but shows none of the text.
 */
enum err db_url_parse(struct secret_str text, struct db_url *ret) must_check;

/* Wipes and frees; takes a zeroed one. */
void db_url_done(struct db_url *url);

#endif
