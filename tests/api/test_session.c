/* Sessions: who is known, for how long, and GET routes that say so. */
#include "core/base.h"

#include "api.h"

static void expect_alive(struct client *c)
{
	expect_success(get(c, "/current_user_details"), 200, NULL);
}

static void expect_dead(struct client *c)
{
	expect_error(get(c, "/current_user_details"), 401, "not_authenticated");
	expect_error(get(c, "/csrf_token"), 401, "not_authenticated");
	expect_error(SEND(c, .method = "POST", .path = "/logout"), 401,
	    "not_authenticated");
}

START_TEST(details_are_the_users_own)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *res = get(c, "/current_user_details");
	const cJSON *user = cJSON_GetObjectItem(res->json, "user");

	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message", "user");
	expect_user(res, user, a.username, a.email);
	ck_assert(
	    cJSON_Compare(user, cJSON_GetObjectItem(res->json, "message"), 1));
	ck_assert_uint_eq((unsigned long long)cJSON_GetNumberValue(
			      cJSON_GetObjectItem(user, "id")),
	    account_id(&a));
	ck_assert_str_eq(cJSON_GetStringValue(
			     cJSON_GetObjectItem(user, "first_name")),
	    a.first_name);
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
}
END_TEST

START_TEST(status_of_nobody)
{
	const struct response *res = get(client_new(), "/check_auth_status");

	expect_common_at(__FILE__, __LINE__, res);
	EXPECT(res->status == 200, res, "wanted 200");
	expect_members(res, res->json, "success", "message");
	ck_assert(cJSON_IsFalse(cJSON_GetObjectItem(res->json, "success")));
	ck_assert_str_eq(response_text(res, "message"),
	    "User is not logged in");
}
END_TEST

START_TEST(status_of_somebody)
{
	struct account a = account_new();
	const struct response *res = get(account_login(&a),
	    "/check_auth_status");

	expect_success(res, 200, "User is currently logged in");
	expect_members(res, res->json, "success", "message", "user");
	expect_user(res, cJSON_GetObjectItem(res->json, "user"), a.username,
	    a.email);
}
END_TEST

START_TEST(csrf_token_is_the_sessions)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const char *token = client_csrf(c);
	const struct response *res = get(c, "/csrf_token");

	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message", "csrf_token");
	ck_assert_str_eq(response_text(res, "csrf_token"), token);
	ck_assert_str_eq(client_cookie(c, CSRF_COOKIE), token);
	ck_assert_ptr_null(response_set_cookie(res, SESSION_COOKIE));
}
END_TEST

START_TEST(idle_for_less_than_half_an_hour)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	for (size_t i = 0; i < 4; i++) {
		database_let_pass(29 * 60);
		expect_alive(c);
	}
}
END_TEST

START_TEST(idle_for_more_than_half_an_hour)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	database_let_pass(30 * 60 + 1);
	expect_dead(c);
	ck_assert(cJSON_IsFalse(
	    cJSON_GetObjectItem(get(c, "/check_auth_status")->json,
		"success")));
}
END_TEST

START_TEST(nobody_stays_for_ever)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	for (unsigned minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
		database_let_pass(20 * 60);
		expect_alive(c);
	}
	database_let_pass(20 * 60);
	expect_dead(c);
}
END_TEST

/* What ends a session from outside: in force at the very next request. */
static void disable(const struct account *a)
{
	account_disable(a);
}

static void end_sessions(const struct account *a)
{
	database_run("DELETE FROM sessions WHERE user_id = %llu",
	    account_id(a));
}

static void erase(const struct account *a)
{
	database_run("DELETE FROM users WHERE id = %llu", account_id(a));
}

static void (*const endings[])(
    const struct account *a) = {disable, end_sessions, erase};

START_TEST(ended_from_outside)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	expect_alive(c);
	endings[_i](&a);
	/* More often than there are workers. */
	for (size_t i = 0; i < 8; i++)
		expect_dead(c);
}
END_TEST

START_TEST(roles_change_at_once)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const cJSON *user;

	database_run("INSERT INTO user_roles SELECT %llu, id FROM roles "
		     "WHERE name = 'Moderator'",
	    account_id(&a));
	user = cJSON_GetObjectItem(get(c, "/current_user_details")->json,
	    "user");
	ck_assert_str_eq(text_print(cJSON_GetObjectItem(user, "roles")),
	    "[\"Moderator\",\"User\"]");
	ck_assert_str_eq(text_print(cJSON_GetObjectItem(user, "permissions")),
	    "[\"edit\",\"view_dashboard\",\"view_reports\"]");
	database_run("DELETE FROM user_roles WHERE user_id = %llu",
	    account_id(&a));
	user = cJSON_GetObjectItem(get(c, "/current_user_details")->json,
	    "user");
	ck_assert_str_eq(text_print(cJSON_GetObjectItem(user, "permissions")),
	    "[]");
}
END_TEST

/* 3.5.3: reading changes nothing but when the session was last seen. */
START_TEST(reading_changes_nothing)
{
	static const char *const paths[] = {"/check_auth_status", "/csrf_token",
	    "/current_user_details", "/healthz", "/readyz"};
	static const char sums[] =
	    "SELECT CONCAT_WS(' ',"
	    "(SELECT COUNT(*) FROM audit_log),"
	    "(SELECT COUNT(*) FROM mail_outbox),"
	    "(SELECT COUNT(*) FROM sessions),"
	    "(SELECT COUNT(*) FROM tokens),"
	    "(SELECT COUNT(*) FROM users WHERE verified_at IS NULL))";
	struct account a = account_new();
	struct client *c = account_login(&a);
	const char *before;

	(void)mailbox_wait(a.email, 1);
	before = database_text("%s", sums);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		(void)get(c, paths[i]);
		(void)SEND(c, .method = "HEAD", .path = paths[i]);
		(void)get(client_new(), paths[i]);
	}
	ck_assert_str_eq(database_text("%s", sums), before);
}
END_TEST

/* A GET's content type and body say nothing. */
START_TEST(get_looks_at_no_body)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	expect_success(SEND(c, .path = "/current_user_details",
			   .type = "text/plain"),
	    200, NULL);
	expect_success(SEND(c, .method = "GET", .path = "/csrf_token",
			   .type = "text/plain", .body = "{\"a\":"),
	    200, NULL);
}
END_TEST

void add_session(TCase *tc)
{
	tcase_add_test(tc, details_are_the_users_own);
	tcase_add_test(tc, status_of_nobody);
	tcase_add_test(tc, status_of_somebody);
	tcase_add_test(tc, csrf_token_is_the_sessions);
	tcase_add_test(tc, idle_for_less_than_half_an_hour);
	tcase_add_test(tc, idle_for_more_than_half_an_hour);
	tcase_add_test(tc, nobody_stays_for_ever);
	tcase_add_loop_test(tc, ended_from_outside, 0, ARRAY_LEN(endings));
	tcase_add_test(tc, roles_change_at_once);
	tcase_add_test(tc, reading_changes_nothing);
	tcase_add_test(tc, get_looks_at_no_body);
}
