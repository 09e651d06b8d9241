/* POST /signup: what it does when it works. */
#include "core/base.h"

#include "api.h"

#define MESSAGE "Please check your email to verify your account"

START_TEST(answer_says_no_more_than_that)
{
	struct account a = account_invent();
	const struct response *res = post(client_new(), "/signup",
	    account_signup_body(&a));

	expect_success(res, 201, MESSAGE);
	expect_members(res, res->json, "success", "message");
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
}
END_TEST

START_TEST(account_is_stored_as_given)
{
	struct account a = account_invent();

	a.first_name = "Robert'); DROP TABLE users;-- \"\\ %n%s";
	a.last_name = "Žáčková-李 🚀";
	account_sign_up(&a);
	ck_assert_str_eq(database_text("SELECT first_name FROM users "
				       "WHERE username = '%s'",
			     a.username),
	    a.first_name);
	ck_assert_int_eq(
	    database_number(
		"SELECT last_name = '%s' AND "
		"email = '%s' AND verified_at IS NULL AND disabled_at IS NULL "
		"FROM users WHERE username = '%s'",
		a.last_name, a.email, a.username),
	    1);
}
END_TEST

START_TEST(role_is_user_and_nothing_else)
{
	struct account a = account_invent();

	account_sign_up(&a);
	ck_assert_str_eq(
	    database_text(
		"SELECT GROUP_CONCAT(r.name) "
		"FROM user_roles ur JOIN roles r ON r.id = ur.role_id "
		"WHERE ur.user_id = %llu",
		account_id(&a)),
	    "User");
}
END_TEST

/* OWASP's minimum for Argon2id, as a PHC string. */
START_TEST(password_is_kept_as_argon2id)
{
	static const char form[] = "^[$]argon2id[$]v=19[$]m=19456,t=2,p=1[$]"
				   "[A-Za-z0-9+/]{22,}[$][A-Za-z0-9+/]{43}$";
	struct account a = account_invent(), b = account_invent();

	b.password = a.password;
	account_sign_up(&a);
	account_sign_up(&b);
	ck_assert_int_eq(
	    database_number(
		"SELECT secret REGEXP '%s' FROM "
		"credentials WHERE user_id = %llu AND kind = 'password'",
		form, account_id(&a)),
	    1);
	ck_assert_int_eq(
	    database_number("SELECT COUNT(DISTINCT secret) FROM "
			    "credentials WHERE user_id IN (%llu, %llu)",
		account_id(&a), account_id(&b)),
	    2);
}
END_TEST

/* Unknown members are ignored, whatever a column is called. */
START_TEST(nobody_signs_up_as_more)
{
	struct account a = account_invent();
	char *body = account_signup_body(&a);

	body = text("%.*s,%s", (int)strlen(body) - 1, body,
	    J("'id':1,'user_id':1,'verified':true,'verified_at':'2020-01-01',"
	      "'email_verified':true,'roles':['Super Admin'],'role':'Admin',"
	      "'is_admin':true,'permissions':['manage_admin'],"
	      "'disabled':false,'created_at':'1970-01-01T00:00:00Z'}"));
	expect_success(post(client_new(), "/signup", body), 201, MESSAGE);
	ck_assert_int_eq(
	    database_number(
		"SELECT u.id > 1 AND "
		"u.verified_at IS NULL AND r.name = 'User' AND "
		"u.created_at > UTC_TIMESTAMP() - INTERVAL 1 HOUR FROM users u "
		"JOIN user_roles ur ON ur.user_id = u.id "
		"JOIN roles r ON r.id = ur.role_id WHERE u.username = '%s'",
		a.username),
	    1);
}
END_TEST

/* With nothing before it in the queue: committed means on its way. */
START_TEST(mail_comes_within_two_seconds)
{
	const struct timespec patience = {.tv_sec = 2, .tv_nsec = 500000000};
	struct account a = account_invent();

	account_sign_up(&a);
	(void)mailbox_wait(a.email, 1);
	a = account_invent();
	account_sign_up(&a);
	nanosleep(&patience, NULL);
	ck_assert_uint_eq(mailbox_count(a.email), 1);
}
END_TEST

START_TEST(mail_comes_to_the_new_address_alone)
{
	struct account a = account_invent();
	const struct mail *mail;

	account_sign_up(&a);
	mail = mailbox_wait(a.email, 1);
	ck_assert_ptr_nonnull(mail->subject);
	ck_assert_ptr_nonnull(mail->html);
	ck_assert_ptr_nonnull(mail->token);
	ck_assert_ptr_nonnull(strstr(mail->html, mail->token));
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM mail_outbox "
					 "WHERE user_id = %llu",
			     account_id(&a)),
	    1);
}
END_TEST

/* 1.2.1: the mail is HTML, so a name must not be. */
START_TEST(names_are_text_in_the_mail)
{
	struct account a = account_invent();
	const struct mail *mail;

	a.first_name = "Tom & \"Jerry\" {token} {{name}} %s";
	account_sign_up(&a);
	mail = mailbox_wait(a.email, 1);
	ck_assert_ptr_null(strstr(mail->html, "Tom & "));
	ck_assert_ptr_null(strstr(mail->html, "\"Jerry\""));
}
END_TEST

/* Whoever comes back to an unfinished sign-up has the password still. */
START_TEST(cannot_log_in_before_verifying)
{
	struct account a = account_invent();

	account_sign_up(&a);
	expect_error(post(client_new(), "/login",
			 account_login_body(a.username, a.password)),
	    403, "email_not_verified");
}
END_TEST

START_TEST(session_of_another_is_no_hindrance)
{
	struct account a = account_new(), b = account_invent();
	struct client *c = account_login(&a);

	expect_success(SEND(c, .path = "/signup", .csrf = "",
			   .body = account_signup_body(&b)),
	    201, MESSAGE);
	expect_success(get(c, "/current_user_details"), 200, NULL);
}
END_TEST

void add_signup(TCase *tc)
{
	tcase_add_test(tc, answer_says_no_more_than_that);
	tcase_add_test(tc, account_is_stored_as_given);
	tcase_add_test(tc, role_is_user_and_nothing_else);
	tcase_add_test(tc, password_is_kept_as_argon2id);
	tcase_add_test(tc, nobody_signs_up_as_more);
	tcase_add_test(tc, mail_comes_within_two_seconds);
	tcase_add_test(tc, mail_comes_to_the_new_address_alone);
	tcase_add_test(tc, names_are_text_in_the_mail);
	tcase_add_test(tc, cannot_log_in_before_verifying);
	tcase_add_test(tc, session_of_another_is_no_hindrance);
}
