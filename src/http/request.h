/*
 * One request, as nginx handed it over: everything is a slice into memory
 * that lives until the response has gone.
 */
#ifndef T2O_HTTP_REQUEST_H
#define T2O_HTTP_REQUEST_H

#include "core/arena.h"

enum http_method {
	HTTP_GET = 1,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OTHER, /* known to somebody else; matches no route */
};

/* "GET"; for HTTP_OTHER "". */
const char *http_method_name(enum http_method method);
enum http_method http_method_parse(struct str name);

#define HTTP_PATH_MAX 2048
#define HTTP_REQUEST_ID_MAX 32

enum http_body_state {
	HTTP_BODY_WHOLE = 1, /* read to its announced end; may be empty */
	HTTP_BODY_TOO_LARGE, /* over the pool's maximum; not read */
	HTTP_BODY_BROKEN,    /* CONTENT_LENGTH is not what came */
};

struct http_request {
	struct arena *arena;

	enum http_method method;
	struct str path;  /* normalised and decoded by nginx; begins with '/' */
	struct str query; /* raw, without '?' */

	/* Header fields; empty when absent. */
	struct str content_type;
	struct str cookie;
	struct str origin;
	struct str sec_fetch_site;
	struct str csrf_token;
	struct str user_agent;

	/* Said by nginx, not by the client. */
	struct str client_ip;
	struct str cors_origin; /* Origin, when on the allow-list; else empty */
	struct str request_id;	/* [0-9a-zA-Z]{1,32}, made here if absent */

	enum http_body_state body_state;
	struct str body;
};

/*
 * FastCGI parameters, by name; NULL when absent.  (libfcgi's in a worker, a
 * table's in a test.)
 */
typedef const char *http_param_get(const char *name, const void *arg);

/*
 * Fills all but the body, which is then whole and empty.  The texts are the
 * parameters themselves, and live as long as they do.
 *
 * ERR_INVALID when the parameters make no request: a path that is absent,
 * over HTTP_PATH_MAX, not beginning with '/', or with "//", a "." or ".."
 * segment or a control character in it (nginx has normalised it, so somebody
 * is going round nginx); *ret is filled even so, for the log and the answer.
 * ERR_LIMIT when the arena has no room for a request id.
 */
enum err http_request_parse(struct arena *arena, http_param_get *get,
    const void *arg, struct http_request *ret) must_check;

/*
 * Walks the values of the cookies called `name`, in the order sent: start
 * with *rest = request->cookie.  False at the end.  RFC 6265 section 5.4
 * allows several; which one is ours is for the caller to find out.
 */
bool http_cookie_next(struct str *rest, struct str name, struct str *ret_value);

#endif
