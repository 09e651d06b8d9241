#include "core/base.h"

#include "core/buf.h"
#include "core/crypto.h"
#include "http/request.h"

#include "suites.h"
#include "unit.h"

static struct arena *arena;

static void start(void)
{
	assert_ok(crypto_init());
	arena = arena_new(4096);
}

static void stop(void)
{
	arena_free(&arena);
}

/* Names and values by turns, NULL at the end. */
static const char *get(const char *name, const void *arg)
{
	for (const char *const *p = arg; *p != NULL; p += 2)
		if (strcmp(*p, name) == 0)
			return p[1];
	return NULL;
}

START_TEST(methods)
{
	static const struct {
		const char *name;
		enum http_method method;
	} cases[] = {
	    {"GET", HTTP_GET},
	    {"HEAD", HTTP_HEAD},
	    {"POST", HTTP_POST},
	    {"PUT", HTTP_PUT},
	    {"PATCH", HTTP_PATCH},
	    {"DELETE", HTTP_DELETE},
	    {"get", HTTP_OTHER},
	    {"GETX", HTTP_OTHER},
	    {"TRACE", HTTP_OTHER},
	    {"", HTTP_OTHER},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum http_method method = http_method_parse(
		    str_of(cases[i].name));

		ck_assert_msg(method == cases[i].method, "row %zu", i);
		ck_assert_str_eq(http_method_name(method),
		    method == HTTP_OTHER ? "" : cases[i].name);
	}
}
END_TEST

START_TEST(everything)
{
	static const char *const params[] = {"REQUEST_METHOD", "POST",
	    "DOCUMENT_URI", "/login", "QUERY_STRING", "a=1&b", "CONTENT_TYPE",
	    "application/json", "HTTP_COOKIE", "a=b", "HTTP_ORIGIN",
	    "https://example.org", "HTTP_SEC_FETCH_SITE", "same-origin",
	    "HTTP_X_CSRFTOKEN", "token", "HTTP_USER_AGENT", "curl",
	    "REMOTE_ADDR", "192.0.2.7", "T2O_CORS_ORIGIN",
	    "https://example.net", "T2O_REQUEST_ID", "0123456789abcdefABCDEF",
	    NULL};
	struct http_request request;

	assert_ok(http_request_parse(arena, get, params, &request));
	ck_assert_ptr_eq(request.arena, arena);
	ck_assert_int_eq(request.method, HTTP_POST);
	assert_str(request.path, "/login");
	assert_str(request.query, "a=1&b");
	assert_str(request.content_type, "application/json");
	assert_str(request.cookie, "a=b");
	assert_str(request.origin, "https://example.org");
	assert_str(request.sec_fetch_site, "same-origin");
	assert_str(request.csrf_token, "token");
	assert_str(request.user_agent, "curl");
	assert_str(request.client_ip, "192.0.2.7");
	assert_str(request.cors_origin, "https://example.net");
	assert_str(request.request_id, "0123456789abcdefABCDEF");
	ck_assert_int_eq(request.body_state, HTTP_BODY_WHOLE);
	ck_assert_uint_eq(request.body.len, 0);
}
END_TEST

START_TEST(as_good_as_nothing)
{
	static const char *const params[] = {"DOCUMENT_URI", "/", NULL};
	struct http_request request;

	assert_ok(http_request_parse(arena, get, params, &request));
	ck_assert_int_eq(request.method, HTTP_OTHER);
	assert_str(request.query, "");
	assert_str(request.cookie, "");
	assert_str(request.client_ip, "");
	ck_assert_uint_eq(request.request_id.len, HTTP_REQUEST_ID_MAX);
}
END_TEST

