/* Passwords: forgotten, reset, changed, and shown once more. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/identity.h"
#include "auth/policy.h"
#include "auth/reset.h"
#include "core/addr.h"

/* The old client's form: the token is in the path, and it sends the email. */
static const struct field reset_path_fields[] = {
    {"password", FIELD_PASSWORD, offsetof(struct auth_reset, password), true, 0,
	NULL},
    {"email", FIELD_TEXT, offsetof(struct auth_reset, email), false,
	ADDR_LEN_MAX, NULL},
};
const struct field_table api_password_reset_path_body =
    FIELD_TABLE(reset_path_fields, struct auth_reset);

static const struct field reset_fields[] = {
    {"token", FIELD_TOKEN, offsetof(struct auth_reset, token), true, 0, NULL},
    {"password", FIELD_PASSWORD, offsetof(struct auth_reset, password), true, 0,
	NULL},
};
const struct field_table api_password_reset_body = FIELD_TABLE(reset_fields,
    struct auth_reset);

struct change_body {
	struct secret_str current;
	struct secret_str wanted;
};

static const struct field change_fields[] = {
    {"current_password", FIELD_PASSWORD, offsetof(struct change_body, current),
	true, 0, NULL},
    {"new_password", FIELD_PASSWORD, offsetof(struct change_body, wanted), true,
	0, NULL},
};
const struct field_table api_password_change_body = FIELD_TABLE(change_fields,
    struct change_body);

/* One of them. */
struct confirm_body {
	struct secret_str password;
	struct secret_str code;
};

static const struct field confirm_fields[] = {
    {"password", FIELD_PASSWORD, offsetof(struct confirm_body, password), false,
	0, NULL},
    {"token", FIELD_PASSWORD, offsetof(struct confirm_body, code), false, 0,
	NULL},
};
const struct field_table api_password_confirm_body = FIELD_TABLE(confirm_fields,
    struct confirm_body);

void api_password_forgot(struct api_call *call)
{
	const struct api_email_body *body = call->body;
	enum err err = auth_reset_ask(&call->auth, body->email);

	if (err == OK)
		api_done(call, 200, "Password reset email sent");
	else
		api_fail_err(call, err);
}

void api_password_reset(struct api_call *call)
{
	enum auth_reset_outcome outcome;
	const char *why;
	enum err err = auth_reset(&call->auth, call->body, &outcome, &why);

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	switch (outcome) {
	case AUTH_RESET_DONE:
		api_done(call, 200, "Password has been reset");
		break;
	case AUTH_RESET_BAD_TOKEN:
		api_fail(call, API_INVALID_TOKEN);
		break;
	case AUTH_RESET_PASSWORD_LENGTH:
		api_fail_field(call, API_VALIDATION_FAILED, "password", why);
		break;
	case AUTH_RESET_PASSWORD_WEAK:
		api_fail_field(call, API_WEAK_PASSWORD, "password", why);
		break;
	}
}

void api_password_reset_path(struct api_call *call)
{
	struct auth_reset *reset = call->body;

	if (secret_parse(call->params[0], &reset->token) == OK)
		api_password_reset(call);
	else
		api_fail(call, API_INVALID_TOKEN);
}

/*
 * Answers for a proof of identity, given or not.  A session that has ended
 * meanwhile is not found any more.
 */
static void answer(struct api_call *call, enum err err,
    struct auth_identity_result *r, const char *message)
{
	struct json_out out;

	if (err != OK) {
		api_fail_session(call, err);
		return;
	}
	switch (r->outcome) {
	case AUTH_IDENTITY_PROVEN:
		api_begin(call, 200, true, message, &out);
		api_put_session(call, &r->session_id);
		api_put_csrf(call, &r->session_id, &out);
		api_end(&out);
		break;
	case AUTH_IDENTITY_WRONG:
		api_fail(call, API_INVALID_CREDENTIALS);
		break;
	case AUTH_IDENTITY_BAD_CODE:
		api_fail(call, API_INVALID_CODE);
		break;
	case AUTH_IDENTITY_THROTTLED:
		api_fail_wait(call, API_TOO_MANY_REQUESTS, r->wait_s);
		break;
	case AUTH_IDENTITY_PASSWORD_LENGTH:
		api_fail_field(call, API_VALIDATION_FAILED, "new_password",
		    r->why);
		break;
	case AUTH_IDENTITY_PASSWORD_WEAK:
		api_fail_field(call, API_WEAK_PASSWORD, "new_password", r->why);
		break;
	}
	crypto_wipe(&r->session_id, sizeof(r->session_id));
}

void api_password_confirm(struct api_call *call)
{
	const struct confirm_body *body = call->body;
	struct auth_identity_result result = {0};
	enum err err;

	if (body->password.len > 0)
		err = auth_identity_confirm(&call->auth, call->principal,
		    body->password, &result);
	else if (body->code.len > 0)
		err = auth_identity_confirm_by_code(&call->auth,
		    call->principal, body->code, &result);
	else {
		api_fail_field(call, API_VALIDATION_FAILED, "password",
		    "is required");
		return;
	}
	answer(call, err, &result, "Identity confirmed");
}

void api_password_change(struct api_call *call)
{
	const struct change_body *body = call->body;
	struct auth_identity_result result = {0};
	enum err err = auth_identity_change_password(&call->auth,
	    call->principal, body->current, body->wanted, &result);

	answer(call, err, &result, "Password changed");
}
