/*
 * CSRF tokens: HMAC-SHA-256 over the session id under a key of their own, so
 * that a token fits one session and nothing needs to be stored (OWASP's
 * signed double submit, bound to the session).
 */
#ifndef T2O_AUTH_CSRF_H
#define T2O_AUTH_CSRF_H

#include "core/config.h"
#include "core/crypto.h"

void auth_csrf_token(const struct config *config,
    const struct secret *session_id, struct secret *ret_token);

/* Whether `text` is that session's token; constant time over its bytes. */
bool auth_csrf_fits(const struct config *config,
    const struct secret *session_id, struct str text);

#endif
