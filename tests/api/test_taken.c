/* POST /signup with a username or an email that somebody has. */
#include "core/base.h"

#include "api.h"

static long long accounts_named(const char *username)
{
	return database_number("SELECT COUNT(*) FROM users "
			       "WHERE username = '%s'",
	    username);
}

static long long mails_about(const char *email, const char *template)
{
	return database_number("SELECT COUNT(*) FROM mail_outbox WHERE "
			       "recipient = '%s' AND template = '%s'",
	    email, template);
}

START_TEST(username_is_taken_in_any_case)
{
	struct account a = account_new(), b = account_invent();

	b.username = a.username;
	expect_error(post(client_new(), "/signup", account_signup_body(&b)),
	    409, "username_taken");
	b.username = text_swap_case(a.username);
	expect_error(post(client_new(), "/signup", account_signup_body(&b)),
	    409, "username_taken");
	ck_assert_int_eq(accounts_named(a.username), 1);
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM mail_outbox "
					 "WHERE recipient = '%s'",
			     b.email),
	    0);
	account_login(&a);
}
END_TEST

/* Nobody learns by signing up who has an account. */
START_TEST(taken_email_is_answered_alike)
{
	struct account a = account_new(), fresh = account_invent();
	struct account b = account_invent();
	const struct response *res;

	b.email = text_swap_case(a.email);
	res = post(client_new(), "/signup", account_signup_body(&b));
	expect_success(res, 201,
	    "Please check your email to verify your account");
	expect_alike(res,
	    post(client_new(), "/signup", account_signup_body(&fresh)));
}
END_TEST

START_TEST(taken_email_makes_no_account)
{
	struct account a = account_new(), b = account_invent();

	b.email = a.email;
	account_sign_up(&b);
	ck_assert_int_eq(accounts_named(b.username), 0);
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM users WHERE "
					 "email = '%s'",
			     a.email),
	    1);
	account_login(&a);
	expect_error(post(client_new(), "/login",
			 account_login_body(a.email, b.password)),
	    401, "invalid_credentials");
}
END_TEST

START_TEST(owner_of_the_email_is_told)
{
	struct account a = account_new(), b = account_invent();
	const struct mail *mail;

	(void)mailbox_wait(a.email, 1);
	b.email = a.email;
	account_sign_up(&b);
	mail = mailbox_wait(a.email, 2);
	ck_assert_ptr_null(mail->token);
	ck_assert_ptr_nonnull(mail->html);
	/* Whatever a stranger typed has no place in a mail to others. */
	ck_assert_ptr_null(strstr(mail->plain, b.username));
	ck_assert_ptr_null(strstr(mail->plain, b.password));
}
END_TEST

START_TEST(owner_is_told_once_a_minute)
{
	struct account a = account_new(), b = account_invent();

	b.email = a.email;
	for (size_t i = 0; i < 3; i++)
		account_sign_up(&b);
	ck_assert_int_eq(mails_about(a.email, "signup_taken"), 1);
	database_let_pass(61);
	account_sign_up(&b);
	ck_assert_int_eq(mails_about(a.email, "signup_taken"), 2);
}
END_TEST

START_TEST(both_taken_says_the_username)
{
	struct account a = account_new();

	expect_error(post(client_new(), "/signup", account_signup_body(&a)),
	    409, "username_taken");
	ck_assert_int_eq(mails_about(a.email, "signup_taken"), 0);
}
END_TEST

#define RACERS 8

START_TEST(of_many_at_once_one_gets_the_name)
{
	struct account a = account_invent();
	struct client *racers[RACERS];
	const struct response *res[RACERS];
	size_t n_won = 0;

	for (size_t i = 0; i < RACERS; i++)
		racers[i] = client_new();
	client_send_together(racers, RACERS,
	    &(struct request){.path = "/signup",
		.body = account_signup_body(&a)},
	    res);
	for (size_t i = 0; i < RACERS; i++) {
		if (res[i]->status == 201)
			n_won++;
		else
			expect_error(res[i], 409, "username_taken");
	}
	ck_assert_uint_eq(n_won, 1);
	ck_assert_int_eq(accounts_named(a.username), 1);
	ck_assert_int_eq(mails_about(a.email, "verify_email"), 1);
}
END_TEST

/* Half the time means that a hash was not computed. */
START_TEST(taken_email_takes_as_long)
{
	struct account a = account_new();
	struct timespec t[3];
	int64_t ms[2];

	clock_gettime(CLOCK_MONOTONIC, &t[0]);
	for (size_t i = 0; i < 5; i++) {
		struct account b = account_invent();

		account_sign_up(&b);
	}
	clock_gettime(CLOCK_MONOTONIC, &t[1]);
	for (size_t i = 0; i < 5; i++) {
		struct account b = account_invent();

		b.email = a.email;
		account_sign_up(&b);
	}
	clock_gettime(CLOCK_MONOTONIC, &t[2]);
	for (size_t i = 0; i < 2; i++)
		ms[i] = (t[i + 1].tv_sec - t[i].tv_sec) * 1000 +
		    (t[i + 1].tv_nsec - t[i].tv_nsec) / 1000000;
	ck_assert_int_gt(2 * ms[0], ms[1]);
	ck_assert_int_gt(2 * ms[1], ms[0]);
}
END_TEST

void add_taken(TCase *tc)
{
	tcase_add_test(tc, username_is_taken_in_any_case);
	tcase_add_test(tc, taken_email_is_answered_alike);
	tcase_add_test(tc, taken_email_makes_no_account);
	tcase_add_test(tc, owner_of_the_email_is_told);
	tcase_add_test(tc, owner_is_told_once_a_minute);
	tcase_add_test(tc, both_taken_says_the_username);
	tcase_add_test(tc, of_many_at_once_one_gets_the_name);
	tcase_add_test(tc, taken_email_takes_as_long);
}
