/* DELETE /account: nothing stays but a number in the audit log. */
#include "core/base.h"

#include "api.h"

static const struct response *erase(struct client *c, const char *password)
{
	return SEND(c, .method = "DELETE", .path = "/account",
	    .body = J("{'password':%s}", text_json(password)));
}

START_TEST(all_is_gone)
{
	struct account a = account_new();
	unsigned long long id = account_id(&a);
	struct client *c = account_login(&a), *other = account_login(&a);
	const struct response *res;
	const struct mail *mail;

	/* What still waits would be dropped. */
	(void)mailbox_wait(a.email, 2);
	res = erase(c, a.password);
	expect_success(res, 200, "Your account has been erased");
	expect_members(res, res->json, "success", "message");
	ck_assert_ptr_nonnull(response_header(res, "Clear-Site-Data", 0));
	ck_assert_ptr_null(client_cookie(c, SESSION_COOKIE));
	expect_error(get(other, "/current_user_details"), 401,
	    "not_authenticated");
	expect_error(post(client_new(), "/login",
			 account_login_body(a.username, a.password)),
	    401, "invalid_credentials");
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM users"
					 " WHERE id = %llu",
			     id),
	    0);
	ck_assert_int_ge(database_number("SELECT COUNT(*) FROM audit_log"
					 " WHERE target_id = %llu",
			     id),
	    3);
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM audit_log"
					 " WHERE message LIKE '%%%s%%'"
					 " OR message LIKE '%%%s%%'",
			     a.username, a.email),
	    0);
	mail = mailbox_wait(a.email, 3);
	ck_assert_ptr_nonnull(strstr(mail->plain, "was erased on"));
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM mail_outbox"
					 " WHERE user_id = %llu",
			     id),
	    0);
	/* And the name and the address are free. */
	account_sign_up(&a);
	ck_assert_uint_ne(account_id(&a), id);
}
END_TEST

START_TEST(only_for_the_password)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *res;

	expect_bad_field(SEND(c, .method = "DELETE", .path = "/account",
			     .body = "{}"),
	    "password");
	for (size_t i = 0; i < 5; i++)
		expect_error(erase(c, "wrong password"), 401,
		    "invalid_credentials");
	res = erase(c, a.password);
	expect_error(res, 429, "too_many_requests");
	ck_assert_ptr_nonnull(response_header(res, "Retry-After", 0));
	expect_success(get(c, "/current_user_details"), 200, NULL);
}
END_TEST

/* Test users that were given the role lose it: this one is the last. */
START_TEST(the_last_administrator_stays)
{
	struct account a = {
	    .username = environment("T2O_ADMIN_USERNAME"),
	    .password = environment("T2O_ADMIN_PASSWORD"),
	};

	database_run("DELETE ur FROM user_roles ur JOIN users u"
		     " ON u.id = ur.user_id JOIN roles r ON r.id = ur.role_id"
		     " WHERE r.name = 'Super Admin' AND u.username <> '%s'",
	    a.username);
	expect_error(erase(account_login(&a), a.password), 403, "forbidden");
	account_login(&a);
}
END_TEST

#define RACERS 10

START_TEST(of_many_at_once_one_erases)
{
	struct account a = account_new();
	struct client *racers[RACERS], *c = account_login(&a);
	const struct response *res[RACERS];
	size_t n_won = 0;

	for (size_t i = 0; i < RACERS; i++) {
		racers[i] = client_new();
		client_set_cookie(racers[i], SESSION_COOKIE,
		    client_cookie(c, SESSION_COOKIE));
	}
	client_send_together(racers, RACERS,
	    &(struct request){.method = "DELETE",
		.path = "/account",
		.csrf = client_csrf(c),
		.body = J("{'password':%s}", text_json(a.password))},
	    res);
	for (size_t i = 0; i < RACERS; i++) {
		if (res[i]->status == 200)
			n_won++;
		else
			EXPECT(res[i]->status == 401 || res[i]->status == 503,
			    res[i], "wanted 401");
	}
	ck_assert_uint_eq(n_won, 1);
}
END_TEST

void add_erase(TCase *tc)
{
	tcase_add_test(tc, all_is_gone);
	tcase_add_test(tc, only_for_the_password);
	tcase_add_test(tc, the_last_administrator_stays);
	tcase_add_test(tc, of_many_at_once_one_erases);
}
