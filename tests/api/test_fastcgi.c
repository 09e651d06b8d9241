/*
 * Past nginx, into a worker's socket: what lies about itself gets an answer or
 * a closed connection, and the worker lives.
 */
#include "core/base.h"

#include "api.h"
#include "raw.h"

#define BODY "{\"email\":\"nobody@example.org\"}"

#define POSTED(length, body_)                                                  \
	{                                                                      \
		.params = {{"REQUEST_METHOD", "POST"},                         \
		    {"DOCUMENT_URI", "/resend_verification"},                  \
		    {"CONTENT_LENGTH", (length)}},                             \
		.body = STR(body_)                                             \
	}
#define ASKED(name, value)                                                     \
	{                                                                      \
		.params = { {(name), (value)} }                                \
	}

static const struct {
	struct raw_request request;
	unsigned status;
} requests[] = {
    {ASKED("REQUEST_METHOD", "GET"), 200},
    {POSTED("30", BODY), 200},
    /* CONTENT_LENGTH, lying either way, or none */
    {POSTED("31", BODY), 400},
    {POSTED("60000", BODY), 400},
    {POSTED("29", BODY), 400},
    {POSTED("2", "{}{}"), 400},
    {POSTED("0", BODY), 400},
    {POSTED("", BODY), 400},
    {POSTED("-1", BODY), 400},
    {POSTED("+30", BODY), 400},
    {POSTED(" 30", BODY), 400},
    {POSTED("30 ", BODY), 400},
    {POSTED("30,30", BODY), 400},
    {POSTED("0x1e", BODY), 400},
    {POSTED("3e1", BODY), 400},
    {POSTED("x", BODY), 400},
    {POSTED("65537", BODY), 413},
    {POSTED("4294967326", BODY), 413},
    {POSTED("18446744073709551646", BODY), 400},
    {POSTED("99999999999999999999999999999999999999", BODY), 400},
    /* methods */
    {ASKED("REQUEST_METHOD", "FOO"), 405},
    {ASKED("REQUEST_METHOD", "get"), 405},
    {ASKED("REQUEST_METHOD", ""), 405},
    {ASKED("REQUEST_METHOD", "GET\r\nX: y"), 405},
    /* paths that nginx would not have let through */
    {ASKED("DOCUMENT_URI", ""), 400},
    {ASKED("DOCUMENT_URI", "healthz"), 400},
    {ASKED("DOCUMENT_URI", "//healthz"), 400},
    {ASKED("DOCUMENT_URI", "/x/../healthz"), 400},
    {ASKED("DOCUMENT_URI", "/./healthz"), 400},
    {ASKED("DOCUMENT_URI", "/healthz\n"), 400},
    {ASKED("DOCUMENT_URI", "/health%7a"), 404},
    {ASKED("DOCUMENT_URI", "/\xff"), 404},
    /* what a worker must not take for its own words */
    {ASKED("T2O_REQUEST_ID", "a\r\nSet-Cookie: a=b"), 200},
    {ASKED("T2O_REQUEST_ID", ""), 200},
    {ASKED("REMOTE_ADDR", "' OR 1=1"), 200},
    {ASKED("HTTP_COOKIE", "\xff\xff;;==\xff"), 200},
    {ASKED("HTTP_USER_AGENT", "\xff\xff"), 200},
};

START_TEST(lies)
{
	struct raw_answer answer = raw_fcgi(&requests[_i].request);

	ck_assert_msg(answer.status == requests[_i].status,
	    "wanted %u, got: %s", requests[_i].status, answer.text);
	ck_assert_ptr_null(strstr(answer.text, "\nSet-Cookie"));
	ck_assert_ptr_nonnull(strstr(answer.text, "\r\n\r\n{\"success\":"));
}
END_TEST

/* No status is wanted: closing is an answer. */
START_TEST(too_much_of_everything)
{
	const struct raw_request large[] = {
	    {.params = {{"DOCUMENT_URI", text("/%s", text_repeat("x", 3000))}}},
	    {.params = {{"HTTP_COOKIE",
		 text_repeat("__Host-session=x;", 6000)}}},
	    {.params = {{text_repeat("X", 100000), "x"}}},
	    {.params = {{"HTTP_USER_AGENT",
		 text_repeat("\xf0\x9f\xa6\x95", 30000)}}},
	    {.params = {{"REQUEST_METHOD", "POST"},
		 {"DOCUMENT_URI", "/resend_verification"},
		 {"CONTENT_LENGTH", "500000"}},
		.body = str_of(text_repeat("x", 500000))},
	};

	for (size_t i = 0; i < ARRAY_LEN(large); i++) {
		struct raw_answer answer = raw_fcgi(&large[i]);

		ck_assert_msg(answer.status < 500, "%zu: %s", i, answer.text);
	}
	expect_success(get(client_new(), "/healthz"), 200, NULL);
}
END_TEST

/* nginx went away in the middle of a body. */
START_TEST(cut_off)
{
	struct raw_request request = POSTED("60000", BODY);

	request.no_end_of_body = true;
	for (size_t i = 0; i < 12; i++) {
		struct raw_answer answer = raw_fcgi(&request);

		ck_assert_msg(answer.status == 0 || answer.status == 400, "%s",
		    answer.text);
	}
	expect_success(get(client_new(), "/healthz"), 200, NULL);
}
END_TEST

void add_fastcgi(TCase *tc)
{
	tcase_add_loop_test(tc, lies, 0, ARRAY_LEN(requests));
	tcase_add_test(tc, too_much_of_everything);
	tcase_add_test(tc, cut_off);
}
