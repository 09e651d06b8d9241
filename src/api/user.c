/* What administrators do to users. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/admin.h"
#include "store/permission.h"
#include "store/role.h"

#define ACCESS_MAX 1000

struct user_role_body {
	uint64_t user_id;
	uint64_t role_id;
};

static const struct field user_role_fields[] = {
    {"user_id", FIELD_ID, offsetof(struct user_role_body, user_id), true, 0,
	NULL},
    {"role_id", FIELD_ID, offsetof(struct user_role_body, role_id), true, 0,
	NULL},
};
const struct field_table api_user_role_body = FIELD_TABLE(user_role_fields,
    struct user_role_body);

static void answer(struct api_call *call, enum err err, const char *why,
    const char *message)
{
	if (err == OK)
		api_done(call, 200, message);
	else
		api_refuse(call, err, why);
}

/* An action of auth/admin.h on the role that the body names. */
static void act_on_role(struct api_call *call, const char *message,
    enum err (*action)(const struct auth_context *context, uint64_t user_id,
	struct str role, const char **ret_why))
{
	const struct user_role_body *body = call->body;
	struct store_role role;
	const char *why = NULL;
	enum err err = store_role_get(call->app->db, call->arena, body->role_id,
	    &role);

	if (err == OK)
		err = action(&call->auth, body->user_id, role.name, &why);
	answer(call, err, why, message);
}

void api_user_grant(struct api_call *call)
{
	act_on_role(call, "Role assigned to user", auth_admin_grant);
}

void api_user_revoke(struct api_call *call)
{
	act_on_role(call, "Role removed from user", auth_admin_revoke);
}

/* An action of auth/admin.h on the user whom the path names. */
static void act(struct api_call *call, const char *message,
    enum err (*action)(const struct auth_context *context, uint64_t user_id,
	const char **ret_why))
{
	const char *why = NULL;
	uint64_t id;

	if (str_to_u64(call->params[0], FIELD_ID_MAX, &id) != OK)
		api_fail(call, API_NOT_FOUND);
	else
		answer(call, action(&call->auth, id, &why), why, message);
}

void api_user_disable(struct api_call *call)
{
	act(call, "Account disabled", auth_admin_disable);
}

void api_user_enable(struct api_call *call)
{
	act(call, "Account enabled", auth_admin_enable);
}

void api_user_verify(struct api_call *call)
{
	act(call, "Address confirmed", auth_admin_verify);
}

void api_user_send_reset(struct api_call *call)
{
	act(call, "Password reset email sent", auth_admin_send_reset);
}

void api_user_reset_twofa(struct api_call *call)
{
	act(call, "Second factor turned off", auth_admin_reset_twofa);
}

void api_user_end_sessions(struct api_call *call)
{
	act(call, "All sessions have ended", auth_admin_end_sessions);
}

static void put_access(struct json_out *out, const struct store_access *list,
    size_t n)
{
	json_array(out, "access");
	for (size_t i = 0; i < n; i++) {
		json_object(out, NULL);
		json_str(out, "permission", list[i].permission);
		json_str(out, "role", list[i].role);
		json_object_end(out);
	}
	json_array_end(out);
}

void api_user_access(struct api_call *call)
{
	struct store_access *list = NULL;
	struct store_user user;
	struct json_out out;
	uint64_t id;
	size_t n = 0;
	enum err err = str_to_u64(call->params[0], FIELD_ID_MAX, &id) == OK
	    ? store_user_get(call->app->db, call->arena, id, &user)
	    : ERR_NOT_FOUND;

	if (err == OK)
		err = store_permission_explain(call->app->db, call->arena, id,
		    ACCESS_MAX, &list, &n);
	if (err != OK) {
		api_refuse(call, err, NULL);
		return;
	}
	api_begin(call, 200, true, "What this user may do, and why", &out);
	put_access(&out, list, n);
	api_end(&out);
}
