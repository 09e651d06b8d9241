#include "core/base.h"

#include "api/guard.h"

#include "api/call.h"
#include "auth/access.h"
#include "auth/csrf.h"
#include "auth/identity.h"
#include "auth/session.h"

/* Of several cookies of our name; each costs a query. */
#define SESSION_COOKIES_MAX 4

/* HEAD is GET without the body, where GET changes nothing. */
static bool takes_method(const struct api_route *route, enum http_method method)
{
	return route->method == method ||
	    (method == HTTP_HEAD && route->method == HTTP_GET &&
		route->csrf == API_CHANGES_NOTHING);
}

static void fail_method(struct api_call *call)
{
	struct str params[HTTP_PATH_PARAMS_MAX];
	struct buf allow;

	api_fail(call, API_METHOD_NOT_ALLOWED);
	buf_init(&allow, 128);
	for (enum http_method m = HTTP_GET; m < HTTP_OTHER; m++)
		for (size_t i = 0; i < api_n_routes; i++)
			if (takes_method(&api_routes[i], m) &&
			    http_router_match(api_routes[i].path,
				call->request->path, params)) {
				buf_puts(&allow, allow.len > 0 ? ", " : "");
				buf_puts(&allow, http_method_name(m));
			}
	http_response_header(call->response, "Allow", buf_str(&allow));
	buf_done(&allow);
}

static bool find_route(struct api_call *call)
{
	bool path_known = false;

	for (size_t i = 0; i < api_n_routes; i++) {
		const struct api_route *route = &api_routes[i];

		if (!http_router_match(route->path, call->request->path,
			call->params))
			continue;
		path_known = true;
		if (takes_method(route, call->request->method)) {
			call->route = route;
			return true;
		}
	}
	if (path_known)
		fail_method(call);
	else
		api_fail(call, API_NOT_FOUND);
	return false;
}

static bool check_size(struct api_call *call)
{
	switch (call->request->body_state) {
	case HTTP_BODY_WHOLE:
		return true;
	case HTTP_BODY_TOO_LARGE:
		api_fail(call, API_TOO_LARGE);
		return false;
	case HTTP_BODY_BROKEN:
		api_fail(call, API_INVALID_REQUEST);
		return false;
	}
	api_fail(call, API_INTERNAL);
	return false;
}

/* The first cookie of our name that is a live session's. */
static enum err find_session(struct api_call *call)
{
	struct store_principal *principal;
	struct secret *id;
	struct str rest = call->request->cookie;
	struct str value;
	size_t tried = 0;

	principal = arena_alloc(call->arena, sizeof(*principal));
	id = arena_alloc(call->arena, sizeof(*id));
	if (principal == NULL || id == NULL)
		return ERR_LIMIT;
	while (tried < SESSION_COOKIES_MAX &&
	    http_cookie_next(&rest, call->app->config->session_cookie,
		&value)) {
		enum err err;

		if (secret_parse(value, id) != OK)
			continue;
		tried++;
		err = auth_session_resolve(&call->auth, id, principal);
		if (err == ERR_NOT_FOUND)
			continue;
		if (err != OK)
			return err;
		call->principal = principal;
		call->session_id = id;
		call->auth.actor = principal;
		call->auth.origin.actor_id = principal->user.id;
		return OK;
	}
	return ERR_NOT_FOUND;
}

static bool check_session(struct api_call *call)
{
	enum err err;

	if (call->route->access == API_PUBLIC)
		return true;
	err = find_session(call);
	if (err == OK ||
	    (err == ERR_NOT_FOUND && call->route->access == API_ANYBODY))
		return true;
	api_fail_session(call, err);
	return false;
}

/* PUBLIC_URL has no path, so it is an origin (RFC 6454 section 6.2). */
static bool is_our_origin(const struct api_call *call)
{
	const struct http_request *request = call->request;

	return request->origin.len == 0 ||
	    str_eq(request->origin, call->app->config->public_url) ||
	    str_eq(request->origin, request->cors_origin);
}

