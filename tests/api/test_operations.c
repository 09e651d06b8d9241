/* /healthz and /readyz. */
#include "core/base.h"

#include "api.h"

static const char *const probes[] = {"/healthz", "/readyz"};

START_TEST(probes_answer)
{
	const struct response *res = get(client_new(), probes[_i]);

	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message");
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
}
END_TEST

START_TEST(probes_take_head)
{
	const struct response *res = SEND(client_new(), .method = "HEAD",
	    .path = probes[_i]);

	EXPECT(res->status == 200 && res->body.len == 0, res, "HEAD");
}
END_TEST

START_TEST(probes_need_no_session)
{
	struct client *c = client_new();

	client_set_cookie(c, SESSION_COOKIE, "nonsense");
	expect_success(get(c, probes[_i]), 200, NULL);
}
END_TEST

START_TEST(unknown_paths)
{
	static const char *const paths[] = {"/nothing", "/healthz/",
	    "/healthz/x", "/Healthz", "/login/x", "/verify_email/a/b"};

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		expect_error(get(client_new(), paths[i]), 404, "not_found");
}
END_TEST

void add_operations(TCase *tc)
{
	int n = (int)ARRAY_LEN(probes);

	tcase_add_loop_test(tc, probes_answer, 0, n);
	tcase_add_loop_test(tc, probes_take_head, 0, n);
	tcase_add_loop_test(tc, probes_need_no_session, 0, n);
	tcase_add_test(tc, unknown_paths);
}
