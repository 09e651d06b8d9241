/* Origin, Sec-Fetch-Site and CORS. */
#include "core/base.h"

#include "api.h"

/* In the list that tools/up gives to nginx. */
#define LISTED "https://front.example.org"

static const struct response *login_from(const struct account *a,
    const char *origin, const char *site)
{
	return SEND(client_new(), .path = "/login",
	    .body = account_login_body(a->username, a->password),
	    .headers = {origin != NULL ? text("Origin: %s", origin) : NULL,
		site != NULL ? text("Sec-Fetch-Site: %s", site) : NULL});
}

START_TEST(own_pages_may)
{
	static const char *const sites[] = {NULL, "same-origin", "none",
	    "same-site"};
	struct account a = account_new();

	for (size_t i = 0; i < ARRAY_LEN(sites); i++) {
		const struct response *res = login_from(&a, NULL, sites[i]);

		EXPECT(res->status == 200, res, "no Origin: refused");
		res = login_from(&a, environment("T2O_URL"), sites[i]);
		EXPECT(res->status == 200, res, "own Origin: refused");
	}
}
END_TEST

/* What looks like our origin, and what is said for nobody's. */
static const char *const foreign[] = {
    "https://evil.example",
    "null",
    "%s.evil.example",
    "%s@evil.example",
    "%s/",
    "%s:1",
    "%s, https://evil.example",
    "https://front.example.org.evil.example",
    "http://front.example.org",
    "https://front.example.org:444",
    "https://xfront.example.org",
    "https://FRONT.example.org.",
    "https://front.example.org/",
    "https://front.example.org %s",
    "file://",
    "*",
    "x",
};

START_TEST(foreign_pages_may_not)
{
	struct account a = account_new();
	const char *hole = strstr(foreign[_i], "%s");
	const char *origin = hole == NULL
	    ? foreign[_i]
	    : text("%.*s%s%s", (int)(hole - foreign[_i]), foreign[_i],
		  environment("T2O_URL"), hole + 2);
	const struct response *res = login_from(&a, origin, NULL);

	expect_error(res, 403, "csrf_failed");
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
}
END_TEST

/* The same host without TLS is somebody else. */
START_TEST(plain_http_is_foreign)
{
	struct account a = account_new();

	expect_error(login_from(&a,
			 text("http%s",
			     environment("T2O_URL") + strlen("https")),
			 NULL),
	    403, "csrf_failed");
}
END_TEST

START_TEST(cross_site_without_origin)
{
	struct account a = account_new();

	expect_error(login_from(&a, NULL, "cross-site"), 403, "csrf_failed");
}
END_TEST

static void expect_cors(const struct response *res, const char *origin)
{
	EXPECT(response_header_count(res, "Access-Control-Allow-Origin") == 1,
	    res, "no Access-Control-Allow-Origin");
	ck_assert_str_eq(response_header(res, "Access-Control-Allow-Origin", 0),
	    origin);
	ck_assert_str_eq(response_header(res,
			     "Access-Control-Allow-Credentials", 0),
	    "true");
	ck_assert_ptr_nonnull(response_header(res, "Vary", 0));
	ck_assert_ptr_nonnull(
	    strcasestr(response_header(res, "Vary", 0), "Origin"));
}

/* A front end elsewhere: a browser calls it cross-site, the list allows it. */
START_TEST(listed_front_end_may)
{
	static const char *const sites[] = {NULL, "cross-site", "same-site"};
	struct account a = account_new();

	for (size_t i = 0; i < ARRAY_LEN(sites); i++) {
		const struct response *res = login_from(&a, LISTED, sites[i]);

		EXPECT(res->status == 200, res, "listed origin refused");
		expect_cors(res, LISTED);
	}
}
END_TEST

/* Errors must be readable for the page as well, nginx's own too. */
START_TEST(listed_front_end_reads_errors)
{
	struct client *c = client_new();

	expect_cors(SEND(c, .path = "/current_user_details",
			.headers = {"Origin: " LISTED}),
	    LISTED);
	expect_cors(SEND(c, .path = "/nothing", .headers = {"Origin: " LISTED}),
	    LISTED);
	expect_cors(SEND(c, .path = "/x.bak", .headers = {"Origin: " LISTED}),
	    LISTED);
}
END_TEST

START_TEST(preflight_of_listed)
{
	const struct response *res = SEND(client_new(), .method = "OPTIONS",
	    .path = "/login",
	    .headers = {"Origin: " LISTED,
		"Access-Control-Request-Method: POST",
		"Access-Control-Request-Headers: content-type,x-csrftoken"});
	const char *allowed = response_header(res,
	    "Access-Control-Allow-Headers", 0);
	const char *allowed_methods = response_header(res,
	    "Access-Control-Allow-Methods", 0);

	EXPECT(res->status == 204 && res->body.len == 0, res, "wanted 204");
	expect_cors(res, LISTED);
	ck_assert_ptr_nonnull(strcasestr(allowed, "Content-Type"));
	ck_assert_ptr_nonnull(strcasestr(allowed, "X-CSRFToken"));
	ck_assert_ptr_nonnull(strstr(allowed_methods, "POST"));
	ck_assert_ptr_nonnull(strstr(allowed_methods, "DELETE"));
	ck_assert_ptr_null(strchr(allowed_methods, '*'));
}
END_TEST

START_TEST(nobody_else_gets_cors)
{
	static const char *const origins[] = {"https://evil.example", "null",
	    "https://front.example.org.evil.example",
	    "http://front.example.org"};

	for (size_t i = 0; i < ARRAY_LEN(origins); i++) {
		const char *origin = text("Origin: %s", origins[i]);
		const struct response *res = SEND(client_new(),
		    .method = "OPTIONS", .path = "/login",
		    .headers = {origin, "Access-Control-Request-Method: POST"});

		EXPECT(response_header(res, "Access-Control-Allow-Origin", 0) ==
			NULL,
		    res, "CORS for a stranger");
		ck_assert_ptr_null(
		    response_header(res, "Access-Control-Allow-Methods", 0));
		res = SEND(client_new(), .path = "/check_auth_status",
		    .headers = {origin});
		expect_common_at(__FILE__, __LINE__, res);
		ck_assert_str_eq(response_header(res, "Vary", 0), "Origin");
	}
}
END_TEST

void add_origin(TCase *tc)
{
	tcase_add_test(tc, own_pages_may);
	tcase_add_loop_test(tc, foreign_pages_may_not, 0, ARRAY_LEN(foreign));
	tcase_add_test(tc, plain_http_is_foreign);
	tcase_add_test(tc, cross_site_without_origin);
	tcase_add_test(tc, listed_front_end_may);
	tcase_add_test(tc, listed_front_end_reads_errors);
	tcase_add_test(tc, preflight_of_listed);
	tcase_add_test(tc, nobody_else_gets_cors);
}
