/* As much of MIME (RFC 2045, 2046) as reading our own mail needs. */
#ifndef T2O_TESTS_API_MIME_H
#define T2O_TESTS_API_MIME_H

#include "core/str.h"

/* The unfolded value of a header field of the entity, or NULL. */
const char *mime_header(struct str entity, const char *name);

/*
 * The first part whose type is `type` ("text/plain"), wherever it is nested,
 * with its transfer encoding undone; NULL when there is none.
 */
const char *mime_part(struct str entity, const char *type);

#endif
