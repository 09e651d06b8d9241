/*
 * Cursors: where a list goes on, in a form that nobody counts with.  Inside is
 * the id of the last row.
 */
#ifndef T2O_API_CURSOR_H
#define T2O_API_CURSOR_H

#include "core/json.h"

#define API_CURSOR_LEN (BASE64URL_LEN(sizeof(uint64_t)) - 1)

/* A field_check. */
const char *api_cursor_check(struct str text);

/* Of a text that the check has passed; 0 for the empty one. */
uint64_t api_cursor_id(struct str text);

/* Member `next_cursor`; null for id 0: that was all. */
void api_cursor_put(struct json_out *out, uint64_t id);

#endif
