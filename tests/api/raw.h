/*
 * Requests that no client library would send: bytes over TLS to nginx, and
 * FastCGI records past nginx into a worker's socket.
 */
#ifndef T2O_TESTS_API_RAW_H
#define T2O_TESTS_API_RAW_H

#include "core/str.h"

struct raw_answer {
	unsigned status;  /* 0: closed without an answer */
	const char *text; /* all that came; lives until the test ends */
};

/*
 * Sends the bytes in one TLS connection and reads until the other side closes
 * it, or has answered and says that it will; a request that shall be answered
 * says "Connection: close".
 */
struct raw_answer raw_tls(struct str bytes);

/* Sends the bytes and goes away. */
void raw_tls_abandon(struct str bytes);

/* The same as raw_tls without TLS, to a port of 127.0.0.1. */
struct raw_answer raw_plain(const char *port, struct str bytes);

struct raw_param {
	const char *name;
	const char *value;
};

#define RAW_PARAMS_MAX 16

/*
 * One FastCGI request with these parameters (in place of or besides those of a
 * GET of "/healthz") and this body, to the pool "fast" or "auth".  Without
 * `end_of_body` the connection is half-closed where the end should be said.
 */
struct raw_request {
	const char *pool; /* NULL: "fast" */
	struct raw_param params[RAW_PARAMS_MAX];
	struct str body;
	bool no_end_of_body;
};

struct raw_answer raw_fcgi(const struct raw_request *request);

#endif
