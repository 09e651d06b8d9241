/* Where somebody is logged in, and out with it. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/session.h"
#include "store/session.h"

#define DEVICES_MAX 100

static void put_device(struct json_out *out, const struct store_session *s,
    bool current)
{
	json_object(out, NULL);
	json_u64(out, "id", s->id);
	json_time(out, "created_at", s->created_us);
	json_time(out, "last_seen_at", s->last_seen_us);
	json_str(out, "ip", s->client_ip);
	json_str(out, "user_agent", s->user_agent);
	json_bool(out, "current", current);
	json_object_end(out);
}

void api_device_list(struct api_call *call)
{
	uint64_t current_id = call->principal->session.id;
	struct store_session *list;
	struct json_out out;
	size_t n;
	enum err err = store_session_list(call->app->db, call->arena,
	    call->principal->user.id, call->auth.now_us, DEVICES_MAX, &list,
	    &n);

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	api_begin(call, 200, true, "Where you are logged in", &out);
	json_array(&out, "sessions");
	for (size_t i = 0; i < n; i++)
		put_device(&out, &list[i], list[i].id == current_id);
	json_array_end(&out);
	api_end(&out);
}

void api_device_end(struct api_call *call)
{
	uint64_t id;
	enum err err = str_to_u64(call->params[0], FIELD_ID_MAX, &id);

	if (err == OK)
		err = auth_session_revoke(&call->auth, call->principal->user.id,
		    id);
	if (err == OK)
		api_done(call, 200, "That session has ended");
	else if (err == ERR_NOT_FOUND || err == ERR_INVALID)
		api_fail(call, API_NOT_FOUND);
	else
		api_fail_err(call, err);
}

void api_device_end_others(struct api_call *call)
{
	struct json_out out;
	uint64_t n;
	enum err err = auth_session_revoke_others(&call->auth,
	    call->principal->user.id, call->principal->session.id, &n);

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	api_begin(call, 200, true, "All other sessions have ended", &out);
	json_u64(&out, "ended", n);
	api_end(&out);
}
