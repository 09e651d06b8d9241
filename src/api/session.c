/* In, out, and who am I. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/device.h"
#include "auth/login.h"
#include "auth/session.h"
#include "core/addr.h"

#define CHALLENGE_LEN_MAX 64 /* ours are shorter */
#define DEVICE_COOKIES_MAX 4

/* What is required depends on the form: see is_whole. */
static const struct field login_fields[] = {
    {"username_or_email", FIELD_TEXT,
	offsetof(struct auth_login, username_or_email), false, ADDR_LEN_MAX,
	NULL},
    {"password", FIELD_PASSWORD, offsetof(struct auth_login, password), false,
	0, NULL},
    {"challenge", FIELD_TEXT, offsetof(struct auth_login, challenge), false,
	CHALLENGE_LEN_MAX, NULL},
    {"token", FIELD_PASSWORD, offsetof(struct auth_login, code), false, 0,
	NULL},
};
const struct field_table api_session_login_body = FIELD_TABLE(login_fields,
    struct auth_login);

/* What a refused login is told; zero: it was not refused. */
static const enum api_error refusals[] = {
    [AUTH_LOGIN_GRANTED] = 0,
    [AUTH_LOGIN_INVALID] = API_INVALID_CREDENTIALS,
    [AUTH_LOGIN_UNVERIFIED] = API_EMAIL_NOT_VERIFIED,
    [AUTH_LOGIN_DISABLED] = API_ACCOUNT_DISABLED,
    [AUTH_LOGIN_TWOFA] = API_TWOFA_REQUIRED,
    [AUTH_LOGIN_BAD_CODE] = API_INVALID_CODE,
    [AUTH_LOGIN_OVER] = API_LOGIN_OVER,
    [AUTH_LOGIN_THROTTLED] = API_TOO_MANY_REQUESTS,
};

/* Of several cookies of that name, which a user cannot have by themselves. */
static struct auth_device device_of(const struct api_call *call)
{
	struct str rest = call->request->cookie;
	struct auth_device device = {0};
	struct str value;

	for (size_t tried = 0; tried < DEVICE_COOKIES_MAX &&
	     http_cookie_next(&rest, API_DEVICE_COOKIE, &value);
	     tried++)
		if (auth_device_parse(call->app->config, value, &device))
			break;
	return device;
}

static void put_device(struct api_call *call, uint64_t user_id)
{
	struct buf text;

	buf_init(&text, AUTH_DEVICE_LEN_MAX);
	auth_device_new(call->app->config, user_id, &text);
	http_response_cookie(call->response, API_DEVICE_COOKIE, buf_str(&text),
	    true, HTTP_SAME_SITE_LAX, AUTH_DEVICE_LIFETIME_S);
	buf_done(&text);
}

static void welcome(struct api_call *call, const struct auth_login_result *r)
{
	struct json_out out;

	api_begin(call, 200, true, "Login successful", &out);
	api_put_user(&out, "user", &r->principal);
	api_put_session(call, &r->session_id);
	api_put_csrf(call, &r->session_id, &out);
	put_device(call, r->principal.user.id);
	api_end(&out);
}

static void require(struct field_errors *errors, const char *name, size_t len)
{
	if (len > 0)
		return;
	errors->list[errors->n].name = name;
	errors->list[errors->n].why = "is required";
	errors->n++;
}

/* Name and password, or the challenge and a code; or it says what lacks. */
static bool is_whole(struct api_call *call, const struct auth_login *login)
{
	struct field_errors errors = {0};

	if (login->challenge.len > 0) {
		require(&errors, "token", login->code.len);
	} else {
		require(&errors, "username_or_email",
		    login->username_or_email.len);
		require(&errors, "password", login->password.len);
	}
	if (errors.n > 0)
		api_fail_fields(call, API_VALIDATION_FAILED, &errors);
	return errors.n == 0;
}

/* The password was right; these are the codes that will do. */
static void ask_for_code(struct api_call *call,
    const struct auth_login_result *r)
{
	char text[SECRET_TEXT_LEN + 1];
	struct json_out out;

	secret_text(&r->challenge, text);
	api_fail_begin(call, API_TWOFA_REQUIRED, &out);
	json_array(&out, "methods");
	json_z(&out, NULL, "totp");
	if (r->mailed)
		json_z(&out, NULL, "email");
	json_z(&out, NULL, "recovery_code");
	json_array_end(&out);
	json_z(&out, "challenge", text);
	api_end(&out);
	crypto_wipe(text, sizeof(text));
}

void api_session_login(struct api_call *call)
{
	struct auth_login *login = call->body;
	struct auth_login_result result = {0};
	enum err err;

	if (!is_whole(call, login))
		return;
	login->old = call->principal;
	login->device = device_of(call);
	err = auth_login(&call->auth, login, &result);
	if (err != OK)
		api_fail_err(call, err);
	else if (result.outcome == AUTH_LOGIN_GRANTED)
		welcome(call, &result);
	else if (result.outcome == AUTH_LOGIN_TWOFA)
		ask_for_code(call, &result);
	else if (result.wait_s > 0)
		api_fail_wait(call, refusals[result.outcome], result.wait_s);
	else
		api_fail(call, refusals[result.outcome]);
	crypto_wipe(&result, sizeof(result));
}

void api_session_logout(struct api_call *call)
{
	enum err err = auth_session_end(&call->auth, call->principal);

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	api_done(call, 200, "Logout successful");
	api_drop_session(call);
}

void api_session_status(struct api_call *call)
{
	bool known = call->principal != NULL;
	struct json_out out;

	api_begin(call, 200, known,
	    known ? "User is currently logged in" : "User is not logged in",
	    &out);
	if (known)
		api_put_user(&out, "user", call->principal);
	api_end(&out);
}

void api_session_csrf(struct api_call *call)
{
	struct json_out out;

	api_begin(call, 200, true, "CSRF token", &out);
	api_put_csrf(call, call->session_id, &out);
	api_end(&out);
}

/* The old client reads the user from `message`. */
void api_session_user(struct api_call *call)
{
	struct json_out out;

	call->response->status = 200;
	json_out_init(&out, &call->response->body);
	json_object(&out, NULL);
	json_bool(&out, "success", true);
	api_put_user(&out, "message", call->principal);
	api_put_user(&out, "user", call->principal);
	json_object_end(&out);
}