/* Absent in old browsers and in programs, which no page can forge with. */
static bool is_our_site(const struct api_call *call)
{
	struct str site = call->request->sec_fetch_site;

	return site.len == 0 || str_eq(site, STR("same-origin")) ||
	    str_eq(site, STR("same-site")) || str_eq(site, STR("none"));
}

static const char *csrf_problem(const struct api_call *call)
{
	switch (call->route->csrf) {
	case API_CHANGES_NOTHING:
	case API_CSRF_CAPABILITY:
		return NULL;
	case API_CSRF_TOKEN:
		return auth_csrf_fits(call->app->config, call->session_id,
			   call->request->csrf_token)
		    ? NULL
		    : "CSRF token missing or wrong";
	case API_CSRF_ORIGIN:
		/* A site on the allow-list says so by its Origin. */
		if (!is_our_origin(call))
			return "foreign Origin";
		if (call->request->cors_origin.len == 0 &&
		    str_eq(call->request->sec_fetch_site, STR("cross-site")))
			return "cross-site request";
		return NULL;
	case API_CSRF_FETCH_SITE:
		return is_our_site(call) ? NULL : "cross-site request";
	}
	return "a row without a rule";
}

static bool check_csrf(struct api_call *call)
{
	const char *problem = csrf_problem(call);

	if (problem == NULL)
		return true;
	api_deny(call, API_CSRF_FAILED, problem);
	return false;
}

static bool check_permission(struct api_call *call)
{
	const char *permission = call->route->permission;

	if (call->route->access != API_PERMITTED ||
	    auth_access_has(call->principal, str_of(permission)))
		return true;
	api_deny(call, API_FORBIDDEN, permission);
	return false;
}

static bool check_proof(struct api_call *call)
{
	if (call->route->proof == API_ANY_TIME ||
	    auth_identity_is_recent(&call->auth, call->principal))
		return true;
	api_deny(call, API_RECENT_LOGIN_REQUIRED, "recent login required");
	return false;
}

static bool bind_body(struct api_call *call)
{
	const struct api_route *route = call->route;
	struct field_errors errors = {0};
	enum err err;

	if (route->takes == HTTP_TAKES_NOTHING)
		return true;
	/* One byte at least: a body without members is bound as well. */
	call->body = arena_alloc(call->arena,
	    MAX_OF(route->body->struct_size, 1));
	err = call->body == NULL ? ERR_LIMIT
				 : http_body_bind(call->request, route->takes,
				       route->body, call->body, &errors);
	if (err == OK && errors.n == 0)
		return true;
	if (err == OK)
		api_fail_fields(call, API_VALIDATION_FAILED, &errors);
	else if (err == ERR_DENIED)
		api_fail(call, API_UNSUPPORTED_MEDIA_TYPE);
	else if (err == ERR_INVALID)
		api_fail(call, API_INVALID_REQUEST);
	else if (err == ERR_LIMIT)
		api_fail(call, API_TOO_LARGE);
	else
		api_fail_err(call, err);
	return false;
}

static bool handle(struct api_call *call)
{
	call->route->handle(call);
	return true;
}

/* Each step lets the call pass, or has answered it. */
static bool (*const steps[])(struct api_call *call) = {
    find_route,
    check_size,
    check_session,
    check_csrf,
    check_permission,
    check_proof,
    bind_body,
    handle,
};

void api_guard_handle(struct http_request *request,
    struct http_response *response, void *arg)
{
	const struct app *app = arg;
	struct api_call call = {
	    .app = app,
	    .arena = request->arena,
	    .request = request,
	    .response = response,
	    .auth =
		{
		    .app = app,
		    .arena = request->arena,
		    .origin =
			{
			    .client_ip = request->client_ip,
			    .user_agent = request->user_agent,
			    .request_id = request->request_id,
			},
		    .now_us = clock_now_us(&app->clock),
		},
	};

	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (!steps[i](&call))
			break;
	if (response->status == 0)
		api_fail(&call, API_INTERNAL);
}
