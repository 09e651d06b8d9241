/* Requests at the edge of HTTP, as nginx lets them through or not. */
#include "core/base.h"

#include "api.h"
#include "raw.h"

/* Refused in the documented shape, whoever does it. */
static void expect_refused(const struct response *res)
{
	const char *code = response_text(res, "error");

	EXPECT(res->status >= 400 && res->status < 500, res, "wanted 4xx");
	EXPECT(code != NULL, res, "no error code");
	expect_error(res, res->status, code);
}

/* Paths are normalised; what they come to is what is answered. */
static const struct {
	const char *path;
	unsigned status;
} paths[] = {
    {"//healthz", 200},
    {"/./healthz", 200},
    {"/x/../healthz", 200},
    {"/x/%2e%2e/healthz", 200},
    {"/%68ealthz", 200},
    {"/healthz?", 200},
    {"/healthz?a=%00&b=%zz&%ff", 200},
    {"/healthz#fragment", 200},
    {"/healthz/", 404},
    {"/healthz%00", 400},
    {"/healthz%0a", 400},
    {"/healthz%20", 404},
    {"/healthz;a=b", 404},
    {"/healthz%3fa=b", 404},
    {"/healthz%23a", 404},
    {"/%2568ealthz", 404},
    {"/HEALTHZ", 404},
    {"/..", 400},
    {"/../healthz", 400},
    {"/..%2f..%2fetc/passwd", 400},
    {"/%2e%2e/%2e%2e/etc/passwd", 400},
    {"/x%2f..%2fcurrent_user_details", 401},
    {"/current_user_details%2f", 404},
    {"/current_user_details/.", 404},
    {"//current_user_details", 401},
    {"/healthz/../current_user_details", 401},
    {"/current_user_details%00/healthz", 400},
    {"/verify_email/", 404},
    {"/verify_email//", 404},
    {"/verify_email/a%2fb", 404},
    {"/verify_email/..%2fcurrent_user_details", 401},
    {"/verify_email/%c0%af", 400},
    {"/verify_email/%ff", 400},
    {"/\xff\xfe", 404},
    {"/%", 400},
    {"/%4", 400},
    {"/%zz", 400},
    {"/.git/HEAD", 404},
    {"/.env", 404},
    {"/config.bak", 404},
    {"/src/api/guard.c", 404},
};

START_TEST(odd_paths)
{
	const struct response *res = get(client_new(), paths[_i].path);

	EXPECT(res->status == paths[_i].status, res, "wanted %u",
	    paths[_i].status);
	if (res->status != 200)
		expect_refused(res);
}
END_TEST

START_TEST(long_paths)
{
	struct client *c = client_new();

	expect_error(get(c, text("/%s", text_repeat("x", 2000))), 404,
	    "not_found");
	expect_error(get(c, text("/verify_email/%s", text_repeat("x", 2000))),
	    400, "invalid_token");
	expect_refused(get(c, text("/%s", text_repeat("x", 2048))));
	expect_refused(get(c, text("/%s", text_repeat("x", 8000))));
	expect_refused(get(c, text("/%s", text_repeat("%61", 2000))));
	expect_refused(
	    get(c, text("/verify_email/%s", text_repeat("a/", 1500))));
}
END_TEST

START_TEST(many_query_parameters)
{
	struct client *c = client_new();

	expect_success(get(c, text("/healthz?%s", text_repeat("a=b&", 100))),
	    200, NULL);
	expect_success(get(c, text("/healthz?%s", text_repeat("&", 1000))), 200,
	    NULL);
	expect_refused(get(c, text("/healthz?%s", text_repeat("a=b&", 5000))));
}
END_TEST

START_TEST(large_headers)
{
	const char *large = text("X-Large: %s", text_repeat("x", 8000));

	expect_success(SEND(client_new(), .path = "/healthz",
			   .headers = {large, large}),
	    200, NULL);
}
END_TEST

/* Over HTTP/2 nginx may end the stream; HTTP/1.1 has room for an answer. */
static const char *const large_lines[] = {"X-Large: %s", "Cookie: a=%s",
    "Cookie: __Host-session=%s", "User-Agent: %s", "Origin: https://%s"};

START_TEST(oversize_headers)
{
	const char *head = text("GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
				"Connection: close\r\n");
	const char *hole = strstr(large_lines[_i], "%s");
	char *request = text("%s%.*s%s\r\n\r\n", head,
	    (int)(hole - large_lines[_i]), large_lines[_i],
	    text_repeat("x", 40000));
	struct raw_answer answer = raw_tls(str_of(request));

	ck_assert_msg(answer.status >= 400 && answer.status < 500, "%s",
	    answer.text);
	ck_assert_msg(strstr(answer.text, "\"success\":false") != NULL, "%s",
	    answer.text);
}
END_TEST

START_TEST(too_many_headers)
{
	char *request = text("GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
			     "Connection: close\r\n%s\r\n",
	    text_repeat("X-Many: x\r\n", 10000));
	struct raw_answer answer = raw_tls(str_of(request));

	ck_assert_msg(answer.status >= 400 && answer.status < 500, "%s",
	    answer.text);
}
END_TEST

/* Header values that mean something to us, at their worst. */
static const char *const odd_headers[] = {"Origin: \xff\xfe", "Origin: ;",
    "Sec-Fetch-Site: \xff", "X-CSRFToken: \xff\xfe", "User-Agent: \x1b[31m",
    "User-Agent: \xff\xff\xff", "Content-Type: \xff/\xff",
    "Content-Type: application/json; charset=\"", "Content-Type: ;",
    "Content-Type: application/json;;;", "Content-Type: /",
    "Cookie: \xff=\xff; ;=;", "Accept: \xff", "Range: bytes=0-0,1-,-5"};

