/*
 * What every route refuses, from the route table: a new row has these tests
 * without anybody writing them.
 */
#include "core/base.h"

#include "api.h"
#include "http/router.h"
#include "route.h"

/* The guard's own order: whoever gets here is let past session and CSRF. */
static struct client *client_for(const struct api_route *r)
{
	struct account a;

	if (!route_needs_session(r))
		return client_new();
	if (r->access == API_SIGNED_IN) {
		a = account_new();
		return account_login(&a);
	}
	a = account_administrator();
	return account_login(&a);
}

static const struct response *ask(struct client *c, const struct api_route *r,
    struct request request)
{
	request.method = http_method_name(r->method);
	request.path = route_path(r);
	if (route_takes_body(r) && request.body == NULL)
		request.body = "{}";
	return client_send(c, &request);
}

#define ASK(c, r, ...) ask((c), (r), (struct request){__VA_ARGS__})

static void expect_still_there(struct client *c)
{
	expect_success(get(c, "/current_user_details"), 200, NULL);
}

static const char *const no_sessions[] = {NULL, "", "nonsense", ROUTE_NOBODYS,
    ROUTE_NOBODYS "A"};

START_TEST(without_session)
{
	const struct api_route *r = &api_routes[_i];

	if (!route_needs_session(r))
		return;
	for (size_t i = 0; i < ARRAY_LEN(no_sessions); i++) {
		struct client *c = client_new();

		if (no_sessions[i] != NULL)
			client_set_cookie(c, SESSION_COOKIE, no_sessions[i]);
		expect_error(ASK(c, r, .csrf = ROUTE_NOBODYS), 401,
		    "not_authenticated");
		expect_error(ASK(c, r,
				 .body = route_takes_body(r) ? "{" : NULL),
		    401, "not_authenticated");
	}
}
END_TEST

/* Missing, somebody's, nobody's, cut short, elsewhere: none of them will do. */
START_TEST(without_csrf_token)
{
	const struct api_route *r = &api_routes[_i];
	struct account other;
	struct client *c;
	const char *own, *of_other;

	if (r->csrf != API_CSRF_TOKEN)
		return;
	c = client_for(r);
	own = client_csrf(c);
	other = account_new();
	of_other = client_csrf(account_login(&other));

	const char *const tokens[] = {"", ROUTE_NOBODYS, of_other, "null",
	    text("%.42s", own), text("%sA", own), text("%s=", own),
	    text_swap_case(own), client_cookie(c, SESSION_COOKIE)};

	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		expect_error(ASK(c, r, .csrf = tokens[i]), 403, "csrf_failed");
	expect_error(ASK(c, r, .csrf = "",
			 .headers = {text("X-CSRF-Token: %s", own),
			     text("X_CSRFToken: %s", own)}),
	    403, "csrf_failed");
	expect_error(ASK(c, r, .csrf = "",
			 .body = J("{'csrf_token':'%s','X-CSRFToken':'%s'}",
			     own, own)),
	    403, "csrf_failed");
	expect_still_there(c);
}
END_TEST

START_TEST(from_foreign_pages)
{
	static const char *const headers[] = {"Origin: https://evil.example",
	    "Origin: null", "Sec-Fetch-Site: cross-site"};
	const struct api_route *r = &api_routes[_i];

	if (r->csrf != API_CSRF_ORIGIN)
		return;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		expect_error(ASK(client_for(r), r, .headers = {headers[i]}),
		    403, "csrf_failed");
}
END_TEST

/* What is none of the three values is as bad as cross-site. */
START_TEST(get_from_foreign_pages)
{
	static const char *const sites[] = {"cross-site", "Same-Origin",
	    "same-origin, cross-site", "x"};
	const struct api_route *r = &api_routes[_i];
	struct client *c;

	if (r->csrf != API_CSRF_FETCH_SITE)
		return;
	c = client_for(r);
	for (size_t i = 0; i < ARRAY_LEN(sites); i++)
		expect_error(ASK(c, r,
				 .headers = {text("Sec-Fetch-Site: %s",
				     sites[i])}),
		    403, "csrf_failed");
	expect_still_there(c);
}
END_TEST

/* "User" holds nothing but view_dashboard. */
START_TEST(without_permission)
{
	const struct api_route *r = &api_routes[_i];
	struct account a;
	struct client *c;

	if (r->access != API_PERMITTED ||
	    strcmp(r->permission, "view_dashboard") == 0)
		return;
	a = account_new();
	c = account_login(&a);
	expect_error(ASK(c, r, .csrf = NULL), 403, "forbidden");
	if (route_takes_body(r))
		expect_error(ASK(c, r, .body = "{"), 403, "forbidden");
}
END_TEST

#define PROOF_S 300

