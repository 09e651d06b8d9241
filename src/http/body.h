/*
 * Bodies into structs: JSON, forms and multipart through one field table.
 */
#ifndef T2O_HTTP_BODY_H
#define T2O_HTTP_BODY_H

#include "core/field.h"
#include "http/request.h"

#define HTTP_BODY_MAX (64 * 1024)
#define HTTP_FORM_PARTS_MAX 64

/* What a route takes; zero is invalid, so that a forgotten one is seen. */
enum http_body_kinds {
	HTTP_TAKES_NOTHING = 1, /* a body is not looked at */
	HTTP_TAKES_QUERY,	/* nor here: the table is the query's */
	HTTP_TAKES_JSON,
	HTTP_TAKES_JSON_AND_FORMS,
};

/*
 * Binds a whole body.  An empty one counts as {} whatever its type.
 *
 * ERR_DENIED: a media type or charset that the route does not take (415).
 * ERR_INVALID: broken or malformed (400): for JSON see json_read; for forms a
 * bad percent escape, a name given twice, over HTTP_FORM_PARTS_MAX pairs; for
 * multipart (RFC 7578) no or a bad boundary, a file part, a nested multipart,
 * a truncated end.  ERR_LIMIT: too large, or the arena is full (413).  Broken
 * rules go to ret_errors, with OK.
 */
enum err http_body_bind(const struct http_request *request,
    enum http_body_kinds takes, const struct field_table *table, void *bound,
    struct field_errors *ret_errors) must_check;

/*
 * application/x-www-form-urlencoded text (also a query string) through a
 * table; the caller has begun `b`.  Errors as above.
 */
enum err http_form_bind(struct arena *arena, struct str text,
    struct field_binder *b) must_check;

/*
 * multipart/form-data; `boundary` as in the Content-Type, unquoted.  What is
 * bound is borrowed from `text`.
 */
enum err http_multipart_bind(struct str text, struct str boundary,
    struct field_binder *b) must_check;

#endif
