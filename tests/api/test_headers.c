/* Header fields of answers: ids, lengths, versions. */
#include "core/base.h"

#include "api.h"

static const char *const anywhere[] = {"/healthz", "/check_auth_status",
    "/current_user_details", "/nothing", "/login", "/x.bak"};

START_TEST(request_ids_are_new)
{
	struct client *c = client_new();
	const char *last = "";

	for (size_t i = 0; i < ARRAY_LEN(anywhere); i++) {
		const struct response *res = get(c, anywhere[i]);
		const char *id = response_header(res, "X-Request-Id", 0);

		EXPECT(id != NULL && strspn(id, "0123456789abcdef") == 32, res,
		    "X-Request-Id: %s", id);
		ck_assert_str_ne(id, last);
		last = id;
	}
}
END_TEST

START_TEST(request_ids_are_not_the_clients)
{
	static const char mine[] = "00000000000000000000000000000000";
	struct client *c = client_new();

	for (size_t i = 0; i < ARRAY_LEN(anywhere); i++)
		ck_assert_str_ne(
		    response_header(SEND(c, .path = anywhere[i],
					.headers = {text("X-Request-Id: %s",
							mine),
					    text("T2O-Request-Id: %s", mine)}),
			"X-Request-Id", 0),
		    mine);
}
END_TEST

/* 13.4.6 */
START_TEST(no_versions_are_told)
{
	struct client *c = client_new();

	for (size_t i = 0; i < ARRAY_LEN(anywhere); i++) {
		const struct response *res = get(c, anywhere[i]);
		const char *server = response_header(res, "Server", 0);

		EXPECT(server == NULL || strpbrk(server, "0123456789") == NULL,
		    res, "Server: %s", server);
		ck_assert_ptr_null(response_header(res, "X-Powered-By", 0));
	}
}
END_TEST

/* 4.2.2: what HEAD announces is what GET sends. */
START_TEST(lengths_are_right)
{
	static const char *const paths[] = {"/healthz", "/readyz",
	    "/check_auth_status"};
	struct client *c = client_new();

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const struct response *whole = get(c, paths[i]);
		const struct response *head = SEND(c, .method = "HEAD",
		    .path = paths[i]);
		const char *length = response_header(whole, "Content-Length",
		    0);

		EXPECT(length != NULL &&
			strtoull(length, NULL, 10) == whole->body.len,
		    whole, "Content-Length: %s", length);
		EXPECT(head->status == 200 && head->body.len == 0, head,
		    "a HEAD with a body");
		ck_assert_str_eq(response_header(head, "Content-Length", 0),
		    length);
	}
}
END_TEST

START_TEST(head_of_errors_too)
{
	struct client *c = client_new();
	const struct response *res = SEND(c, .method = "HEAD",
	    .path = "/current_user_details");

	EXPECT(res->status == 401 && res->body.len == 0, res, "wanted 401");
	res = SEND(c, .method = "HEAD", .path = "/nothing");
	EXPECT(res->status == 404 && res->body.len == 0, res, "wanted 404");
}
END_TEST

/* 3.4.1 */
START_TEST(strict_transport_for_a_year)
{
	const char *hsts = response_header(get(client_new(), "/nothing"),
	    "Strict-Transport-Security", 0);

	ck_assert_uint_ge(strtoul(strchr(hsts, '=') + 1, NULL, 10),
	    365 * 24 * 3600);
}
END_TEST

/* Bodies are JSON that an HTML parser finds nothing in. */
START_TEST(input_is_not_echoed)
{
	static const char evil[] = "<script>alert(1)</script>";
	struct client *c = client_new();
	const struct response *const answers[] = {
	    get(c, text("/%s", text_uri(evil))),
	    get(c, text("/verify_email/%s", text_uri(evil))),
	    post(c, "/login", account_login_body(evil, evil)),
	    post(c, "/signup", J("{'%s':1,'username':'%s'}", evil, evil)),
	    SEND(c, .path = "/login", .type = evil, .body = evil),
	};

	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		EXPECT(strstr(answers[i]->body.p, "<script>") == NULL,
		    answers[i], "the body has what was sent");
}
END_TEST

void add_headers(TCase *tc)
{
	tcase_add_test(tc, request_ids_are_new);
	tcase_add_test(tc, request_ids_are_not_the_clients);
	tcase_add_test(tc, no_versions_are_told);
	tcase_add_test(tc, lengths_are_right);
	tcase_add_test(tc, head_of_errors_too);
	tcase_add_test(tc, strict_transport_for_a_year);
	tcase_add_test(tc, input_is_not_echoed);
}
