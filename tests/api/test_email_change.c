/* A new mail address: asked for, confirmed over there, undone from here. */
#include "core/base.h"

#include "api.h"

#define DONE "Profile updated successfully."

static const struct response *ask(struct client *c, const struct account *a,
    const char *email)
{
	return post(c, "/update_profile",
	    J("{'first_name':%s,'last_name':%s,'username':%s,'email':%s}",
		text_json(a->first_name), text_json(a->last_name),
		text_json(a->username), text_json(email)));
}

static const struct response *redeem(const char *path, const char *token)
{
	return post(client_new(), path, J("{'token':%s}", text_json(token)));
}

static const char *email_of(const struct account *a)
{
	return database_text("SELECT email FROM users WHERE username = '%s'",
	    a->username);
}

/* Signs up and asks for `email`; the tokens that the two mails brought. */
static struct client *asked(struct account *a, const char *email,
    const char **ret_confirm, const char **ret_undo)
{
	struct client *c;

	*a = account_new();
	(void)mailbox_wait(a->email, 1);
	c = account_login(a);
	expect_success(ask(c, a, email), 200, DONE);
	*ret_undo = mailbox_wait(a->email, 2)->token;
	*ret_confirm = mailbox_wait(email, 1)->token;
	ck_assert_ptr_nonnull(*ret_undo);
	ck_assert_ptr_nonnull(*ret_confirm);
	return c;
}

START_TEST(pending_till_confirmed)
{
	const char *email = account_invent().email, *confirm, *undo;
	struct account a, moved;
	struct client *c = asked(&a, email, &confirm, &undo);
	const struct response *res;

	ck_assert_str_eq(email_of(&a), a.email);
	ck_assert_ptr_nonnull(strstr(mailbox_wait(a.email, 2)->plain, email));
	expect_error(redeem("/undo_email_change", confirm), 400,
	    "invalid_token");
	expect_error(redeem("/verify_email", confirm), 400, "invalid_token");
	expect_error(redeem("/confirm_email", undo), 400, "invalid_token");
	res = redeem("/confirm_email", confirm);
	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message");
	ck_assert_str_eq(email_of(&a), email);
	expect_success(get(c, "/current_user_details"), 200, NULL);
	expect_error(redeem("/confirm_email", confirm), 400, "invalid_token");
	moved = a;
	moved.username = email;
	account_login(&moved);
	moved.username = a.email;
	expect_error(post(client_new(), "/login",
			 account_login_body(a.email, a.password)),
	    401, "invalid_credentials");
}
END_TEST

START_TEST(links_are_pages_and_spend_nothing)
{
	static const char *const pages[] = {"/app/confirm_email#token=",
	    "/app/undo_email#token="};
	const char *email = account_invent().email, *confirm, *undo;
	const char *mails[2];
	struct account a;

	(void)asked(&a, email, &confirm, &undo);
	mails[0] = mailbox_wait(email, 1)->plain;
	mails[1] = mailbox_wait(a.email, 2)->plain;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		const struct response *res;

		ck_assert_ptr_nonnull(strstr(mails[i],
		    text("%s%s", environment("T2O_URL"), pages[i])));
		res = get(client_new(),
		    text("%.*s", (int)strcspn(pages[i], "#"), pages[i]));
		EXPECT(res->status == 200, res, "wanted a page");
	}
	expect_success(redeem("/confirm_email", confirm), 200, NULL);
}
END_TEST

START_TEST(undone_while_pending)
{
	const char *email = account_invent().email, *confirm, *undo;
	struct account a;
	struct client *c = asked(&a, email, &confirm, &undo);

	expect_success(redeem("/undo_email_change", undo), 200, NULL);
	expect_error(get(c, "/current_user_details"), 401, "not_authenticated");
	expect_error(redeem("/confirm_email", confirm), 400, "invalid_token");
	ck_assert_str_eq(email_of(&a), a.email);
	expect_error(redeem("/undo_email_change", undo), 400, "invalid_token");
	ck_assert_ptr_null(mailbox_wait(a.email, 3)->token);
}
END_TEST

