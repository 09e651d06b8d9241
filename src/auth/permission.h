/*
 * The guards about people, whoever asks: nobody acts on a user who holds a
 * permission they lack, and somebody can always hand on everything.
 */
#ifndef T2O_AUTH_PERMISSION_H
#define T2O_AUTH_PERMISSION_H

#include "auth/context.h"
#include "store/session.h"

/* Whoever holds this may hand on everything; the last one is protected. */
#define AUTH_ADMIN_PERMISSION STR("manage_admin")

bool auth_permission_held(const struct store_principal *principal,
    struct str permission);

/* Whether the principal holds each permission that the user holds. */
enum err auth_permission_covers(const struct auth_context *context,
    const struct store_principal *principal, uint64_t user_id,
    bool *ret_covers) must_check;

/*
 * In the caller's transaction, makes a change that may cost somebody
 * AUTH_ADMIN_PERMISSION.  ERR_DENIED when nobody would be left who holds it,
 * also when several such changes are made at once.
 */
enum err auth_permission_keep_admin(const struct auth_context *context,
    enum err (*change)(struct db *db, void *arg), void *arg) must_check;

#endif
