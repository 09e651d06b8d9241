/* One response, built in memory and sent in one write. */
#ifndef T2O_HTTP_RESPONSE_H
#define T2O_HTTP_RESPONSE_H

#include "core/buf.h"

#define HTTP_RESPONSE_MAX (1024 * 1024)
#define HTTP_HEADERS_MAX (8 * 1024)

struct http_response {
	unsigned status;    /* 200…599 */
	struct buf headers; /* whole lines with CRLF */
	struct buf body;    /* JSON */
};

void http_response_init(struct http_response *r);
void http_response_done(struct http_response *r);

/* Back to status 0 and nothing said, memory kept. */
void http_response_reset(struct http_response *r);

/*
 * Adds a field.  Control characters in `value` (CR and LF above all) are our
 * mistake: the field would split, so this aborts; callers pass checked text.
 */
void http_response_header(struct http_response *r, const char *name,
    struct str value);

enum http_same_site { HTTP_SAME_SITE_LAX = 1, HTTP_SAME_SITE_STRICT };

/*
 * Set-Cookie with Secure and Path=/, no Domain.  `max_age_s` < 0: a session
 * cookie (no Max-Age); 0: removes it.
 */
void http_response_cookie(struct http_response *r, struct str name,
    struct str value, bool http_only, enum http_same_site same_site,
    int64_t max_age_s);

/*
 * Status line (as FastCGI's Status field), the fields that every response
 * has (Content-Type, Content-Length, Cache-Control: no-store,
 * X-Content-Type-Options: nosniff, X-Request-Id), the added ones, the body.
 * Without Content-Type, and without a body, for 204.  ERR_LIMIT when
 * something had not fitted.
 */
enum err http_response_write(const struct http_response *r,
    struct str request_id, bool head, struct buf *out) must_check;

#endif
