#include "core/base.h"

#include "auth/access.h"

#include "store/role.h"

static bool holds(struct str permissions, struct str permission)
{
	struct str name;

	while (str_next(&permissions, '\n', &name))
		if (str_eq(name, permission))
			return true;
	return false;
}

bool auth_access_has(const struct store_principal *principal,
    struct str permission)
{
	return permission.len > 0 && holds(principal->permissions, permission);
}

bool auth_access_covers(const struct auth_context *context,
    struct str permissions)
{
	struct str name;

	if (context->is_sysadmin)
		return true;
	if (context->actor == NULL)
		return false;
	while (permissions.len > 0 && str_next(&permissions, '\n', &name))
		if (!auth_access_has(context->actor, name))
			return false;
	return true;
}

enum err auth_access_over_user(const struct auth_context *context,
    uint64_t user_id)
{
	struct db *db = context->app->db;
	struct store_user user;
	struct str permissions;
	enum err err = store_user_get(db, context->arena, user_id, &user);

	if (err == OK)
		err = store_role_permissions_of(db, context->arena, user_id,
		    &permissions);
	if (err == OK && !auth_access_covers(context, permissions))
		err = ERR_DENIED;
	return err;
}

static enum err count_admins(const struct auth_context *context,
    uint64_t *ret_n)
{
	return store_role_count_holders(context->app->db, context->arena,
	    AUTH_ADMIN_PERMISSION, ret_n);
}

/*
 * The holders are locked before the change, so that of two who would each
 * leave one, and together none, the second is refused.
 */
enum err auth_access_keep_admin(const struct auth_context *context,
    enum err (*change)(struct db *db, void *arg), void *arg)
{
	uint64_t n_before;
	uint64_t n_after;
	enum err err = count_admins(context, &n_before);

	if (err == OK)
		err = change(context->app->db, arg);
	if (err == OK)
		err = count_admins(context, &n_after);
	if (err == OK && n_before > 0 && n_after == 0)
		return ERR_DENIED;
	return err;
}

enum err auth_access_logs(const struct auth_context *context,
    uint64_t wanted_id, uint64_t *ret_user_id)
{
	const struct store_principal *actor = context->actor;

	if (context->is_sysadmin ||
	    (actor != NULL && auth_access_has(actor, STR("access_logs")))) {
		*ret_user_id = wanted_id;
		return OK;
	}
	if (actor == NULL || (wanted_id != 0 && wanted_id != actor->user.id))
		return ERR_DENIED;
	*ret_user_id = actor->user.id;
	return OK;
}
