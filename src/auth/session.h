/*
 * Sessions: 256 random bits in a cookie, their SHA-256 in the database.
 *
 * Idle limit SESSION_IDLE_S, absolute limit SESSION_LIFETIME_S (NIST SP
 * 800-63B section 7.2).  The database is asked every time: what is revoked,
 * disabled or logged out is gone at the very next request, in every worker.
 */
#ifndef T2O_AUTH_SESSION_H
#define T2O_AUTH_SESSION_H

#include "auth/context.h"
#include "core/crypto.h"
#include "store/session.h"

/*
 * Adds a session of context's client; in the caller's transaction, which holds
 * store_user_lock.
 */
enum err auth_session_start(const struct auth_context *context,
    uint64_t user_id, struct secret *ret_id) must_check;

/*
 * Who has this session.  ERR_NOT_FOUND when nobody has, when a limit has
 * passed or the user is disabled.  Notes that it was used, at most once a
 * minute.
 */
enum err auth_session_resolve(const struct auth_context *context,
    const struct secret *id, struct store_principal *ret) must_check;

/* Logs out: the session is gone, with an audit row. */
enum err auth_session_end(const struct auth_context *context,
    const struct store_principal *principal) must_check;

/* Ends one of a user's; ERR_NOT_FOUND when the user has no such session. */
enum err auth_session_revoke(const struct auth_context *context,
    uint64_t user_id, uint64_t session_id) must_check;

/* Ends all of a user's but `except_id` (0: all); how many there were. */
enum err auth_session_revoke_others(const struct auth_context *context,
    uint64_t user_id, uint64_t except_id, uint64_t *ret_n) must_check;

#endif
