#include "core/base.h"

#include "api/call.h"

#include "auth/csrf.h"
#include "core/log.h"

#define UNAVAILABLE_RETRY_S 2

static const struct {
	unsigned status;
	const char *code;
	const char *message;
} errors[API_N_ERRORS] = {
    [API_INVALID_REQUEST] = {400, "invalid_request",
	"The request could not be understood."},
    [API_VALIDATION_FAILED] = {400, "validation_failed",
	"Some fields need another look."},
    [API_INVALID_TOKEN] = {400, "invalid_token",
	"This link is no longer valid. Please ask for a new one."},
    [API_NOT_CONFIRMED] = {400, "invalid_code",
	"This code is wrong, or has been used."},
    [API_TWOFA_REQUIRED] = {400, "twofa_required",
	"A second factor is required."},
    [API_WEAK_PASSWORD] = {400, "weak_password",
	"This password is too easily guessed."},
    [API_NOT_AUTHENTICATED] = {401, "not_authenticated", "Please log in."},
    [API_INVALID_CREDENTIALS] = {401, "invalid_credentials",
	"The username, email or password is wrong."},
    [API_INVALID_CODE] = {401, "invalid_code",
	"This code is wrong, or has been used."},
    [API_LOGIN_OVER] = {401, "invalid_code",
	"This login has waited too long. Please log in again."},
    [API_FORBIDDEN] = {403, "forbidden", "You are not allowed to do this."},
    [API_CSRF_FAILED] = {403, "csrf_failed",
	"The request did not come from our own pages. Please reload."},
    [API_EMAIL_NOT_VERIFIED] = {403, "email_not_verified",
	"Please verify your email address first."},
    [API_ACCOUNT_DISABLED] = {403, "account_disabled",
	"This account is disabled."},
    [API_RECENT_LOGIN_REQUIRED] = {403, "recent_login_required",
	"Please confirm your password first."},
    [API_NOT_FOUND] = {404, "not_found", "There is nothing here."},
    [API_METHOD_NOT_ALLOWED] = {405, "method_not_allowed",
	"This cannot be done here."},
    [API_CONFLICT] = {409, "conflict", "It is so already."},
    [API_USERNAME_TAKEN] = {409, "username_taken", "This username is taken."},
    [API_EMAIL_TAKEN] = {409, "email_taken",
	"This address belongs to another account by now."},
    [API_TWOFA_ALREADY_ENABLED] = {409, "twofa_already_enabled",
	"Two-factor login is on already."},
    [API_TOO_LARGE] = {413, "too_large", "The request is too large."},
    [API_UNSUPPORTED_MEDIA_TYPE] = {415, "unsupported_media_type",
	"The body must be JSON."},
    [API_TOO_MANY_REQUESTS] = {429, "too_many_requests",
	"Too many tries. Please wait a little."},
    [API_INTERNAL] = {500, "internal", "Something went wrong."},
    [API_UNAVAILABLE] = {503, "unavailable",
	"The service is not available right now. Please try again."},
};

/* What was said before is taken back: an answer is one thing or the other. */
static void begin_failure(struct api_call *call, enum api_error error,
    const char *message, struct json_out *ret_out)
{
	http_response_reset(call->response);
	call->response->status = errors[error].status;
	json_out_init(ret_out, &call->response->body);
	json_object(ret_out, NULL);
	json_bool(ret_out, "success", false);
	json_z(ret_out, "error", errors[error].code);
	json_z(ret_out, "message", message);
}

static void fail(struct api_call *call, enum api_error error,
    const char *message)
{
	struct json_out out;

	begin_failure(call, error, message, &out);
	json_object_end(&out);
}

void api_fail_begin(struct api_call *call, enum api_error error,
    struct json_out *ret_out)
{
	begin_failure(call, error, errors[error].message, ret_out);
}

void api_fail(struct api_call *call, enum api_error error)
{
	fail(call, error, errors[error].message);
}

/* Somebody should be able to look up later who wanted what they may not. */
static void audit_denial(const struct api_call *call, const char *why)
{
	const struct store_principal *p = call->principal;
	enum err err = store_audit_add(call->app->db, &call->auth.origin,
	    AUDIT_ACCESS_DENIED, p != NULL ? p->user.id : 0, str_of(why),
	    call->auth.now_us);

	if (err != OK)
		log_at(LOG_ERROR, "a refusal could not be audited",
		    LOG_Z("why", why), LOG_Z("err", err_name(err)));
}

void api_deny(struct api_call *call, enum api_error error, const char *why)
{
	audit_denial(call, why);
	api_fail(call, error);
}

