/*
 * The one way into the API: route, size, session, CSRF, permission, body,
 * handler.  Authorisation happens here and nowhere else.
 */
#ifndef T2O_API_GUARD_H
#define T2O_API_GUARD_H

#include "core/app.h"
#include "http/fcgi.h"

/* An http_handler; `arg` is the worker's const struct app *. */
void api_guard_handle(struct http_request *request,
    struct http_response *response, void *arg);

#endif
