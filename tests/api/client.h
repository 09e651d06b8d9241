/*
 * One browser: a cookie jar, a CSRF token, a connection, and an address of
 * its own in 127.0.0.0/8, so that throttling stays on while it is not what is
 * being tested.
 */
#ifndef T2O_TESTS_API_CLIENT_H
#define T2O_TESTS_API_CLIENT_H

#include <cjson/cJSON.h>

#include "core/str.h"

#define SESSION_COOKIE "__Host-session"
#define CSRF_COOKIE "X-CSRFToken"
#define DEVICE_COOKIE "__Host-device"
#define CSRF_HEADER "X-CSRFToken"

struct client;

/* Clients live until client_free_all. */
struct client *client_new(void);

/* Another browser behind the same address. */
struct client *client_beside(const struct client *c);

void client_free_all(void);

const char *client_address(const struct client *c);

/* The last token an answer held; NULL before the first. */
const char *client_csrf(const struct client *c);

/* The value in the jar, or NULL. */
const char *client_cookie(const struct client *c, const char *name);

/* Puts a cookie in, as if the site had set it. */
void client_set_cookie(struct client *c, const char *name, const char *value);
void client_forget_cookies(struct client *c);

#define REQUEST_HEADERS_MAX 8

struct request {
	const char *method; /* NULL: GET, or POST when there is a body */
	const char *path;
	const char *body; /* NULL: none */
	size_t body_len;  /* 0: strlen(body) */
	const char *type; /* NULL: application/json; "": no such header */
	const char *csrf; /* NULL: the client's own token; "": no header */
	const char *headers[REQUEST_HEADERS_MAX]; /* "Name: value" */
};

struct header {
	const char *name;
	const char *value;
};

#define RESPONSE_HEADERS_MAX 64

/* Lives as long as the client. */
struct response {
	const char *asked; /* "GET /path", for messages */
	unsigned status;
	struct header headers[RESPONSE_HEADERS_MAX];
	size_t n_headers;
	struct str body; /* with a NUL behind it */
	cJSON *json;	 /* NULL when the body is not one JSON value */
};

/* Ends the test when there is no answer at all. */
const struct response *client_send(struct client *c, const struct request *r);

#define SEND(c, ...) client_send((c), &(struct request){__VA_ARGS__})

/*
 * The same request from `n` clients at the same time; the answers come in the
 * order of the clients.
 */
void client_send_together(struct client *const list[], size_t n,
    const struct request *r, const struct response *ret[]);

const struct response *get(struct client *c, const char *path);
const struct response *post(struct client *c, const char *path,
    const char *json);

/* The n-th field of that name (ASCII case ignored), or NULL. */
const char *response_header(const struct response *res, const char *name,
    size_t n);
size_t response_header_count(const struct response *res, const char *name);

/* A member of the answer's object as text; NULL when it is not a string. */
const char *response_text(const struct response *res, const char *member);

/* The Set-Cookie line for that cookie, or NULL. */
const char *response_set_cookie(const struct response *res, const char *name);

#endif
