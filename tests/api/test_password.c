/* Passwords: forgotten, reset, changed, and shown once more. */
#include "core/base.h"

#include "api.h"

#define NEW_PASSWORD "harbour lantern ninety"

static const struct response *by_path(const char *token, const char *email,
    const char *password)
{
	return post(client_new(), text("/reset_password/%s", token),
	    J("{'password':%s,'email':%s}", text_json(password),
		email != NULL ? text_json(email) : "null"));
}

static const struct response *by_body(const char *token, const char *email,
    const char *password)
{
	(void)email;
	return post(client_new(), "/reset_password",
	    J("{'token':%s,'password':%s}", text_json(token),
		text_json(password)));
}

static const struct response *(*const ways[])(const char *token,
    const char *email, const char *password) = {by_path, by_body};

static void ask(const char *email)
{
	expect_success(post(client_new(), "/forgot_password",
			   J("{'email':'%s'}", email)),
	    200, "Password reset email sent");
}

/* What the newest mail to the address brought; signing up brought the first. */
static const char *token_of(const struct account *a, size_t n_mails)
{
	const struct mail *mail;

	ask(a->email);
	mail = mailbox_wait(a->email, n_mails);
	ck_assert_ptr_nonnull(mail->token);
	return mail->token;
}

static void expect_dead(struct client *c)
{
	expect_error(get(c, "/current_user_details"), 401, "not_authenticated");
}

static void expect_alive(struct client *c)
{
	expect_success(get(c, "/current_user_details"), 200, NULL);
}

static const struct response *log_in(const struct account *a,
    const char *password)
{
	return post(client_new(), "/login",
	    account_login_body(a->username, password));
}

START_TEST(forgotten_alike_for_nobody)
{
	struct account a = account_new(), nobody = account_invent();
	const struct response *known, *unknown;

	known = post(client_new(), "/forgot_password",
	    J("{'email':'%s'}", a.email));
	unknown = post(client_new(), "/forgot_password",
	    J("{'email':'%s'}", nobody.email));
	expect_success(known, 200, "Password reset email sent");
	expect_alike(known, unknown);
	(void)mailbox_wait(a.email, 2);
	ck_assert_uint_eq(mailbox_count(nobody.email), 0);
}
END_TEST

START_TEST(reset_once)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const char *token = token_of(&a, 2);
	const struct response *res = ways[_i](token, a.email, NEW_PASSWORD);

	expect_success(res, 200, "Password has been reset");
	expect_members(res, res->json, "success", "message");
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
	expect_dead(c);
	expect_error(log_in(&a, a.password), 401, "invalid_credentials");
	expect_success(log_in(&a, NEW_PASSWORD), 200, NULL);
	(void)mailbox_wait(a.email, 3);
	expect_error(by_path(token, a.email, a.password), 400, "invalid_token");
	expect_error(by_body(token, NULL, a.password), 400, "invalid_token");
}
END_TEST

START_TEST(weak_password_spends_no_token)
{
	struct account a = account_new();
	const char *token = token_of(&a, 2);

	EXPECT(ways[_i](token, NULL, "P@ssw0rd")->status == 400,
	    by_body(token, NULL, "P@ssw0rd"), "wanted 400");
	expect_bad_field(ways[_i](token, NULL, "short"), "password");
	expect_success(log_in(&a, a.password), 200, NULL);
	expect_success(ways[_i](token, NULL, NEW_PASSWORD), 200, NULL);
}
END_TEST

START_TEST(reset_lives_for_an_hour)
{
	struct account a = account_new();
	const char *token = token_of(&a, 2);

	database_let_pass(3600 - 60);
	expect_success(ways[_i](token, NULL, NEW_PASSWORD), 200, NULL);
	database_let_pass(120);
	token = token_of(&a, 4);
	database_let_pass(3601);
	expect_error(ways[_i](token, NULL, a.password), 400, "invalid_token");
}
END_TEST

START_TEST(newer_reset_kills_the_older)
{
	struct account a = account_new();
	const char *older = token_of(&a, 2), *newer;

	database_let_pass(61);
	newer = token_of(&a, 3);
	ck_assert_str_ne(older, newer);
	expect_error(ways[_i](older, NULL, NEW_PASSWORD), 400, "invalid_token");
	expect_success(ways[_i](newer, NULL, NEW_PASSWORD), 200, NULL);
}
END_TEST

START_TEST(reset_is_for_that_email)
{
	struct account a = account_new(), b = account_new();
	const char *token = token_of(&a, 2);

	expect_error(by_path(token, b.email, NEW_PASSWORD), 400,
	    "invalid_token");
	expect_success(by_path(token, text_swap_case(a.email), NEW_PASSWORD),
	    200, NULL);
}
END_TEST

/* Each token opens its own door alone. */
START_TEST(reset_is_no_other_token)
{
	static const char *const doors[] = {"/verify_email", "/confirm_email",
	    "/undo_email_change"};
	struct account a = account_invent();
	const char *verification, *token;

	account_sign_up(&a);
	verification = mailbox_wait(a.email, 1)->token;
	ck_assert_ptr_nonnull(verification);
	expect_error(ways[_i](verification, NULL, NEW_PASSWORD), 400,
	    "invalid_token");
	token = token_of(&a, 2);
	for (size_t i = 0; i < ARRAY_LEN(doors); i++)
		expect_error(post(client_new(), doors[i],
				 J("{'token':'%s'}", token)),
		    400, "invalid_token");
	expect_success(ways[_i](token, NULL, NEW_PASSWORD), 200, NULL);
}
END_TEST

