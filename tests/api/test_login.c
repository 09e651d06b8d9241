/* POST /login with a JSON body. */
#include "core/base.h"

#include "api.h"

static const struct response *login(const char *name, const char *password)
{
	return post(client_new(), "/login", account_login_body(name, password));
}

START_TEST(answer_has_user_and_token)
{
	struct account a = account_new();
	struct client *c = client_new();
	const struct response *res = post(c, "/login",
	    account_login_body(a.username, a.password));
	const cJSON *user = cJSON_GetObjectItem(res->json, "user");

	expect_success(res, 200, "Login successful");
	expect_members(res, res->json, "success", "message", "user",
	    "csrf_token");
	expect_user(res, user, a.username, a.email);
	ck_assert(cJSON_IsTrue(cJSON_GetObjectItem(user, "verified")));
	ck_assert(cJSON_IsFalse(cJSON_GetObjectItem(user, "twofa_enabled")));
	ck_assert_str_eq(text_print(cJSON_GetObjectItem(user, "roles")),
	    "[\"User\"]");
	ck_assert_str_eq(text_print(cJSON_GetObjectItem(user, "permissions")),
	    "[\"view_dashboard\"]");
	ck_assert_uint_eq(response_header_count(res, "Set-Cookie"), 3);
	ck_assert_ptr_nonnull(response_set_cookie(res, SESSION_COOKIE));
	ck_assert_ptr_nonnull(response_set_cookie(res, CSRF_COOKIE));
	ck_assert_str_eq(client_cookie(c, CSRF_COOKIE), client_csrf(c));
}
END_TEST

START_TEST(name_may_be_either_in_any_case)
{
	struct account a = account_new();
	const char *const names[] = {a.username, a.email,
	    text_swap_case(a.username), text_swap_case(a.email)};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		expect_success(login(names[i], a.password), 200,
		    "Login successful");
}
END_TEST

/* 256 random bits in the cookie, and in the database their hash alone. */
START_TEST(session_is_stored_as_a_hash)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const char *cookie = client_cookie(c, SESSION_COOKIE);

	ck_assert_uint_eq(strlen(cookie), 43);
	ck_assert_int_eq(
	    database_number(
		"SELECT COUNT(*) FROM sessions WHERE "
		"id_hash = UNHEX(SHA2(FROM_BASE64(CONCAT(REPLACE(REPLACE('%s', "
		"'-', '+'), '_', '/'), '=')), 256)) AND user_id = %llu AND "
		"client_ip = '%s' AND user_agent = 't2o-api-tests/1' AND "
		"expires_at = created_at + INTERVAL 12 HOUR",
		cookie, account_id(&a), client_address(c)),
	    1);
}
END_TEST

START_TEST(sessions_differ)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *d = account_login(&a);

	ck_assert_str_ne(client_cookie(c, SESSION_COOKIE),
	    client_cookie(d, SESSION_COOKIE));
	ck_assert_str_ne(client_csrf(c), client_csrf(d));
	expect_success(get(c, "/current_user_details"), 200, NULL);
	expect_success(get(d, "/current_user_details"), 200, NULL);
}
END_TEST

/* What was in the browser before is worth nothing afterwards. */
START_TEST(login_makes_a_new_session)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *old = client_new();
	const char *before = client_cookie(c, SESSION_COOKIE);

	client_set_cookie(old, SESSION_COOKIE, before);
	expect_success(post(c, "/login",
			   account_login_body(a.username, a.password)),
	    200, NULL);
	ck_assert_str_ne(client_cookie(c, SESSION_COOKIE), before);
	expect_error(get(old, "/current_user_details"), 401,
	    "not_authenticated");
	expect_success(get(c, "/current_user_details"), 200, NULL);
}
END_TEST

/* A session id that somebody planted does not become a session. */
START_TEST(planted_session_is_not_taken)
{
	static const char planted[] =
	    "cGxhbnRlZHBsYW50ZWRwbGFudGVkcGxhbnRlZDAwMDA";
	struct account a = account_new();
	struct client *c = client_new(), *attacker = client_new();

	client_set_cookie(c, SESSION_COOKIE, planted);
	client_set_cookie(attacker, SESSION_COOKIE, planted);
	expect_success(post(c, "/login",
			   account_login_body(a.username, a.password)),
	    200, NULL);
	ck_assert_str_ne(client_cookie(c, SESSION_COOKIE), planted);
	expect_error(get(attacker, "/current_user_details"), 401,
	    "not_authenticated");
}
END_TEST

START_TEST(unknown_user_and_wrong_password_are_alike)
{
	struct account a = account_new(), nobody = account_invent();
	const struct response *res = login(a.username, "granite walrus");

	expect_error(res, 401, "invalid_credentials");
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
	expect_alike(res, login(a.email, "granite walrus"));
	expect_alike(res, login(nobody.username, a.password));
	expect_alike(res, login(nobody.email, a.password));
	expect_alike(res, login("no such name: <>'\"", "x"));
}
END_TEST

/* A failure costs the session that is there nothing. */
START_TEST(failed_login_keeps_the_session)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	expect_error(post(c, "/login",
			 account_login_body(a.username, "granite walrus")),
	    401, "invalid_credentials");
	expect_success(get(c, "/current_user_details"), 200, NULL);
}
END_TEST

START_TEST(unverified_is_told_to_whom_it_concerns)
{
	struct account a = account_invent();

	account_sign_up(&a);
	expect_error(login(a.username, "granite walrus"), 401,
	    "invalid_credentials");
	expect_error(login(a.email, a.password), 403, "email_not_verified");
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM sessions WHERE "
					 "user_id = %llu",
			     account_id(&a)),
	    0);
}
END_TEST

