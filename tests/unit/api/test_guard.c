/* The guard without a server: what it answers before any handler. */
#include "core/base.h"

#include "api/guard.h"
#include "database.h"
#include "suites.h"
#include "unit.h"

static struct test_database *database;
static struct config config;
static struct app app;
static struct arena *arena;
static struct http_response response;

static void set_up(void)
{
	database = test_database_new("guard");
	config = database->config;
	config.secret_key =
	    (struct secret_str){"0123456789abcdef0123456789abcdef", 32};
	config.session_cookie = STR("__Host-session");
	config.public_url = STR("https://t2o.example.org");
	app = (struct app){.config = &config, .db = database->db};
	arena = arena_new(1024 * 1024);
	http_response_init(&response);
}

static void tear_down(void)
{
	http_response_done(&response);
	arena_free(&arena);
	test_database_free(&database);
}

static struct http_request request_of(enum http_method method, const char *path)
{
	return (struct http_request){
	    .arena = arena,
	    .method = method,
	    .path = str_of(path),
	    .content_type = STR("application/json"),
	    .client_ip = STR("192.0.2.1"),
	    .request_id = STR("r1"),
	    .body_state = HTTP_BODY_WHOLE,
	};
}

static void expect(struct http_request *request, unsigned status,
    const char *code)
{
	char want[64];

	http_response_reset(&response);
	api_guard_handle(request, &response, &app);
	(void)snprintf(want, sizeof(want), "\"error\":\"%s\"", code);
	ck_assert_msg(response.status == status &&
		str_contains(buf_str(&response.body), str_of(want)),
	    "got %u %.*s, want %u %s", response.status,
	    STR_ARG(buf_str(&response.body)), status, code);
}

START_TEST(what_is_not_listed_is_not_there)
{
	struct http_request request = request_of(HTTP_GET, "/admin");

	expect(&request, 404, "not_found");
	request.path = STR("/login/");
	expect(&request, 404, "not_found");
}
END_TEST

START_TEST(another_method_is_told_which)
{
	struct http_request request = request_of(HTTP_PUT, "/logout");

	expect(&request, 405, "method_not_allowed");
	assert_str(buf_str(&response.headers), "Allow: GET, POST\r\n");
	request = request_of(HTTP_POST, "/healthz");
	expect(&request, 405, "method_not_allowed");
	assert_str(buf_str(&response.headers), "Allow: GET, HEAD\r\n");
	/* HEAD must not do what only GET says that it does. */
	request = request_of(HTTP_HEAD, "/logout");
	expect(&request, 405, "method_not_allowed");
}
END_TEST

START_TEST(size_comes_before_everything_else)
{
	struct http_request request = request_of(HTTP_POST, "/login");

	request.body_state = HTTP_BODY_TOO_LARGE;
	expect(&request, 413, "too_large");
	request.body_state = HTTP_BODY_BROKEN;
	expect(&request, 400, "invalid_request");
}
END_TEST

static const struct {
	const char *origin;
	const char *cors_origin;
	const char *site;
	bool fine;
} senders[] = {
    {"", "", "", true},
    {"https://t2o.example.org", "", "same-origin", true},
    {"https://t2o.example.org", "", "", true},
    {"https://shop.example.com", "https://shop.example.com", "cross-site",
	true},
    {"https://evil.example", "", "", false},
    {"https://t2o.example.org.evil.example", "", "", false},
    {"http://t2o.example.org", "", "", false},
    {"null", "", "", false},
    {"", "", "cross-site", false},
    {"https://t2o.example.org", "", "cross-site", false},
    {"https://evil.example", "https://shop.example.com", "", false},
};

START_TEST(a_login_must_come_from_our_pages)
{
	struct http_request request = request_of(HTTP_POST, "/login");

	request.origin = str_of(senders[_i].origin);
	request.cors_origin = str_of(senders[_i].cors_origin);
	request.sec_fetch_site = str_of(senders[_i].site);
	/* What comes after the origin check: two fields are missing. */
	if (senders[_i].fine)
		expect(&request, 400, "validation_failed");
	else
		expect(&request, 403, "csrf_failed");
	ck_assert_uint_eq(test_database_u64(database,
			      "SELECT COUNT(*) FROM audit_log"
			      " WHERE event = 'access_denied'"),
	    senders[_i].fine ? 0 : 1);
}
END_TEST

START_TEST(junk_in_our_cookies_name_is_nobody)
{
	struct http_request request = request_of(HTTP_GET,
	    "/current_user_details");

	request.cookie = STR("__Host-session=; __Host-session=x; a=b; "
			     "__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			     "AAAAAAAAA");
	expect(&request, 401, "not_authenticated");
}
END_TEST

START_TEST(a_type_that_is_not_taken)
{
	struct http_request request = request_of(HTTP_POST, "/signup");

	request.content_type = STR("text/plain");
	request.body = STR("{}");
	expect(&request, 415, "unsupported_media_type");
	request.content_type = STR("application/x-www-form-urlencoded");
	expect(&request, 415, "unsupported_media_type");
}
END_TEST

START_TEST(without_a_database_nobody_is_let_in)
{
	struct http_request request = request_of(HTTP_GET,
	    "/current_user_details");

	config.database_url = (struct secret_str){
	    "mysql://nobody@localhost/none?socket=/nonexistent", 49};
	ck_assert_int_eq(db_conn_new(&config, &app.db), OK);
	request.cookie = STR("__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			     "AAAAAAAAA");
	expect(&request, 503, "unavailable");
	request.path = STR("/check_auth_status");
	expect(&request, 503, "unavailable");
	request.path = STR("/readyz");
	expect(&request, 503, "unavailable");
	db_conn_free(&app.db);
}
END_TEST

Suite *suite_api_guard(void)
{
	Suite *suite = suite_create("api/guard");
	TCase *tcase = tcase_create("guard");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, what_is_not_listed_is_not_there);
	tcase_add_test(tcase, another_method_is_told_which);
	tcase_add_test(tcase, size_comes_before_everything_else);
	tcase_add_loop_test(tcase, a_login_must_come_from_our_pages, 0,
	    ARRAY_LEN(senders));
	tcase_add_test(tcase, junk_in_our_cookies_name_is_nobody);
	tcase_add_test(tcase, a_type_that_is_not_taken);
	tcase_add_test(tcase, without_a_database_nobody_is_let_in);
	suite_add_tcase(suite, tcase);
	return suite;
}