START_TEST(request_ids)
{
	static const struct {
		const char *id;
		bool taken;
	} cases[] = {
	    {"0", true},
	    {"0123456789abcdef0123456789abcdef", true},
	    {"0123456789abcdef0123456789abcdef0", false},
	    {"", false},
	    {"a b", false},
	    {"a\r\nSet-Cookie: x", false},
	    {"\xc3\xa4", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const params[] = {"DOCUMENT_URI", "/",
		    "T2O_REQUEST_ID", cases[i].id, NULL};
		struct http_request request;

		assert_ok(http_request_parse(arena, get, params, &request));
		if (cases[i].taken)
			assert_str(request.request_id, cases[i].id);
		else
			ck_assert_msg(request.request_id.len ==
				HTTP_REQUEST_ID_MAX,
			    "row %zu", i);
	}
}
END_TEST

START_TEST(no_room_for_an_id)
{
	static const char *const params[] = {"DOCUMENT_URI", "/", NULL};
	struct arena *small = arena_new(16);
	struct http_request request;

	assert_err(http_request_parse(small, get, params, &request), ERR_LIMIT);
	arena_free(&small);
}
END_TEST

START_TEST(paths)
{
	static char longest[HTTP_PATH_MAX + 1], too_long[HTTP_PATH_MAX + 2];
	static const struct {
		const char *path;
		enum err err;
	} cases[] = {
	    {"/", OK},
	    {"/a", OK},
	    {"/a/", OK},
	    {"/a/b.c", OK},
	    {"/...", OK},
	    {"/.a", OK},
	    {"/a b", OK},
	    {"/%2e%2e/", OK}, /* decoded once: that is its name */
	    {"/\xc3\xa4", OK},
	    {longest, OK},
	    {too_long, ERR_INVALID},
	    {NULL, ERR_INVALID},
	    {"", ERR_INVALID},
	    {"a", ERR_INVALID},
	    {"*", ERR_INVALID},
	    {"http://x/", ERR_INVALID},
	    {"//", ERR_INVALID},
	    {"//a", ERR_INVALID},
	    {"/a//", ERR_INVALID},
	    {"/a//b", ERR_INVALID},
	    {"/.", ERR_INVALID},
	    {"/..", ERR_INVALID},
	    {"/a/./b", ERR_INVALID},
	    {"/a/../b", ERR_INVALID},
	    {"/a/..", ERR_INVALID},
	    {"/a\n", ERR_INVALID},
	    {"/a\tb", ERR_INVALID},
	    {"/a\x7f", ERR_INVALID},
	};

	memset(longest, 'a', HTTP_PATH_MAX);
	memset(too_long, 'a', HTTP_PATH_MAX + 1);
	longest[0] = too_long[0] = '/';
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const params[] = {"T2O_REQUEST_ID", "x",
		    "DOCUMENT_URI", cases[i].path, NULL};
		struct http_request request;

		ck_assert_msg(http_request_parse(arena, get, params,
				  &request) == cases[i].err,
		    "row %zu", i);
		assert_str(request.request_id, "x");
	}
}
END_TEST

START_TEST(cookies)
{
	static const struct {
		const char *cookie, *values; /* each with a '|' behind it */
	} cases[] = {
	    {"", ""},
	    {"id=1", "1|"},
	    {"a=b; id=1; c=d", "1|"},
	    {"id=1; id=2;id=3", "1|2|3|"},
	    {"id=", "|"},
	    {"id", ""},
	    {"=1", ""},
	    {"ID=1; idx=2; xid=3; id2=4", ""},
	    {"id=a=b", "a=b|"},
	    {"id=\"1\"", "\"1\"|"},
	    {"  id=1  ;", "1|"},
	    {";;; ;id=1;;", "1|"},
	    {"id =1", ""},
	    {"a=\"; id=1\"", "1\"|"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str rest = str_of(cases[i].cookie), value;
		struct buf got;

		buf_init(&got, 100);
		buf_puts(&got, "");
		while (http_cookie_next(&rest, STR("id"), &value)) {
			buf_put(&got, value);
			buf_putc(&got, '|');
		}
		ck_assert_msg(strcmp(got.p, cases[i].values) == 0,
		    "row %zu: %s", i, got.p);
		buf_done(&got);
	}
}
END_TEST

Suite *suite_http_request(void)
{
	Suite *suite = suite_create("http/request");
	TCase *tcase = tcase_create("request");

	tcase_add_checked_fixture(tcase, start, stop);
	tcase_add_test(tcase, methods);
	tcase_add_test(tcase, everything);
	tcase_add_test(tcase, as_good_as_nothing);
	tcase_add_test(tcase, request_ids);
	tcase_add_test(tcase, no_room_for_an_id);
	tcase_add_test(tcase, paths);
	tcase_add_test(tcase, cookies);
	suite_add_tcase(suite, tcase);
	return suite;
}
