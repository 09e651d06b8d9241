/*
 * Roles and permissions as administrators edit them.
 *
 * Each is one transaction with its audit row.  ERR_DENIED when the role holds,
 * or would come to hold, a permission that the actor lacks, or when nobody
 * would be left who holds AUTH_ADMIN_PERMISSION; ERR_NOT_FOUND when there is
 * no such role or permission; ERR_CONFLICT when it is so already, or must not
 * go.
 */
#ifndef T2O_AUTH_ROLE_H
#define T2O_AUTH_ROLE_H

#include "auth/context.h"

#define AUTH_ROLE_NAME_LEN_MAX 50

/* A field_check: not blank, no control characters. */
const char *auth_role_name_check(struct str text);

enum err auth_role_create(const struct auth_context *context, struct str name,
    uint64_t *ret_id) must_check;

/* ERR_CONFLICT for the role that everyone gets at sign-up. */
enum err auth_role_delete(const struct auth_context *context,
    uint64_t role_id) must_check;

/*
 * "Super Admin" is given it at once, so that somebody can hand it on; so the
 * actor needs no permission to hand on yet.
 */
enum err auth_role_create_permission(const struct auth_context *context,
    struct str name, uint64_t *ret_id) must_check;
enum err auth_role_delete_permission(const struct auth_context *context,
    uint64_t permission_id) must_check;

enum err auth_role_give(const struct auth_context *context,
    struct str role_name, struct str permission_name) must_check;
enum err auth_role_take(const struct auth_context *context,
    struct str role_name, struct str permission_name) must_check;

#endif
