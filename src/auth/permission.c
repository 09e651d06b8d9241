#include "core/base.h"

#include "auth/permission.h"

#include "store/role.h"

static bool has_line(struct str lines, struct str wanted)
{
	struct str line;

	while (str_next(&lines, '\n', &line))
		if (str_eq(line, wanted))
			return true;
	return false;
}

bool auth_permission_held(const struct store_principal *principal,
    struct str permission)
{
	return has_line(principal->permissions, permission);
}

enum err auth_permission_covers(const struct auth_context *context,
    const struct store_principal *principal, uint64_t user_id, bool *ret_covers)
{
	struct str lines, line;
	enum err err = store_role_permissions_of(context->app->db,
	    context->arena, user_id, &lines);

	if (err != OK)
		return err;
	*ret_covers = true;
	while (*ret_covers && lines.len > 0 && str_next(&lines, '\n', &line))
		*ret_covers = auth_permission_held(principal, line);
	return OK;
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
enum err auth_permission_keep_admin(const struct auth_context *context,
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