START_TEST(without_recent_proof)
{
	const struct api_route *r = &api_routes[_i];
	struct client *c;

	if (r->proof != API_RECENTLY)
		return;
	c = client_for(r);
	database_let_pass(PROOF_S + 1);
	expect_error(ASK(c, r, .csrf = NULL), 403, "recent_login_required");
	if (route_takes_body(r))
		expect_error(ASK(c, r, .body = "{"), 403,
		    "recent_login_required");
	expect_still_there(c);
}
END_TEST

/* The methods that the table has for a path, as Allow lists them. */
static bool is_allowed(const char *path, enum http_method method)
{
	struct str params[HTTP_PATH_PARAMS_MAX];

	for (size_t i = 0; i < api_n_routes; i++) {
		const struct api_route *r = &api_routes[i];

		if (http_router_match(r->path, str_of(path), params) &&
		    (r->method == method ||
			(method == HTTP_HEAD && r->method == HTTP_GET &&
			    r->csrf == API_CHANGES_NOTHING)))
			return true;
	}
	return false;
}

static void expect_allow(const struct response *res, const char *path)
{
	const char *allow = response_header(res, "Allow", 0);
	struct str rest = str_of(allow), name;
	size_t n_listed = 0, n_allowed = 0;

	EXPECT(response_header_count(res, "Allow") == 1, res, "no Allow");
	while (str_next(&rest, ',', &name)) {
		EXPECT(is_allowed(path, http_method_parse(str_trim(name))), res,
		    "Allow: %s", allow);
		n_listed++;
	}
	for (enum http_method m = HTTP_GET; m < HTTP_OTHER; m++)
		n_allowed += is_allowed(path, m);
	EXPECT(n_listed == n_allowed, res, "Allow: %s", allow);
}

START_TEST(by_other_methods)
{
	static const char *const methods[] = {"GET", "HEAD", "POST", "PUT",
	    "PATCH", "DELETE", "OPTIONS", "FOO", "PROPFIND", "POSTX"};
	const struct api_route *r = &api_routes[_i];
	char *path = route_path(r);
	struct client *c = client_for(r);

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		const struct response *res;

		if (is_allowed(path, http_method_parse(str_of(methods[i]))))
			continue;
		res = SEND(c, .method = methods[i], .path = path);
		if (strcmp(methods[i], "HEAD") == 0)
			EXPECT(res->status == 405, res, "wanted 405");
		else
			expect_error(res, 405, "method_not_allowed");
		expect_allow(res, path);
	}
	if (route_needs_session(r))
		expect_still_there(c);
}
END_TEST

static const char *const wrong_types[] = {
    "",
    "text/plain",
    "text/plain; application/json",
    "text/json",
    "application/jsonp",
    "application/json-patch+json",
    "application/xml",
    "application/octet-stream",
    "multipart/mixed; boundary=B",
    "nonsense",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=B",
};
#define N_FORM_TYPES 2

START_TEST(of_other_types)
{
	const struct api_route *r = &api_routes[_i];
	struct client *c;
	size_t n = ARRAY_LEN(wrong_types);

	if (!route_takes_body(r))
		return;
	if (r->takes == HTTP_TAKES_JSON_AND_FORMS)
		n -= N_FORM_TYPES;
	c = client_for(r);
	for (size_t i = 0; i < n; i++)
		expect_error(ASK(c, r, .type = wrong_types[i]), 415,
		    "unsupported_media_type");
	if (route_needs_session(r))
		expect_still_there(c);
}
END_TEST

#define BODY_MAX 65536

START_TEST(too_large)
{
	const struct api_route *r = &api_routes[_i];
	struct client *c;

	if (!route_takes_body(r))
		return;
	c = client_for(r);
	expect_error(ASK(c, r,
			 .body = text("{%s}", text_repeat(" ", BODY_MAX - 1))),
	    413, "too_large");
	expect_error(ASK(c, r, .body = text_repeat("x", 1024 * 1024)), 413,
	    "too_large");
	if (route_needs_session(r))
		expect_still_there(c);
}
END_TEST

void add_denials(TCase *tc)
{
	int n = (int)api_n_routes;

	tcase_add_loop_test(tc, without_session, 0, n);
	tcase_add_loop_test(tc, without_csrf_token, 0, n);
	tcase_add_loop_test(tc, from_foreign_pages, 0, n);
	tcase_add_loop_test(tc, get_from_foreign_pages, 0, n);
	tcase_add_loop_test(tc, without_permission, 0, n);
	tcase_add_loop_test(tc, without_recent_proof, 0, n);
	tcase_add_loop_test(tc, by_other_methods, 0, n);
	tcase_add_loop_test(tc, of_other_types, 0, n);
	tcase_add_loop_test(tc, too_large, 0, n);
}
