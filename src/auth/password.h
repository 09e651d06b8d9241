/* New passwords: judged, hashed, set. */
#ifndef T2O_AUTH_PASSWORD_H
#define T2O_AUTH_PASSWORD_H

#include "auth/context.h"
#include "auth/policy.h"
#include "core/crypto.h"
#include "store/user.h"

/* Whose words a password of this user's may not lean on. */
struct auth_person auth_password_person(const struct store_user *user);

/*
 * Judges a password by auth/policy.h, and hashes it into *hash (initialised
 * by the caller for AUTH_HASH_LEN_MAX) when it is AUTH_PASSWORD_FINE.
 * `ret_why`: a sentence when it is not.
 */
enum err auth_password_accept(const struct auth_context *context,
    struct secret_str password, const struct auth_person *person,
    struct buf *hash, enum auth_password_verdict *ret_verdict,
    const char **ret_why) must_check;

/*
 * In the caller's transaction: sets the hash, ends the user's sessions but
 * `except_id` (0: all) and logins that wait for a code, tells the user by mail,
 * and writes the audit row.
 */
enum err auth_password_set(const struct auth_context *context,
    const struct store_user *user, struct secret_str hash, uint64_t except_id,
    enum audit_event event) must_check;

#endif
