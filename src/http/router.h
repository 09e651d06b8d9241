/* Paths against patterns. */
#ifndef T2O_HTTP_ROUTER_H
#define T2O_HTTP_ROUTER_H

#include "core/str.h"

#define HTTP_PATH_PARAMS_MAX 2

/*
 * A pattern is a path in which a segment may be a parameter: "/sessions/:id".
 * A parameter takes one whole, non-empty segment.  No prefix matches, no
 * trailing slash is forgiven: one resource has one path.
 */
bool http_router_match(const char *pattern, struct str path,
    struct str ret_params[HTTP_PATH_PARAMS_MAX]);

/*
 * Whether a pattern is well-formed: begins with '/', no empty segment, no
 * control character, at most HTTP_PATH_PARAMS_MAX parameters.  For start-up.
 */
bool http_router_valid(const char *pattern);

#endif