#define RACERS 20

START_TEST(of_many_at_once_one_resets)
{
	struct account a = account_new();
	const char *token = token_of(&a, 2);
	struct client *racers[RACERS];
	const struct response *res[RACERS];
	size_t n_won = 0;

	for (size_t i = 0; i < RACERS; i++)
		racers[i] = client_new();
	client_send_together(racers, RACERS,
	    &(struct request){.path = "/reset_password",
		.body = J("{'token':'%s','password':'" NEW_PASSWORD "'}",
		    token)},
	    res);
	for (size_t i = 0; i < RACERS; i++) {
		if (res[i]->status == 200)
			n_won++;
		else
			expect_error(res[i], 400, "invalid_token");
	}
	ck_assert_uint_eq(n_won, 1);
}
END_TEST

static const struct response *change(struct client *c, const char *current,
    const char *wanted)
{
	return post(c, "/change_password",
	    J("{'current_password':%s,'new_password':%s}", text_json(current),
		text_json(wanted)));
}

START_TEST(changed_for_the_right_one)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *other = account_login(&a);
	const char *cookie = client_cookie(c, SESSION_COOKIE);
	const char *csrf = client_csrf(c);
	const struct response *res = change(c, a.password, NEW_PASSWORD);

	expect_success(res, 200, "Password changed");
	expect_members(res, res->json, "success", "message", "csrf_token");
	ck_assert_str_ne(client_cookie(c, SESSION_COOKIE), cookie);
	ck_assert_str_ne(client_csrf(c), csrf);
	expect_alive(c);
	expect_dead(other);
	client_set_cookie(other, SESSION_COOKIE, cookie);
	expect_dead(other);
	expect_error(log_in(&a, a.password), 401, "invalid_credentials");
	/* After the one that verifies and the one about the second login. */
	ck_assert_ptr_nonnull(
	    strstr(mailbox_wait(a.email, 3)->plain, "was changed on"));
	expect_success(log_in(&a, NEW_PASSWORD), 200, NULL);
}
END_TEST

START_TEST(not_changed)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *other = account_login(&a);

	expect_error(change(c, "granite walrus", NEW_PASSWORD), 401,
	    "invalid_credentials");
	EXPECT(change(c, a.password, "P@ssw0rd")->status == 400,
	    change(c, a.password, "P@ssw0rd"), "wanted 400");
	expect_bad_field(change(c, a.password, "short"), "new_password");
	expect_bad_field(change(c, "", NEW_PASSWORD), "current_password");
	expect_alive(c);
	expect_alive(other);
	expect_success(log_in(&a, a.password), 200, NULL);
}
END_TEST

static const struct response *confirm(struct client *c, const char *password)
{
	return post(c, "/confirm_identity",
	    J("{'password':%s}", text_json(password)));
}

START_TEST(confirmed)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *other = account_login(&a);
	const char *cookie = client_cookie(c, SESSION_COOKIE);
	const struct response *res = confirm(c, a.password);

	expect_success(res, 200, "Identity confirmed");
	expect_members(res, res->json, "success", "message", "csrf_token");
	ck_assert_str_ne(client_cookie(c, SESSION_COOKIE), cookie);
	expect_alive(c);
	expect_alive(other);
	client_set_cookie(other, SESSION_COOKIE, cookie);
	expect_dead(other);
}
END_TEST

/* Wherever the password is asked for within a session. */
START_TEST(guesses_are_counted_together)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *res;

	for (size_t i = 0; i < 5; i++)
		expect_error(i % 2 == 0
			? confirm(c, "wrong password")
			: change(c, "wrong password", NEW_PASSWORD),
		    401, "invalid_credentials");
	res = confirm(c, a.password);
	expect_error(res, 429, "too_many_requests");
	ck_assert_ptr_nonnull(response_header(res, "Retry-After", 0));
	expect_error(change(c, a.password, NEW_PASSWORD), 429,
	    "too_many_requests");
	expect_alive(c);
	database_let_pass(61);
	expect_success(confirm(c, a.password), 200, NULL);
}
END_TEST

void add_password(TCase *tc)
{
	int n = ARRAY_LEN(ways);

	tcase_add_test(tc, forgotten_alike_for_nobody);
	tcase_add_loop_test(tc, reset_once, 0, n);
	tcase_add_loop_test(tc, weak_password_spends_no_token, 0, n);
	tcase_add_loop_test(tc, reset_lives_for_an_hour, 0, n);
	tcase_add_loop_test(tc, newer_reset_kills_the_older, 0, n);
	tcase_add_test(tc, reset_is_for_that_email);
	tcase_add_loop_test(tc, reset_is_no_other_token, 0, n);
	tcase_add_test(tc, of_many_at_once_one_resets);
	tcase_add_test(tc, changed_for_the_right_one);
	tcase_add_test(tc, not_changed);
	tcase_add_test(tc, confirmed);
	tcase_add_test(tc, guesses_are_counted_together);
}
