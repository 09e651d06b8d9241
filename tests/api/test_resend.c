/* POST /resend_verification. */
#include "core/base.h"

#include "api.h"

static const struct response *resend(const char *email)
{
	return post(client_new(), "/resend_verification",
	    J("{'email':%s}", text_json(email)));
}

static long long mails_to(const char *email)
{
	return database_number("SELECT COUNT(*) FROM mail_outbox WHERE "
			       "recipient = '%s'",
	    email);
}

START_TEST(answer_is_always_the_same)
{
	struct account waiting = account_invent(), verified = account_new();
	struct account disabled = account_invent(), nobody = account_invent();
	const struct response *res;

	account_sign_up(&waiting);
	account_sign_up(&disabled);
	account_disable(&disabled);
	database_let_pass(61);
	res = resend(waiting.email);
	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message");
	expect_alike(res, resend(verified.email));
	expect_alike(res, resend(disabled.email));
	expect_alike(res, resend(nobody.email));
	ck_assert_int_eq(mails_to(waiting.email), 2);
	ck_assert_int_eq(mails_to(verified.email), 1);
	ck_assert_int_eq(mails_to(nobody.email), 0);
}
END_TEST

START_TEST(case_of_the_email_is_nothing)
{
	struct account a = account_invent();

	account_sign_up(&a);
	database_let_pass(61);
	expect_success(resend(text_swap_case(a.email)), 200, NULL);
	ck_assert_int_eq(mails_to(a.email), 2);
	/* To where the account is, not to what was typed. */
	ck_assert_str_eq(
	    database_text("SELECT recipient FROM mail_outbox "
			  "WHERE recipient = '%s' ORDER BY id DESC LIMIT 1",
		a.email),
	    a.email);
}
END_TEST

/* The mail of the sign-up counts, and what is too much is silently nothing. */
START_TEST(one_mail_a_minute)
{
	struct account a = account_invent(), other = account_invent();

	account_sign_up(&a);
	account_sign_up(&other);
	for (size_t i = 0; i < 3; i++)
		expect_alike(resend(a.email), resend(other.email));
	ck_assert_int_eq(mails_to(a.email), 1);
	database_let_pass(61);
	for (size_t i = 0; i < 3; i++)
		expect_success(resend(a.email), 200, NULL);
	ck_assert_int_eq(mails_to(a.email), 2);
	ck_assert_int_eq(mails_to(other.email), 1);
}
END_TEST

/* The cap must not be a way to keep the first link from working. */
START_TEST(refused_mail_leaves_the_token)
{
	struct account a = account_invent();
	const char *token;

	account_sign_up(&a);
	token = mailbox_wait(a.email, 1)->token;
	expect_success(resend(a.email), 200, NULL);
	expect_success(post(client_new(), "/verify_email",
			   J("{'token':'%s'}", token)),
	    200, NULL);
}
END_TEST

static const char *const bad[] = {"{}", "", "{'email':null}", "{'email':''}",
    "{'email':1}", "{'email':['a@example.org']}", "{'email':'nonsense'}",
    "{'email':'a@example.org\\nBcc: b@example.org'}",
    "{'email':'a@example.org,b@example.org'}"};

START_TEST(bad_emails)
{
	expect_bad_field(post(client_new(), "/resend_verification",
			     text_swap_quotes(bad[_i])),
	    "email");
}
END_TEST

void add_resend(TCase *tc)
{
	tcase_add_test(tc, answer_is_always_the_same);
	tcase_add_test(tc, case_of_the_email_is_nothing);
	tcase_add_test(tc, one_mail_a_minute);
	tcase_add_test(tc, refused_mail_leaves_the_token);
	tcase_add_loop_test(tc, bad_emails, 0, ARRAY_LEN(bad));
}
