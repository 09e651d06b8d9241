#include "core/base.h"

#include "auth/role.h"

#include "auth/access.h"
#include "core/utf8.h"
#include "db/conn.h"
#include "store/permission.h"
#include "store/role.h"

#define DETAIL_LEN_MAX 160

/* What a transaction's body is told and finds out. */
struct edit {
	const struct auth_context *context;
	struct str role_name;
	struct str permission_name;
	uint64_t id; /* of what is deleted, or was created */
	struct store_role role;
	struct store_permission permission;
};

const char *auth_role_name_check(struct str text)
{
	bool blank = true;
	uint32_t c;

	while (utf8_next(&text, &c) == OK) {
		if (utf8_is_control(c))
			return "Control characters do not belong in a name.";
		if (c != ' ')
			blank = false;
	}
	return blank ? "Please fill this in." : NULL;
}

/* `role`, or `role: permission` where there is one. */
static enum err audit(const struct edit *e, enum audit_event event)
{
	struct buf detail;
	enum err err;

	buf_init(&detail, DETAIL_LEN_MAX * 4);
	buf_put(&detail, e->role.name);
	if (e->role.name.len > 0 && e->permission.name.len > 0)
		buf_puts(&detail, ": ");
	buf_put(&detail, e->permission.name);
	err = store_audit_add(e->context->app->db, &e->context->origin, event,
	    0, buf_str(&detail), e->context->now_us);
	buf_done(&detail);
	return err;
}

static enum err run(struct edit *e, enum err (*body)(struct db *db, void *arg))
{
	return db_conn_transact(e->context->app->db, body, e);
}

static enum err create_in_transaction(struct db *db, void *arg)
{
	struct edit *e = arg;
	enum err err = store_role_add(db, e->role.name, &e->id);

	return err == OK ? audit(e, AUDIT_ROLE_CREATED) : err;
}

enum err auth_role_create(const struct auth_context *context, struct str name,
    uint64_t *ret_id)
{
	struct edit e = {.context = context, .role = {.name = name}};
	enum err err = run(&e, create_in_transaction);

	if (err == OK)
		*ret_id = e.id;
	return err;
}

static enum err delete_role(struct db *db, void *arg)
{
	const struct edit *e = arg;

	return store_role_delete(db, e->id);
}

static enum err delete_in_transaction(struct db *db, void *arg)
{
	struct edit *e = arg;
	enum err err = store_role_get(db, e->context->arena, e->id, &e->role);

	if (err != OK)
		return err;
	if (!auth_access_covers(e->context, e->role.permissions))
		return ERR_DENIED;
	if (str_eq_nocase(e->role.name, STORE_ROLE_DEFAULT))
		return ERR_CONFLICT;
	err = auth_access_keep_admin(e->context, delete_role, e);
	return err == OK ? audit(e, AUDIT_ROLE_DELETED) : err;
}

enum err auth_role_delete(const struct auth_context *context, uint64_t role_id)
{
	struct edit e = {.context = context, .id = role_id};

	return run(&e, delete_in_transaction);
}

/* Without that role nobody is given it: then it is the sysadmin's to do. */
static enum err give_super_admin(struct db *db, const struct edit *e)
{
	struct store_role role;
	enum err err = store_role_by_name(db, e->context->arena,
	    STORE_ROLE_SUPER_ADMIN, &role);

	if (err == OK)
		err = store_permission_give(db, role.id, e->id);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err create_permission_in_transaction(struct db *db, void *arg)
{
	struct edit *e = arg;
	enum err err = store_permission_add(db, e->permission.name, &e->id);

	if (err == OK)
		err = give_super_admin(db, e);
	return err == OK ? audit(e, AUDIT_PERMISSION_CREATED) : err;
}

enum err auth_role_create_permission(const struct auth_context *context,
    struct str name, uint64_t *ret_id)
{
	struct edit e = {.context = context, .permission = {.name = name}};
	enum err err = run(&e, create_permission_in_transaction);

	if (err == OK)
		*ret_id = e.id;
	return err;
}

static enum err delete_permission(struct db *db, void *arg)
{
	const struct edit *e = arg;

	return store_permission_delete(db, e->id);
}

static enum err delete_permission_in_transaction(struct db *db, void *arg)
{
	struct edit *e = arg;
	enum err err = store_permission_get(db, e->context->arena, e->id,
	    &e->permission);

	if (err != OK)
		return err;
	if (!auth_access_covers(e->context, e->permission.name))
		return ERR_DENIED;
	err = auth_access_keep_admin(e->context, delete_permission, e);
	return err == OK ? audit(e, AUDIT_PERMISSION_DELETED) : err;
}

enum err auth_role_delete_permission(const struct auth_context *context,
    uint64_t permission_id)
{
	struct edit e = {.context = context, .id = permission_id};

	return run(&e, delete_permission_in_transaction);
}

/* Role and permission by their names, if the actor may touch both. */
static enum err find_pair(struct db *db, struct edit *e)
{
	struct arena *arena = e->context->arena;
	enum err err = store_role_by_name(db, arena, e->role_name, &e->role);

	if (err == OK)
		err = store_permission_by_name(db, arena, e->permission_name,
		    &e->permission);
	if (err == OK &&
	    (!auth_access_covers(e->context, e->role.permissions) ||
		!auth_access_covers(e->context, e->permission.name)))
		err = ERR_DENIED;
	return err;
}

static enum err give_in_transaction(struct db *db, void *arg)
{
	struct edit *e = arg;
	enum err err = find_pair(db, e);

	if (err == OK)
		err = store_permission_give(db, e->role.id, e->permission.id);
	return err == OK ? audit(e, AUDIT_PERMISSION_GIVEN) : err;
}

enum err auth_role_give(const struct auth_context *context,
    struct str role_name, struct str permission_name)
{
	struct edit e = {.context = context,
	    .role_name = role_name,
	    .permission_name = permission_name};

	return run(&e, give_in_transaction);
}

static enum err take(struct db *db, void *arg)
{
	const struct edit *e = arg;

	return store_permission_take(db, e->role.id, e->permission.id);
}

static enum err take_in_transaction(struct db *db, void *arg)
{
	struct edit *e = arg;
	enum err err = find_pair(db, e);

	if (err == OK)
		err = auth_access_keep_admin(e->context, take, e);
	return err == OK ? audit(e, AUDIT_PERMISSION_TAKEN) : err;
}

enum err auth_role_take(const struct auth_context *context,
    struct str role_name, struct str permission_name)
{
	struct edit e = {.context = context,
	    .role_name = role_name,
	    .permission_name = permission_name};

	return run(&e, take_in_transaction);
}
