/* How an account ends. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/erase.h"

struct erase_body {
	struct secret_str password;
};

static const struct field erase_fields[] = {
    {"password", FIELD_PASSWORD, offsetof(struct erase_body, password), true, 0,
	NULL},
};
const struct field_table api_erase_body = FIELD_TABLE(erase_fields,
    struct erase_body);

static void answer(struct api_call *call, const struct auth_erase_result *r)
{
	switch (r->outcome) {
	case AUTH_ERASE_DONE:
		api_done(call, 200, "Your account has been erased");
		api_drop_session(call);
		break;
	case AUTH_ERASE_WRONG_PASSWORD:
		api_fail(call, API_INVALID_CREDENTIALS);
		break;
	case AUTH_ERASE_THROTTLED:
		api_fail_wait(call, API_TOO_MANY_REQUESTS, r->wait_s);
		break;
	case AUTH_ERASE_LAST_ADMIN:
		api_refuse(call, ERR_DENIED,
		    "The last administrator cannot be taken away.");
		break;
	}
}

void api_erase(struct api_call *call)
{
	const struct erase_body *body = call->body;
	struct auth_erase_result result = {0};
	enum err err = auth_erase(&call->auth, call->principal, body->password,
	    &result);

	if (err == OK)
		answer(call, &result);
	else
		api_fail_session(call, err);
}