START_TEST(disabled_is_told_to_whom_it_concerns)
{
	struct account a = account_new();
	const struct response *res;

	account_disable(&a);
	expect_error(login(a.username, "granite walrus"), 401,
	    "invalid_credentials");
	res = login(a.username, a.password);
	expect_error(res, 403, "account_disabled");
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
}
END_TEST

/* 6.2.8: exactly as received; bcrypt's limit of 72 bytes is not ours. */
START_TEST(password_is_compared_as_it_is)
{
	struct account a = account_invent();
	char *other;

	a.password = text(" %s%s ", text_random_hex(32), text_random_hex(8));
	account_sign_up(&a);
	database_run("UPDATE users SET verified_at = created_at WHERE "
		     "username = '%s'",
	    a.username);
	account_login(&a);
	expect_error(login(a.username, a.password + 1), 401,
	    "invalid_credentials");
	expect_error(login(a.username,
			 text("%.*s", (int)strlen(a.password) - 1, a.password)),
	    401, "invalid_credentials");
	expect_error(login(a.username, text_swap_case(a.password)), 401,
	    "invalid_credentials");
	other = text_dup(str_of(a.password));
	other[strlen(other) - 2] ^= 1;
	expect_error(login(a.username, other), 401, "invalid_credentials");
}
END_TEST

/* The same letters composed in another way are another password. */
START_TEST(password_is_not_normalised)
{
	struct account a = account_invent();

	a.password = "caf\u00e9 lumi\u00e8re 77";
	account_sign_up(&a);
	database_run("UPDATE users SET verified_at = created_at WHERE "
		     "username = '%s'",
	    a.username);
	account_login(&a);
	expect_error(login(a.username, "cafe\u0301 lumie\u0300re 77"), 401,
	    "invalid_credentials");
}
END_TEST

START_TEST(long_passwords_log_in)
{
	static const size_t lengths[] = {64, 128};

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct account a = account_invent();

		a.password = text("%s%s%s%s", text_random_hex(16),
		    text_random_hex(16), text_random_hex(16),
		    text_random_hex(16));
		a.password = text("%.*s", (int)lengths[i], a.password);
		account_sign_up(&a);
		database_run("UPDATE users SET verified_at = created_at "
			     "WHERE username = '%s'",
		    a.username);
		account_login(&a);
	}
}
END_TEST

static const struct {
	const char *body;
	const char *field;
} bad[] = {
    {"{'password':'granite walrus'}", "username_or_email"},
    {"{'username_or_email':null,'password':'x'}", "username_or_email"},
    {"{'username_or_email':'','password':'x'}", "username_or_email"},
    {"{'username_or_email':1,'password':'x'}", "username_or_email"},
    {"{'username_or_email':['admin'],'password':'x'}", "username_or_email"},
    {"{'username_or_email':{'$ne':null},'password':'x'}", "username_or_email"},
    {"{'Username_or_email':'admin','password':'x'}", "username_or_email"},
    {"{'username_or_email':'admin'}", "password"},
    {"{'username_or_email':'admin','password':null}", "password"},
    {"{'username_or_email':'admin','password':''}", "password"},
    {"{'username_or_email':'admin','password':12345678}", "password"},
    {"{'username_or_email':'admin','password':true}", "password"},
    {"{'username_or_email':'admin','password':{'$gt':''}}", "password"},
    {"{'username_or_email':'admin','password':['x']}", "password"},
};

START_TEST(bad_members)
{
	expect_bad_field(post(client_new(), "/login",
			     text_swap_quotes(bad[_i].body)),
	    bad[_i].field);
}
END_TEST

/* The old client sends a token of "" with every login. */
START_TEST(empty_token_is_none)
{
	static const char *const tokens[] = {"null", "\"\""};
	struct account a = account_new();

	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		expect_success(
		    post(client_new(), "/login",
			J("{'username_or_email':'%s','password':'%s',"
			  "'token':%s,'remember':true}",
			    a.username, a.password, tokens[i])),
		    200, "Login successful");
}
END_TEST

START_TEST(administrator_holds_everything)
{
	struct account admin = account_administrator();
	const struct response *res = login(admin.username, admin.password);
	const cJSON *user = cJSON_GetObjectItem(res->json, "user");
	const cJSON *held = cJSON_GetObjectItem(user, "permissions");

	expect_success(res, 200, "Login successful");
	expect_user(res, user, admin.username, admin.email);
	ck_assert_int_eq(cJSON_GetArraySize(held),
	    database_number("SELECT COUNT(*) FROM permissions"));
}
END_TEST

void add_login(TCase *tc)
{
	tcase_add_test(tc, answer_has_user_and_token);
	tcase_add_test(tc, name_may_be_either_in_any_case);
	tcase_add_test(tc, session_is_stored_as_a_hash);
	tcase_add_test(tc, sessions_differ);
	tcase_add_test(tc, login_makes_a_new_session);
	tcase_add_test(tc, planted_session_is_not_taken);
	tcase_add_test(tc, unknown_user_and_wrong_password_are_alike);
	tcase_add_test(tc, failed_login_keeps_the_session);
	tcase_add_test(tc, unverified_is_told_to_whom_it_concerns);
	tcase_add_test(tc, disabled_is_told_to_whom_it_concerns);
	tcase_add_test(tc, password_is_compared_as_it_is);
	tcase_add_test(tc, password_is_not_normalised);
	tcase_add_test(tc, long_passwords_log_in);
	tcase_add_loop_test(tc, bad_members, 0, ARRAY_LEN(bad));
	tcase_add_test(tc, empty_token_is_none);
	tcase_add_test(tc, administrator_holds_everything);
}
