/*
 * Who may do what to whom, beyond a route's own permission: nobody hands on,
 * or acts on, more than they hold themselves.
 */
#ifndef T2O_AUTH_ACCESS_H
#define T2O_AUTH_ACCESS_H

#include "auth/context.h"
#include "store/session.h"

/* Whoever holds this may hand on everything; its last holder is protected. */
#define AUTH_ADMIN_PERMISSION STR("manage_admin")

bool auth_access_has(const struct store_principal *principal,
    struct str permission);

/*
 * Whether the context's actor holds each of these permissions, one a line.  The
 * sysadmin holds all; nobody holds none.
 */
bool auth_access_covers(const struct auth_context *context,
    struct str permissions);

/*
 * ERR_DENIED when the user holds a permission that the actor lacks;
 * ERR_NOT_FOUND when there is no such user.
 */
enum err auth_access_over_user(const struct auth_context *context,
    uint64_t user_id) must_check;

/*
 * Makes a change that may cost somebody AUTH_ADMIN_PERMISSION, in the caller's
 * transaction; ERR_DENIED when it would leave no enabled user who holds it,
 * also of several changes at once.
 */
enum err auth_access_keep_admin(const struct auth_context *context,
    enum err (*change)(struct db *db, void *arg), void *arg) must_check;

/*
 * Whose rows of the audit log: those of `wanted_id`, or with 0 all that the
 * actor may see, which is everybody's (0) for who holds access_logs, else their
 * own.  ERR_DENIED for somebody else's without it.
 */
enum err auth_access_logs(const struct auth_context *context,
    uint64_t wanted_id, uint64_t *ret_user_id) must_check;

#endif
