/* GET and POST /logout. */
#include "core/base.h"

#include "api.h"

static const char *const methods[] = {"POST", "GET"};

START_TEST(session_is_gone_everywhere)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *copy = client_new();
	const char *id = client_cookie(c, SESSION_COOKIE);
	const char *csrf = client_csrf(c);
	const struct response *res;

	client_set_cookie(copy, SESSION_COOKIE, id);
	expect_success(get(copy, "/current_user_details"), 200, NULL);
	res = SEND(c, .method = methods[_i], .path = "/logout");
	expect_success(res, 200, "Logout successful");
	expect_members(res, res->json, "success", "message");
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM sessions "
					 "WHERE user_id = %llu",
			     account_id(&a)),
	    0);
	for (size_t i = 0; i < 8; i++)
		expect_error(get(copy, "/current_user_details"), 401,
		    "not_authenticated");
	expect_error(SEND(copy, .method = "POST", .path = "/logout",
			 .csrf = csrf),
	    401, "not_authenticated");
}
END_TEST

START_TEST(browser_is_told_to_forget)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *res = SEND(c, .method = methods[_i],
	    .path = "/logout");
	const char *const names[] = {SESSION_COOKIE, CSRF_COOKIE};

	ck_assert_str_eq(response_header(res, "Clear-Site-Data", 0),
	    "\"cache\",\"cookies\",\"storage\"");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *set = response_set_cookie(res, names[i]);

		EXPECT(set != NULL && strstr(set, "Max-Age=0") != NULL &&
			str_starts(str_of(set), str_of(text("%s=;", names[i]))),
		    res, "%s: %s", names[i], set);
		ck_assert_ptr_null(client_cookie(c, names[i]));
	}
}
END_TEST

START_TEST(other_devices_stay)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *d = account_login(&a);

	expect_success(SEND(c, .method = methods[_i], .path = "/logout"), 200,
	    NULL);
	expect_success(get(d, "/current_user_details"), 200, NULL);
}
END_TEST

START_TEST(twice_is_once_too_often)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	expect_success(SEND(c, .method = methods[_i], .path = "/logout"), 200,
	    NULL);
	expect_error(SEND(c, .method = methods[_i], .path = "/logout"), 401,
	    "not_authenticated");
}
END_TEST

START_TEST(status_says_so)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	expect_success(SEND(c, .method = methods[_i], .path = "/logout"), 200,
	    NULL);
	ck_assert_str_eq(response_text(get(c, "/check_auth_status"), "message"),
	    "User is not logged in");
	account_login(&a);
}
END_TEST

/* The old client's POST has no body; others send an empty object. */
START_TEST(body_may_be_empty)
{
	static const char *const bodies[] = {"{}", "", "{\"unknown\":[{}]}"};

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct account a = account_new();

		expect_success(post(account_login(&a), "/logout", bodies[i]),
		    200, "Logout successful");
	}
}
END_TEST

START_TEST(get_needs_no_token_but_a_page_of_ours)
{
	static const char *const sites[] = {"same-origin", "same-site", "none"};

	for (size_t i = 0; i < ARRAY_LEN(sites); i++) {
		struct account a = account_new();

		expect_success(SEND(account_login(&a), .path = "/logout",
				   .csrf = "",
				   .headers = {text("Sec-Fetch-Site: %s",
				       sites[i])}),
		    200, "Logout successful");
	}
}
END_TEST

START_TEST(stranger_cannot_log_others_out)
{
	struct account a = account_new(), b = account_new();
	struct client *c = account_login(&a), *d = account_login(&b);

	expect_error(SEND(c, .method = "POST", .path = "/logout",
			 .csrf = client_csrf(d)),
	    403, "csrf_failed");
	expect_success(get(c, "/current_user_details"), 200, NULL);
	expect_success(get(d, "/current_user_details"), 200, NULL);
}
END_TEST

void add_logout(TCase *tc)
{
	int n = (int)ARRAY_LEN(methods);

	tcase_add_loop_test(tc, session_is_gone_everywhere, 0, n);
	tcase_add_loop_test(tc, browser_is_told_to_forget, 0, n);
	tcase_add_loop_test(tc, other_devices_stay, 0, n);
	tcase_add_loop_test(tc, twice_is_once_too_often, 0, n);
	tcase_add_loop_test(tc, status_says_so, 0, n);
	tcase_add_test(tc, body_may_be_empty);
	tcase_add_test(tc, get_needs_no_token_but_a_page_of_ours);
	tcase_add_test(tc, stranger_cannot_log_others_out);
}