void api_refuse(struct api_call *call, enum err err, const char *why)
{
	/* Zero: not a refusal. */
	static const enum api_error of_err[] = {
	    [ERR_NOT_FOUND] = API_NOT_FOUND,
	    [ERR_CONFLICT] = API_CONFLICT,
	    [ERR_DENIED] = API_FORBIDDEN,
	    [ERR_INTERNAL] = 0,
	};
	enum api_error error = of_err[err];

	if (error == 0) {
		api_fail_err(call, err);
		return;
	}
	if (why == NULL || why[0] == '\0')
		why = errors[error].message;
	if (err == ERR_DENIED)
		audit_denial(call, why);
	fail(call, error, why);
}

void api_fail_wait(struct api_call *call, enum api_error error, int64_t wait_s)
{
	struct buf text;

	api_fail(call, error);
	buf_init(&text, 32);
	buf_put_i64(&text, wait_s);
	http_response_header(call->response, "Retry-After", buf_str(&text));
	buf_done(&text);
}

void api_fail_fields(struct api_call *call, enum api_error error,
    const struct field_errors *fields)
{
	struct json_out out;

	begin_failure(call, error, errors[error].message, &out);
	json_object(&out, "fields");
	for (size_t i = 0; i < fields->n; i++)
		json_z(&out, fields->list[i].name, fields->list[i].why);
	json_object_end(&out);
	json_object_end(&out);
}

void api_fail_field(struct api_call *call, enum api_error error,
    const char *name, const char *why)
{
	struct field_errors fields = {.n = 1, .list = {{name, why}}};

	api_fail_fields(call, error, &fields);
}

void api_fail_err(struct api_call *call, enum err err)
{
	if (err == ERR_UNAVAILABLE)
		api_fail_wait(call, API_UNAVAILABLE, UNAVAILABLE_RETRY_S);
	else
		api_fail(call, API_INTERNAL);
}

void api_fail_session(struct api_call *call, enum err err)
{
	if (err == ERR_NOT_FOUND)
		api_fail(call, API_NOT_AUTHENTICATED);
	else
		api_fail_err(call, err);
}

void api_begin(struct api_call *call, unsigned status, bool success,
    const char *message, struct json_out *ret_out)
{
	call->response->status = status;
	json_out_init(ret_out, &call->response->body);
	json_object(ret_out, NULL);
	json_bool(ret_out, "success", success);
	json_z(ret_out, "message", message);
}

void api_end(struct json_out *out)
{
	json_object_end(out);
}

void api_done(struct api_call *call, unsigned status, const char *message)
{
	struct json_out out;

	api_begin(call, status, true, message, &out);
	api_end(&out);
}

void api_put_user(struct json_out *out, const char *key,
    const struct store_principal *principal)
{
	const struct store_user *user = &principal->user;

	json_object(out, key);
	json_u64(out, "id", user->id);
	json_str(out, "first_name", user->first_name);
	json_str(out, "last_name", user->last_name);
	json_str(out, "username", user->username);
	json_str(out, "email", user->email);
	json_bool(out, "twofa_enabled", user->twofa_enabled);
	json_bool(out, "verified", user->verified_us != 0);
	json_lines(out, "roles", principal->roles);
	json_lines(out, "permissions", principal->permissions);
	json_time(out, "created_at", user->created_us);
	json_object_end(out);
}

void api_put_session(struct api_call *call, const struct secret *session_id)
{
	char text[SECRET_TEXT_LEN + 1];

	secret_text(session_id, text);
	http_response_cookie(call->response, call->app->config->session_cookie,
	    str_of(text), true, HTTP_SAME_SITE_LAX, -1);
	crypto_wipe(text, sizeof(text));
}

void api_put_csrf(struct api_call *call, const struct secret *session_id,
    struct json_out *out)
{
	char text[SECRET_TEXT_LEN + 1];
	struct secret token;

	auth_csrf_token(call->app->config, session_id, &token);
	secret_text(&token, text);
	json_z(out, "csrf_token", text);
	http_response_cookie(call->response, API_CSRF_COOKIE, str_of(text),
	    true, HTTP_SAME_SITE_STRICT, -1);
	crypto_wipe(&token, sizeof(token));
	crypto_wipe(text, sizeof(text));
}

void api_drop_session(struct api_call *call)
{
	http_response_cookie(call->response, call->app->config->session_cookie,
	    STR(""), true, HTTP_SAME_SITE_LAX, 0);
	http_response_cookie(call->response, API_CSRF_COOKIE, STR(""), true,
	    HTTP_SAME_SITE_STRICT, 0);
	http_response_header(call->response, "Clear-Site-Data",
	    STR("\"cache\",\"cookies\",\"storage\""));
}
