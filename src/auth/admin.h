/*
 * What an administrator does to accounts.  Each is one transaction with its
 * audit rows, and refused (ERR_DENIED) to an actor who lacks a permission that
 * the user, or the role to be given, holds; the sysadmin lacks none.
 *
 * `ret_why` gets a sentence, static, or "", when the result is not OK.
 * ERR_NOT_FOUND: no such user, or no such role.  ERR_CONFLICT: it is so
 * already.
 */
#ifndef T2O_AUTH_ADMIN_H
#define T2O_AUTH_ADMIN_H

#include "auth/access.h"
#include "auth/context.h"
#include "auth/policy.h"
#include "core/crypto.h"

struct auth_new_user {
	struct auth_person person;
	struct secret_str password;
	struct str role; /* besides the default one; empty: none */
	bool verified;	 /* else a verification mail is queued */
};

enum err auth_admin_add(const struct auth_context *context,
    const struct auth_new_user *user, uint64_t *ret_id,
    const char **ret_why) must_check;

/* All sessions of the user end. */
enum err auth_admin_set_password(const struct auth_context *context,
    uint64_t user_id, struct secret_str password,
    const char **ret_why) must_check;

/*
 * All sessions of the user end.  ERR_DENIED for the last holder of
 * AUTH_ADMIN_PERMISSION, also when several are disabled at once.
 */
enum err auth_admin_disable(const struct auth_context *context,
    uint64_t user_id, const char **ret_why) must_check;
enum err auth_admin_enable(const struct auth_context *context, uint64_t user_id,
    const char **ret_why) must_check;

/* Queues the mail that resets a password. */
enum err auth_admin_send_reset(const struct auth_context *context,
    uint64_t user_id, const char **ret_why) must_check;

/* Logs the user out everywhere. */
enum err auth_admin_end_sessions(const struct auth_context *context,
    uint64_t user_id, const char **ret_why) must_check;

/* Turns the second factor off. */
enum err auth_admin_reset_twofa(const struct auth_context *context,
    uint64_t user_id, const char **ret_why) must_check;

/* Takes the address as confirmed. */
enum err auth_admin_verify(const struct auth_context *context, uint64_t user_id,
    const char **ret_why) must_check;

enum err auth_admin_grant(const struct auth_context *context, uint64_t user_id,
    struct str role, const char **ret_why) must_check;

/* ERR_DENIED as for auth_admin_disable. */
enum err auth_admin_revoke(const struct auth_context *context, uint64_t user_id,
    struct str role, const char **ret_why) must_check;

#endif
