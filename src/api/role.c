/* Roles and permissions. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/role.h"
#include "store/permission.h"
#include "store/role.h"

#define ROLES_MAX 1000
#define MESSAGE_LEN_MAX 300

struct name_body {
	struct str name;
};

static const struct field name_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct name_body, name), true,
	AUTH_ROLE_NAME_LEN_MAX, auth_role_name_check},
};
const struct field_table api_role_name_body = FIELD_TABLE(name_fields,
    struct name_body);

struct pair_body {
	struct str permission;
	struct str role;
};

static const struct field pair_fields[] = {
    {"permission_name", FIELD_TEXT, offsetof(struct pair_body, permission),
	true, AUTH_ROLE_NAME_LEN_MAX, NULL},
    {"role_name", FIELD_TEXT, offsetof(struct pair_body, role), true,
	AUTH_ROLE_NAME_LEN_MAX, NULL},
};
const struct field_table api_role_pair_body = FIELD_TABLE(pair_fields,
    struct pair_body);

struct id_body {
	uint64_t id;
};

static const struct field role_id_fields[] = {
    {"role_id", FIELD_ID, offsetof(struct id_body, id), true, 0, NULL},
};
const struct field_table api_role_id_body = FIELD_TABLE(role_id_fields,
    struct id_body);

static const struct field permission_id_fields[] = {
    {"permission_id", FIELD_ID, offsetof(struct id_body, id), true, 0, NULL},
};
const struct field_table api_role_permission_id_body =
    FIELD_TABLE(permission_id_fields, struct id_body);

/* A service's result, when there is nothing to tell but that it is done. */
static void answer(struct api_call *call, enum err err, const char *message)
{
	if (err == OK)
		api_done(call, 200, message);
	else
		api_refuse(call, err, NULL);
}

static void created(struct api_call *call, enum err err, const char *message,
    uint64_t id)
{
	struct json_out out;

	if (err != OK) {
		api_refuse(call, err, NULL);
		return;
	}
	api_begin(call, 201, true, message, &out);
	json_u64(&out, "id", id);
	api_end(&out);
}

void api_role_list(struct api_call *call)
{
	struct store_role *list;
	struct json_out out;
	size_t n;
	enum err err = store_role_list(call->app->db, call->arena, ROLES_MAX,
	    &list, &n);

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	api_begin(call, 200, true, "Roles", &out);
	json_array(&out, "roles");
	for (size_t i = 0; i < n; i++) {
		json_object(&out, NULL);
		json_u64(&out, "id", list[i].id);
		json_str(&out, "name", list[i].name);
		json_lines(&out, "permissions", list[i].permissions);
		json_object_end(&out);
	}
	json_array_end(&out);
	api_end(&out);
}

void api_role_permissions(struct api_call *call)
{
	struct store_permission *list;
	struct json_out out;
	size_t n;
	enum err err = store_permission_list(call->app->db, call->arena,
	    ROLES_MAX, &list, &n);

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	api_begin(call, 200, true, "Permissions", &out);
	json_array(&out, "permissions");
	for (size_t i = 0; i < n; i++) {
		json_object(&out, NULL);
		json_u64(&out, "id", list[i].id);
		json_str(&out, "name", list[i].name);
		json_object_end(&out);
	}
	json_array_end(&out);
	api_end(&out);
}

void api_role_create(struct api_call *call)
{
	const struct name_body *body = call->body;
	uint64_t id = 0;
	enum err err = auth_role_create(&call->auth, body->name, &id);

	created(call, err, "New role created", id);
}

void api_role_create_permission(struct api_call *call)
{
	const struct name_body *body = call->body;
	struct buf message;
	uint64_t id = 0;
	enum err err = auth_role_create_permission(&call->auth, body->name,
	    &id);

	buf_init(&message, MESSAGE_LEN_MAX);
	buf_puts(&message, "Permission \"");
	buf_put(&message, body->name);
	buf_puts(&message, "\" created successfully");
	created(call, err, message.p, id);
	buf_done(&message);
}

void api_role_delete(struct api_call *call)
{
	const struct id_body *body = call->body;

	answer(call, auth_role_delete(&call->auth, body->id),
	    "Role deleted successfully");
}

void api_role_delete_permission(struct api_call *call)
{
	const struct id_body *body = call->body;

	answer(call, auth_role_delete_permission(&call->auth, body->id),
	    "Permission deleted successfully");
}

void api_role_give(struct api_call *call)
{
	const struct pair_body *body = call->body;

	answer(call, auth_role_give(&call->auth, body->role, body->permission),
	    "Permission assigned to role");
}

void api_role_take(struct api_call *call)
{
	const struct pair_body *body = call->body;

	answer(call, auth_role_take(&call->auth, body->role, body->permission),
	    "Permission removed from role");
}
