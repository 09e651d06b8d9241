/* One call of the API: what a handler is given, and how it answers. */
#ifndef T2O_API_CALL_H
#define T2O_API_CALL_H

#include "api/routes.h"
#include "auth/context.h"
#include "core/json.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "store/session.h"

struct api_call {
	const struct app *app;
	struct arena *arena;
	const struct http_request *request;
	struct http_response *response;

	const struct api_route *route;
	struct str params[HTTP_PATH_PARAMS_MAX]; /* of the route's path */
	void *body; /* the struct of route->body, bound */

	/* Who asks; NULL: nobody known.  The secret is theirs. */
	const struct store_principal *principal;
	const struct secret *session_id;

	struct auth_context auth; /* for the services */
};

/* Every error a client can be told, with its status (ARCHITECTURE.md). */
enum api_error {
	API_INVALID_REQUEST = 1,
	API_VALIDATION_FAILED,
	API_INVALID_TOKEN,
	API_NOT_CONFIRMED, /* by this code: invalid_code with 400 */
	API_TWOFA_REQUIRED,
	API_WEAK_PASSWORD,
	API_NOT_AUTHENTICATED,
	API_INVALID_CREDENTIALS,
	API_INVALID_CODE,
	API_LOGIN_OVER, /* invalid_code, as no code will do any more */
	API_FORBIDDEN,
	API_CSRF_FAILED,
	API_EMAIL_NOT_VERIFIED,
	API_ACCOUNT_DISABLED,
	API_RECENT_LOGIN_REQUIRED,
	API_NOT_FOUND,
	API_METHOD_NOT_ALLOWED,
	API_CONFLICT,
	API_USERNAME_TAKEN,
	API_EMAIL_TAKEN,
	API_TWOFA_ALREADY_ENABLED,
	API_TOO_LARGE,
	API_UNSUPPORTED_MEDIA_TYPE,
	API_TOO_MANY_REQUESTS,
	API_INTERNAL,
	API_UNAVAILABLE,
	API_N_ERRORS,
};

/* {"success":false,"error":…,"message":…} and the status. */
void api_fail(struct api_call *call, enum api_error error);

/* Its beginning, to which the handler may add members; api_end ends it. */
void api_fail_begin(struct api_call *call, enum api_error error,
    struct json_out *ret_out);

/* The same with Retry-After. */
void api_fail_wait(struct api_call *call, enum api_error error, int64_t wait_s);

/* The same with `fields`. */
void api_fail_fields(struct api_call *call, enum api_error error,
    const struct field_errors *fields);

/* The same about one field. */
void api_fail_field(struct api_call *call, enum api_error error,
    const char *name, const char *why);

/* api_fail, with an audit row: somebody wanted what they may not. */
void api_deny(struct api_call *call, enum api_error error, const char *why);

/*
 * For a service that needs the session: one that has ended is not found, and
 * answered 401; otherwise api_fail_err.
 */
void api_fail_session(struct api_call *call, enum err err);

/*
 * For what a service refused: 404, 409, or 403 with an audit row, and `why` (or
 * NULL, or "") in place of the usual message.  Other errors: api_fail_err.
 */
void api_refuse(struct api_call *call, enum err err, const char *why);

/* For what a service could not do: 503 or 500, nothing told but that. */
void api_fail_err(struct api_call *call, enum err err);

/*
 * Begins {"success":true,"message":…; the handler may add members, and must
 * end it.
 */
void api_begin(struct api_call *call, unsigned status, bool success,
    const char *message, struct json_out *ret_out);
void api_end(struct json_out *out);

/* Both, with nothing between. */
void api_done(struct api_call *call, unsigned status, const char *message);

/* The contract's `user` object. */
void api_put_user(struct json_out *out, const char *key,
    const struct store_principal *principal);

#define API_CSRF_COOKIE STR("X-CSRFToken")
#define API_DEVICE_COOKIE STR("__Host-device")

/* The session cookie; the CSRF token as member `csrf_token` and cookie. */
void api_put_session(struct api_call *call, const struct secret *session_id);
void api_put_csrf(struct api_call *call, const struct secret *session_id,
    struct json_out *out);

/* Both cookies gone, and what the browser kept of us. */
void api_drop_session(struct api_call *call);

#endif
