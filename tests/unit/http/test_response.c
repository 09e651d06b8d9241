#include "core/base.h"

#include <signal.h>

#include "http/response.h"

#include "suites.h"
#include "unit.h"

static struct http_response response;
static struct buf out;

static void start(void)
{
	http_response_init(&response);
	buf_init(&out, HTTP_RESPONSE_MAX + 4096);
}

static void stop(void)
{
	http_response_done(&response);
	buf_done(&out);
}

/* One that is expected to abort says so in no log. */
static void start_quiet(void)
{
	start();
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
}

START_TEST(whole)
{
	response.status = 401;
	http_response_header(&response, "Retry-After", STR("3"));
	buf_puts(&response.body, "{}");
	assert_ok(http_response_write(&response, STR("id"), false, &out));
	assert_str(buf_str(&out),
	    "Status: 401 Unauthorized\r\n"
	    "Content-Type: application/json\r\n"
	    "Content-Length: 2\r\n"
	    "Cache-Control: no-store\r\n"
	    "X-Content-Type-Options: nosniff\r\n"
	    "X-Request-Id: id\r\n"
	    "Retry-After: 3\r\n"
	    "\r\n"
	    "{}");
}
END_TEST

START_TEST(any_status)
{
	response.status = 599;
	assert_ok(http_response_write(&response, STR("id"), false, &out));
	ck_assert(str_starts(buf_str(&out), STR("Status: 599 Other\r\n")));
}
END_TEST

START_TEST(head_has_no_body)
{
	response.status = 200;
	buf_puts(&response.body, "{}");
	assert_ok(http_response_write(&response, STR("id"), true, &out));
	ck_assert(str_contains(buf_str(&out), STR("Content-Length: 2\r\n")));
	ck_assert(str_ends(buf_str(&out), STR("\r\n\r\n")));
}
END_TEST

START_TEST(no_content)
{
	response.status = 204;
	buf_puts(&response.body, "{}");
	assert_ok(http_response_write(&response, STR("id"), false, &out));
	ck_assert(!str_contains(buf_str(&out), STR("\nContent-Type")));
	ck_assert(!str_contains(buf_str(&out), STR("\nContent-Length")));
	ck_assert(str_ends(buf_str(&out), STR("\r\n\r\n")));
}
END_TEST

START_TEST(cookies)
{
	http_response_cookie(&response, STR("__Host-session"), STR("abc-_"),
	    true, HTTP_SAME_SITE_LAX, -1);
	http_response_cookie(&response, STR("X-CSRFToken"), STR("t"), false,
	    HTTP_SAME_SITE_STRICT, 60);
	http_response_cookie(&response, STR("gone"), STR(""), true,
	    HTTP_SAME_SITE_LAX, 0);
	assert_str(buf_str(&response.headers),
	    "Set-Cookie: __Host-session=abc-_; Path=/; Secure; HttpOnly; "
	    "SameSite=Lax\r\n"
	    "Set-Cookie: X-CSRFToken=t; Path=/; Secure; SameSite=Strict; "
	    "Max-Age=60\r\n"
	    "Set-Cookie: gone=; Path=/; Secure; HttpOnly; SameSite=Lax; "
	    "Max-Age=0\r\n");
}
END_TEST

START_TEST(reset)
{
	response.status = 200;
	http_response_header(&response, "A", STR("b"));
	while (buf_err(&response.body) == OK)
		buf_puts(&response.body, "0123456789abcdef");
	assert_err(http_response_write(&response, STR("id"), false, &out),
	    ERR_LIMIT);
	http_response_reset(&response);
	ck_assert_uint_eq(response.status, 0);
	response.status = 200;
	assert_ok(http_response_write(&response, STR("id"), false, &out));
	ck_assert(!str_contains(buf_str(&out), STR("A: b")));
	ck_assert(str_contains(buf_str(&out), STR("Content-Length: 0\r\n")));
}
END_TEST

START_TEST(what_did_not_fit)
{
	struct buf small;

	response.status = 200;
	buf_init(&small, 100);
	assert_err(http_response_write(&response, STR("id"), false, &small),
	    ERR_LIMIT);
	buf_done(&small);

	while (buf_err(&response.headers) == OK)
		http_response_header(&response, "A", STR("b"));
	assert_err(http_response_write(&response, STR("id"), false, &out),
	    ERR_LIMIT);
}
END_TEST

static const struct str split[] = {STR("a\r\nSet-Cookie: b"), STR("a\n"),
    STR("\0"), STR("\x7f")};

START_TEST(a_field_cannot_split)
{
	http_response_header(&response, "A", split[_i]);
}
END_TEST

static const struct str no_octets[] = {STR("a;b"), STR("a b"), STR("a,b"),
    STR("\""), STR("\\"), STR("\xc3\xa4")};

START_TEST(a_cookie_cannot_split)
{
	http_response_cookie(&response, STR("n"), no_octets[_i], true,
	    HTTP_SAME_SITE_LAX, -1);
}
END_TEST

static const unsigned no_statuses[] = {0, 100, 199, 600};

START_TEST(a_status_must_be_set)
{
	response.status = no_statuses[_i];
	ck_assert_int_ne(http_response_write(&response, STR("id"), false, &out),
	    OK);
}
END_TEST

Suite *suite_http_response(void)
{
	Suite *suite = suite_create("http/response");
	TCase *tcase = tcase_create("response");
	TCase *aborts = tcase_create("aborts");

	tcase_add_checked_fixture(tcase, start, stop);
	tcase_add_test(tcase, whole);
	tcase_add_test(tcase, any_status);
	tcase_add_test(tcase, head_has_no_body);
	tcase_add_test(tcase, no_content);
	tcase_add_test(tcase, cookies);
	tcase_add_test(tcase, reset);
	tcase_add_test(tcase, what_did_not_fit);
	suite_add_tcase(suite, tcase);

	tcase_add_checked_fixture(aborts, start_quiet, stop);
	tcase_add_loop_test_raise_signal(aborts, a_field_cannot_split, SIGABRT,
	    0, ARRAY_LEN(split));
	tcase_add_loop_test_raise_signal(aborts, a_cookie_cannot_split, SIGABRT,
	    0, ARRAY_LEN(no_octets));
	tcase_add_loop_test_raise_signal(aborts, a_status_must_be_set, SIGABRT,
	    0, ARRAY_LEN(no_statuses));
	suite_add_tcase(suite, aborts);
	return suite;
}
