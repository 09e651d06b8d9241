/* What nginx answers itself: plain HTTP, floods, static pages. */
#include "core/base.h"

#include "api.h"
#include "raw.h"

#define PLAIN_POST                                                             \
	"POST /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"     \
	"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

static void expect_refused_plain(const struct raw_answer *answer)
{
	ck_assert_msg(answer->status == 403, "%s", answer->text);
	ck_assert_ptr_null(strcasestr(answer->text, "\nLocation:"));
	ck_assert_ptr_null(strcasestr(answer->text, "\nStrict-Transport"));
	ck_assert_ptr_nonnull(strstr(answer->text, "{\"success\":false,"));
}

/* 4.1.2: refused, not redirected; a client must notice its mistake. */
START_TEST(plain_http_is_refused)
{
	struct raw_answer answer = raw_plain(environment("T2O_HTTP_PORT"),
	    STR(PLAIN_POST));

	expect_refused_plain(&answer);
}
END_TEST

START_TEST(plain_http_on_the_other_port)
{
	const char *port = strrchr(environment("T2O_URL"), ':') + 1;
	struct raw_answer answer = raw_plain(port, STR(PLAIN_POST));

	expect_refused_plain(&answer);
}
END_TEST

/* Two a second, sixty at once; counted by client, and only on open routes. */
START_TEST(floods_are_refused)
{
	struct client *c = client_new();
	const struct response *refused = NULL;

	for (size_t i = 0; i < 120 && refused == NULL; i++) {
		const struct response *res = get(c, "/verify_email/x");

		if (res->status == 429)
			refused = res;
		else
			expect_error(res, 400, "invalid_token");
	}
	ck_assert_ptr_nonnull(refused);
	expect_error(refused, 429, "too_many_requests");
	expect_success(get(c, "/healthz"), 200, NULL);
}
END_TEST

START_TEST(floods_are_of_one_client)
{
	struct client *c = client_new();

	for (size_t i = 0; i < 70; i++)
		(void)get(c, "/verify_email/x");
	expect_error(get(client_new(), "/verify_email/x"), 400,
	    "invalid_token");
	/* What comes along in a header makes nobody another client. */
	expect_error(SEND(c, .path = "/verify_email/x",
			 .headers = {"X-Forwarded-For: 192.0.2.1",
			     "X-Real-IP: 192.0.2.1",
			     "Forwarded: for=192.0.2.1"}),
	    429, "too_many_requests");
}
END_TEST

/* Not a page of the API: its rules are a page's. */
START_TEST(static_page)
{
	struct client *c = client_new();
	const struct response *res = get(c, "/app/");
	const char *type = response_header(res, "Content-Type", 0);
	const char *csp = response_header(res, "Content-Security-Policy", 0);

	EXPECT(res->status == 200, res, "no page");
	ck_assert_msg(type != NULL && strcasestr(type, "text/html") != NULL &&
		strcasestr(type, "charset=utf-8") != NULL,
	    "%s", type);
	ck_assert_ptr_nonnull(strstr(csp, "object-src 'none'"));
	ck_assert_ptr_nonnull(strstr(csp, "frame-ancestors 'none'"));
	ck_assert_ptr_null(strstr(csp, "unsafe"));
	ck_assert_ptr_nonnull(response_header(res, "X-Request-Id", 0));
	ck_assert_ptr_nonnull(
	    response_header(res, "Strict-Transport-Security", 0));
	ck_assert_str_eq(response_header(res, "X-Content-Type-Options", 0),
	    "nosniff");
	res = get(c, "/");
	EXPECT(res->status == 302, res, "wanted 302");
	ck_assert_str_eq(response_header(res, "Location", 0), "/app/");
}
END_TEST

static const char *const hidden[] = {"/app/../.git/HEAD", "/app/.htaccess",
    "/app/x.sql", "/app/nothing.html", "/app/%2e%2e/sql/grants.sql",
    "/app/..%2f..%2fetc/passwd", "/snippets/t2o-tls.conf"};

START_TEST(files_that_are_nobodys_business)
{
	const struct response *res = get(client_new(), hidden[_i]);

	EXPECT(res->status == 404 || res->status == 400, res, "wanted 404");
}
END_TEST

/* A Host of somebody else's choosing leads nowhere. */
START_TEST(host_is_not_believed)
{
	struct client *c = client_new();
	const struct response *res = SEND(c, .path = "/app",
	    .headers = {"Host: evil.example"});
	const char *location = response_header(res, "Location", 0);
	struct account a = account_invent();
	const struct mail *mail;

	ck_assert_ptr_null(
	    strstr(location != NULL ? location : "", "evil.example"));
	expect_success(SEND(c, .path = "/signup",
			   .body = account_signup_body(&a),
			   .headers = {"Host: evil.example",
			       "X-Forwarded-Host: evil.example",
			       "X-Forwarded-Proto: http"}),
	    201, NULL);
	mail = mailbox_wait(a.email, 1);
	ck_assert_ptr_null(strstr(mail->plain, "evil.example"));
	ck_assert_ptr_null(strstr(mail->html, "evil.example"));
}
END_TEST

void add_nginx(TCase *tc)
{
	tcase_add_test(tc, plain_http_is_refused);
	tcase_add_test(tc, plain_http_on_the_other_port);
	tcase_add_test(tc, floods_are_refused);
	tcase_add_test(tc, floods_are_of_one_client);
	tcase_add_test(tc, static_page);
	tcase_add_loop_test(tc, files_that_are_nobodys_business, 0,
	    ARRAY_LEN(hidden));
	tcase_add_test(tc, host_is_not_believed);
}
