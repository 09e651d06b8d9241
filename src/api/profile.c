/* What somebody is called, and how they are reached. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/profile.h"
#include "core/addr.h"

static const struct field update_fields[] = {
    {"first_name", FIELD_TEXT, offsetof(struct auth_profile, person.first_name),
	true, AUTH_NAME_LEN_MAX, auth_policy_name},
    {"last_name", FIELD_TEXT, offsetof(struct auth_profile, person.last_name),
	true, AUTH_NAME_LEN_MAX, auth_policy_name},
    {"username", FIELD_TEXT, offsetof(struct auth_profile, person.username),
	true, AUTH_USERNAME_LEN_MAX, auth_policy_username},
    {"email", FIELD_TEXT, offsetof(struct auth_profile, person.email), true,
	ADDR_LEN_MAX, auth_policy_email},
    {"user_id", FIELD_ID, offsetof(struct auth_profile, user_id), false, 0,
	NULL},
    {"password", FIELD_PASSWORD, offsetof(struct auth_profile, password), false,
	0, NULL},
    {"current_password", FIELD_PASSWORD,
	offsetof(struct auth_profile, current_password), false, 0, NULL},
};
const struct field_table api_profile_update_body = FIELD_TABLE(update_fields,
    struct auth_profile);

static void updated(struct api_call *call, const struct auth_profile_result *r)
{
	struct json_out out;

	api_begin(call, 200, true, "Profile updated successfully.", &out);
	if (r->renewed) {
		api_put_session(call, &r->session_id);
		api_put_csrf(call, &r->session_id, &out);
	}
	api_end(&out);
}

static void answer(struct api_call *call, const struct auth_profile_result *r)
{
	switch (r->outcome) {
	case AUTH_PROFILE_UPDATED:
		updated(call, r);
		break;
	case AUTH_PROFILE_FORBIDDEN:
		api_fail(call, API_FORBIDDEN);
		break;
	case AUTH_PROFILE_NOT_RECENT:
		api_fail(call, API_RECENT_LOGIN_REQUIRED);
		break;
	case AUTH_PROFILE_NOBODY:
		api_fail(call, API_NOT_FOUND);
		break;
	case AUTH_PROFILE_NO_PASSWORD:
		api_fail_field(call, API_VALIDATION_FAILED, "current_password",
		    "is required");
		break;
	case AUTH_PROFILE_WRONG_PASSWORD:
		api_fail(call, API_INVALID_CREDENTIALS);
		break;
	case AUTH_PROFILE_THROTTLED:
		api_fail_wait(call, API_TOO_MANY_REQUESTS, r->wait_s);
		break;
	case AUTH_PROFILE_USERNAME_TAKEN:
		api_fail(call, API_USERNAME_TAKEN);
		break;
	case AUTH_PROFILE_PASSWORD_LENGTH:
		api_fail_field(call, API_VALIDATION_FAILED, "password", r->why);
		break;
	case AUTH_PROFILE_PASSWORD_WEAK:
		api_fail_field(call, API_WEAK_PASSWORD, "password", r->why);
		break;
	}
}

/* A session that has ended meanwhile is not found any more. */
void api_profile_update(struct api_call *call)
{
	struct auth_profile_result result;
	enum err err = auth_profile_update(&call->auth, call->principal,
	    call->body, &result);

	if (err == OK)
		answer(call, &result);
	else
		api_fail_session(call, err);
	crypto_wipe(&result.session_id, sizeof(result.session_id));
}