START_TEST(undone_after_days)
{
	const char *email = account_invent().email, *confirm, *undo;
	struct account a;
	struct client *c = asked(&a, email, &confirm, &undo);

	expect_success(redeem("/confirm_email", confirm), 200, NULL);
	ck_assert_str_eq(email_of(&a), email);
	database_let_pass(72 * 3600 - 60);
	expect_success(redeem("/undo_email_change", undo), 200, NULL);
	ck_assert_str_eq(email_of(&a), a.email);
	expect_error(get(c, "/current_user_details"), 401, "not_authenticated");
	account_login(&a);
}
END_TEST

START_TEST(links_die)
{
	const char *email = account_invent().email, *confirm, *undo;
	struct account a;

	(void)asked(&a, email, &confirm, &undo);
	database_let_pass(24 * 3600 + 1);
	expect_error(redeem("/confirm_email", confirm), 400, "invalid_token");
	database_let_pass(48 * 3600);
	expect_error(redeem("/undo_email_change", undo), 400, "invalid_token");
	ck_assert_str_eq(email_of(&a), a.email);
}
END_TEST

/* An attacker moves an account twice; its owner has it back all the same. */
START_TEST(nobody_moves_out_of_reach)
{
	const char *second = account_invent().email, *undo, *confirm;
	struct account thief = account_invent(), a;
	struct client *c = asked(&a, thief.email, &confirm, &undo);

	expect_success(redeem("/confirm_email", confirm), 200, NULL);
	expect_success(ask(c, &a, second), 200, DONE);
	confirm = mailbox_wait(second, 1)->token;
	expect_success(redeem("/confirm_email", confirm), 200, NULL);
	/* Nor is the old address to be had by signing up. */
	thief.email = a.email;
	account_sign_up(&thief);
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM users"
					 " WHERE username = '%s'",
			     thief.username),
	    0);
	expect_success(redeem("/undo_email_change", undo), 200, NULL);
	ck_assert_str_eq(email_of(&a), a.email);
}
END_TEST

START_TEST(taken_address_looks_the_same)
{
	struct account a = account_new(), owner = account_new();
	struct client *c = account_login(&a);
	const struct response *taken = ask(c, &a, owner.email), *unused;

	unused = ask(c, &a, account_invent().email);
	expect_success(taken, 200, DONE);
	expect_alike(taken, unused);
	ck_assert_ptr_null(mailbox_wait(owner.email, 2)->token);
	ck_assert_str_eq(email_of(&owner), owner.email);
	/* Nor does what they may read about themselves tell. */
	taken = get(c, "/account/export");
	expect_success(taken, 200, NULL);
	ck_assert_ptr_null(strstr(taken->body.p, "email_taken"));
	ck_assert_ptr_null(strstr(taken->body.p, "email_confirm"));
}
END_TEST

START_TEST(taken_meanwhile)
{
	struct account other = account_invent(), a;
	const char *confirm, *undo;

	(void)asked(&a, other.email, &confirm, &undo);
	account_sign_up(&other);
	expect_error(redeem("/confirm_email", confirm), 409, "email_taken");
	ck_assert_str_eq(email_of(&a), a.email);
}
END_TEST

#define RACERS 20

START_TEST(of_many_at_once_one_redeems)
{
	static const char *const paths[] = {"/confirm_email",
	    "/undo_email_change"};
	const char *email = account_invent().email, *tokens[2];
	struct client *racers[RACERS];
	const struct response *res[RACERS];
	struct account a;

	(void)asked(&a, email, &tokens[0], &tokens[1]);
	for (size_t i = 0; i < RACERS; i++)
		racers[i] = client_new();
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		size_t n_won = 0;

		client_send_together(racers, RACERS,
		    &(struct request){.path = paths[i],
			.body = J("{'token':'%s'}", tokens[i])},
		    res);
		for (size_t j = 0; j < RACERS; j++)
			n_won += res[j]->status == 200;
		ck_assert_uint_eq(n_won, 1);
	}
	ck_assert_str_eq(email_of(&a), a.email);
}
END_TEST

void add_email_change(TCase *tc)
{
	tcase_add_test(tc, pending_till_confirmed);
	tcase_add_test(tc, links_are_pages_and_spend_nothing);
	tcase_add_test(tc, undone_while_pending);
	tcase_add_test(tc, undone_after_days);
	tcase_add_test(tc, links_die);
	tcase_add_test(tc, nobody_moves_out_of_reach);
	tcase_add_test(tc, taken_address_looks_the_same);
	tcase_add_test(tc, taken_meanwhile);
	tcase_add_test(tc, of_many_at_once_one_redeems);
}
