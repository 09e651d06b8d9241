/* Media types and other values with parameters: "text/html; charset=utf-8". */
#ifndef T2O_HTTP_MEDIA_H
#define T2O_HTTP_MEDIA_H

#include "core/str.h"

/*
 * Takes what stands before the first ';' and returns it without the space
 * around it; *ret_params is the rest, empty when there is none.
 */
struct str http_media_value(struct str field, struct str *ret_params);

/*
 * The value of one parameter (RFC 9110 section 5.6.6), its name in any case,
 * without the quotes.  Escapes are left as they are: no value that we look
 * for has any, so one that does is another value.
 *
 * ERR_NOT_FOUND when it is absent.  ERR_INVALID when any parameter is
 * malformed, or this one is given twice: two readers could differ on it.
 */
enum err http_media_param(struct str params, struct str name,
    struct str *ret_value) must_check;

#endif