START_TEST(odd_header_values)
{
	struct client *c = client_new();
	const char *body = "{\"email\":\"nobody@example.org\"}";
	const struct response *res = SEND(c, .path = "/resend_verification",
	    .body = body,
	    .type = strncmp(odd_headers[_i], "Content-Type", 12) == 0 ? ""
								      : NULL,
	    .headers = {odd_headers[_i]});

	if (res->status != 200)
		expect_refused(res);
	expect_success(get(c, "/healthz"), 200, NULL);
}
END_TEST

/* RFC 9112: where a message ends must not be a matter of opinion. */
#define POST_HEAD                                                              \
	"POST /resend_verification HTTP/1.1\r\nHost: localhost\r\n"            \
	"Content-Type: application/json\r\nConnection: close\r\n"
#define GET_HEAD "GET /healthz HTTP/1.1\r\n"

static const struct {
	struct str request;
	unsigned status;
} messages[] = {
    {STR(GET_HEAD "Host: localhost\r\nConnection: close\r\n\r\n"), 200},
    {STR(POST_HEAD "Transfer-Encoding: chunked\r\n\r\n"
		   "20\r\n{\"email\":\"nobody@example.org\"}\r\n0\r\n\r\n"),
	400},
    {STR(POST_HEAD "Transfer-Encoding: chunked\r\n\r\n"
		   "1e\r\n{\"email\":\"nobody@example.org\"}\r\n0\r\n\r\n"),
	200},
    {STR(POST_HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"), 400},
    {STR(POST_HEAD "Transfer-Encoding: chunked\r\n\r\n"
		   "ffffffffffffffff1\r\n{}\r\n"),
	400},
    {STR(POST_HEAD "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n"
		   "2\r\n{}\r\n0\r\n\r\n"),
	400},
    {STR(POST_HEAD "Transfer-Encoding: gzip\r\n\r\n{}"), 501},
    {STR(POST_HEAD "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "), 400},
    {STR(POST_HEAD "Content-Length: -1\r\n\r\n{}"), 400},
    {STR(POST_HEAD "Content-Length: +2\r\n\r\n{}"), 400},
    {STR(POST_HEAD "Content-Length: 0x2\r\n\r\n{}"), 400},
    {STR(POST_HEAD "Content-Length: 18446744073709551618\r\n\r\n{}"), 400},
    {STR(POST_HEAD "Content-Length: 9223372036854775807\r\n\r\n{}"), 413},
    {STR(POST_HEAD "Content-Length: 1073741824\r\n\r\n{}"), 413},
    {STR(GET_HEAD "\r\n"), 400},
    {STR(GET_HEAD "Host: a\r\nHost: b\r\n\r\n"), 400},
    {STR(GET_HEAD "Host: local host\r\n\r\n"), 400},
    {STR(GET_HEAD "Host: localhost\r\nNUL: a\0b\r\n\r\n"), 400},
    {STR("GET  /healthz\tHTTP/1.1\r\nHost: localhost\r\n\r\n"), 400},
    {STR("get /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400},
    {STR("GET healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400},
    {STR("GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n"), 505},
    {STR("nonsense\r\n\r\n"), 400},
    {STR("\x16\x03\x01\x02\x00"), 400},
    {STR("TRACE /healthz HTTP/1.1\r\nHost: localhost\r\n"
	 "Connection: close\r\n\r\n"),
	405},
    {STR("CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n"
	 "Connection: close\r\n\r\n"),
	400},
    {STR("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n"
	 "Connection: close\r\n\r\n"),
	400},
};

START_TEST(message_boundaries)
{
	struct raw_answer answer = raw_tls(messages[_i].request);

	/* Hanging up is an answer to what is no HTTP at all. */
	if (answer.status == 0 && messages[_i].status == 400)
		return;
	ck_assert_msg(answer.status == messages[_i].status, "wanted %u: %s",
	    messages[_i].status, answer.text);
	ck_assert_ptr_null(strstr(answer.text, "nginx/"));
}
END_TEST

/* Announced and not sent: nginx waits, and no worker does. */
START_TEST(body_that_never_comes)
{
	struct client *c = client_new();

	for (size_t i = 0; i < 12; i++)
		raw_tls_abandon(
		    STR(POST_HEAD "Content-Length: 50\r\n\r\n{\"email\":"));
	expect_success(get(c, "/healthz"), 200, NULL);
}
END_TEST

/* What comes behind the announced end is another request, and no good one. */
START_TEST(body_longer_than_announced)
{
	struct raw_answer answer = raw_tls(
	    STR("POST /resend_verification HTTP/1.1\r\nHost: localhost\r\n"
		"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n"
		"{}GET /current_user_details HTTP/1.1\r\n\r\n"));

	ck_assert_uint_eq(answer.status, 400);
	ck_assert_ptr_nonnull(strstr(answer.text, "validation_failed"));
	ck_assert_ptr_null(strstr(answer.text, "not_authenticated"));
}
END_TEST

void add_bad_input(TCase *tc)
{
	tcase_add_loop_test(tc, odd_paths, 0, ARRAY_LEN(paths));
	tcase_add_test(tc, long_paths);
	tcase_add_test(tc, many_query_parameters);
	tcase_add_test(tc, large_headers);
	tcase_add_loop_test(tc, oversize_headers, 0, ARRAY_LEN(large_lines));
	tcase_add_test(tc, too_many_headers);
	tcase_add_loop_test(tc, odd_header_values, 0, ARRAY_LEN(odd_headers));
	tcase_add_loop_test(tc, message_boundaries, 0, ARRAY_LEN(messages));
	tcase_add_test(tc, body_that_never_comes);
	tcase_add_test(tc, body_longer_than_announced);
}
