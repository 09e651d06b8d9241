/* From sign-up to a confirmed address. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/account.h"
#include "auth/policy.h"
#include "core/addr.h"

static const struct field signup_fields[] = {
    {"first_name", FIELD_TEXT, offsetof(struct auth_signup, person.first_name),
	true, AUTH_NAME_LEN_MAX, auth_policy_name},
    {"last_name", FIELD_TEXT, offsetof(struct auth_signup, person.last_name),
	true, AUTH_NAME_LEN_MAX, auth_policy_name},
    {"username", FIELD_TEXT, offsetof(struct auth_signup, person.username),
	true, AUTH_USERNAME_LEN_MAX, auth_policy_username},
    {"email", FIELD_TEXT, offsetof(struct auth_signup, person.email), true,
	ADDR_LEN_MAX, auth_policy_email},
    {"password", FIELD_PASSWORD, offsetof(struct auth_signup, password), true,
	0, NULL},
};
const struct field_table api_account_signup_body = FIELD_TABLE(signup_fields,
    struct auth_signup);

static const struct field token_fields[] = {
    {"token", FIELD_TOKEN, offsetof(struct api_token_body, token), true, 0,
	NULL},
};
const struct field_table api_account_token_body = FIELD_TABLE(token_fields,
    struct api_token_body);

static const struct field email_fields[] = {
    {"email", FIELD_TEXT, offsetof(struct api_email_body, email), true,
	ADDR_LEN_MAX, auth_policy_email},
};
const struct field_table api_account_email_body = FIELD_TABLE(email_fields,
    struct api_email_body);

void api_account_signup(struct api_call *call)
{
	enum auth_signup_outcome outcome;
	const char *why;
	enum err err = auth_account_signup(&call->auth, call->body, &outcome,
	    &why);

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	switch (outcome) {
	case AUTH_SIGNUP_ACCEPTED:
		api_done(call, 201,
		    "Please check your email to verify your account");
		break;
	case AUTH_SIGNUP_USERNAME_TAKEN:
		api_fail(call, API_USERNAME_TAKEN);
		break;
	case AUTH_SIGNUP_PASSWORD_LENGTH:
		api_fail_field(call, API_VALIDATION_FAILED, "password", why);
		break;
	case AUTH_SIGNUP_PASSWORD_WEAK:
		api_fail_field(call, API_WEAK_PASSWORD, "password", why);
		break;
	}
}

static void verify(struct api_call *call, const struct secret *token)
{
	enum err err = auth_account_verify(&call->auth, token);

	if (err == OK)
		api_done(call, 200, "Your account has been verified");
	else if (err == ERR_NOT_FOUND)
		api_fail(call, API_INVALID_TOKEN);
	else
		api_fail_err(call, err);
}

void api_account_verify_path(struct api_call *call)
{
	struct secret token;

	if (secret_parse(call->params[0], &token) != OK) {
		api_fail(call, API_INVALID_TOKEN);
		return;
	}
	verify(call, &token);
	crypto_wipe(&token, sizeof(token));
}

void api_account_verify_body(struct api_call *call)
{
	const struct api_token_body *body = call->body;

	verify(call, &body->token);
}

void api_account_resend(struct api_call *call)
{
	const struct api_email_body *body = call->body;
	enum err err = auth_account_resend(&call->auth, body->email);

	if (err == OK)
		api_done(call, 200,
		    "If this address waits to be verified, "
		    "a mail is on its way to it");
	else
		api_fail_err(call, err);
}
