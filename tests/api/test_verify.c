/* GET /verify_email/<token>, POST /verify_email, and the link in the mail. */
#include "core/base.h"

#include "api.h"

#define MESSAGE "Your account has been verified"

/* The two ways to redeem a token. */
static const struct response *by_path(const char *token)
{
	return get(client_new(), text("/verify_email/%s", token));
}

static const struct response *by_body(const char *token)
{
	return post(client_new(), "/verify_email",
	    J("{'token':%s}", text_json(token)));
}

static const struct response *(*const ways[])(
    const char *token) = {by_path, by_body};

static bool is_verified(const struct account *a)
{
	return database_number("SELECT verified_at IS NOT NULL FROM users "
			       "WHERE username = '%s'",
		   a->username) == 1;
}

/* Signs up, and returns the token that the mail brought. */
static const char *token_of(struct account *a)
{
	const struct mail *mail;

	*a = account_invent();
	account_sign_up(a);
	mail = mailbox_wait(a->email, 1);
	ck_assert_ptr_nonnull(mail->token);
	return mail->token;
}

START_TEST(token_verifies_once)
{
	struct account a;
	const char *token = token_of(&a);
	const struct response *res = ways[_i](token);

	expect_success(res, 200, MESSAGE);
	expect_members(res, res->json, "success", "message");
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
	ck_assert(is_verified(&a));
	account_login(&a);
	expect_error(by_path(token), 400, "invalid_token");
	expect_error(by_body(token), 400, "invalid_token");
}
END_TEST

START_TEST(token_lives_for_a_day)
{
	struct account a;
	const char *token = token_of(&a);

	database_let_pass(24 * 3600 - 60);
	expect_success(ways[_i](token), 200, MESSAGE);
}
END_TEST

START_TEST(token_dies_after_a_day)
{
	struct account a;
	const char *token = token_of(&a);

	database_let_pass(24 * 3600 + 1);
	expect_error(ways[_i](token), 400, "invalid_token");
	ck_assert(!is_verified(&a));
}
END_TEST

START_TEST(newer_token_kills_the_older)
{
	struct account a;
	const char *older = token_of(&a), *newer;

	database_let_pass(61);
	expect_success(post(client_new(), "/resend_verification",
			   J("{'email':'%s'}", a.email)),
	    200, NULL);
	newer = mailbox_wait(a.email, 2)->token;
	ck_assert_ptr_nonnull(newer);
	ck_assert_str_ne(older, newer);
	expect_error(ways[_i](older), 400, "invalid_token");
	ck_assert(!is_verified(&a));
	expect_success(ways[_i](newer), 200, MESSAGE);
}
END_TEST

START_TEST(token_verifies_its_user_alone)
{
	struct account a, b;
	const char *token = token_of(&a);

	(void)token_of(&b);
	expect_success(ways[_i](token), 200, MESSAGE);
	ck_assert(is_verified(&a));
	ck_assert(!is_verified(&b));
}
END_TEST

#define HEX_43 "0123456789abcdef0123456789abcdef0123456789A"

/* Of a wrong form, or of the right one and nobody's. */
static const char *const wrong[] = {
    "x",
    "0",
    HEX_43,
    "0123456789abcdef0123456789abcdef0123456789",
    HEX_43 "A",
    HEX_43 "=",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "+123456789abcdef0123456789abcdef0123456789A",
    "~123456789abcdef0123456789abcdef0123456789A",
    /* spare bits that are not zero */
    "0123456789abcdef0123456789abcdef0123456789B",
    "null",
    "undefined",
    "' OR 1=1 -- ",
    "{token}",
};

START_TEST(wrong_tokens)
{
	expect_error(by_path(text_uri(wrong[_i])), 400, "invalid_token");
	expect_error(by_body(wrong[_i]), 400, "invalid_token");
}
END_TEST

START_TEST(token_has_one_form)
{
	struct account a;
	const char *token = token_of(&a);

	expect_error(by_body(text_swap_case(token)), 400, "invalid_token");
	expect_error(by_body(text(" %s", token)), 400, "invalid_token");
	expect_error(by_body(text("%s\\n", token)), 400, "invalid_token");
	expect_error(by_path(text("%s%%20", token)), 400, "invalid_token");
	expect_error(by_path(text("%s/", token)), 404, "not_found");
	ck_assert(!is_verified(&a));
	expect_success(by_body(token), 200, MESSAGE);
}
END_TEST

static const struct {
	const char *body;
	bool absent;
} no_tokens[] = {
    {"", true},
    {"{}", true},
    {"{'token':null}", true},
    {"{'token':''}", true},
    {"{'Token':'" HEX_43 "'}", true},
    {"{'token':1}", false},
    {"{'token':true}", false},
    {"{'token':[]}", false},
    {"{'token':{}}", false},
};

START_TEST(token_is_required)
{
	const struct response *res = post(client_new(), "/verify_email",
	    text_swap_quotes(no_tokens[_i].body));

	if (no_tokens[_i].absent)
		expect_bad_field(res, "token");
	else
		expect_error(res, 400, "invalid_token");
}
END_TEST

/* Mail scanners fetch every link before its reader does. */
START_TEST(link_is_a_page_and_spends_nothing)
{
	struct account a;
	const char *token = token_of(&a);
	const char *plain = mailbox_wait(a.email, 1)->plain;
	const char *url = environment("T2O_URL"), *link, *at;

	link = strstr(plain, url);
	ck_assert_ptr_nonnull(link);
	at = strstr(link, token);
	ck_assert_ptr_nonnull(at);
	link = text("%.*s", (int)(at - link), link);
	ck_assert_msg(strchr(link, '#') != NULL,
	    "the token is not in the fragment: %s", link);
	for (size_t i = 0; i < 3; i++)
		(void)get(client_new(),
		    text("%.*s", (int)strcspn(link, "#") - (int)strlen(url),
			link + strlen(url)));
	ck_assert(!is_verified(&a));
	expect_success(by_body(token), 200, MESSAGE);
}
END_TEST

START_TEST(other_methods_spend_nothing)
{
	static const char *const methods[] = {"HEAD", "POST", "PUT", "DELETE",
	    "OPTIONS", "PATCH"};
	struct account a;
	const char *token = token_of(&a);

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		const struct response *res = SEND(client_new(),
		    .method = methods[i],
		    .path = text("/verify_email/%s", token));

		EXPECT(res->status == 405, res, "wanted 405");
	}
	ck_assert(!is_verified(&a));
	expect_success(by_path(token), 200, MESSAGE);
}
END_TEST

#define RACERS 20

START_TEST(of_many_at_once_one_redeems)
{
	struct account a;
	const char *token = token_of(&a);
	struct client *racers[RACERS];
	const struct response *res[RACERS];
	size_t n_won = 0;

	for (size_t i = 0; i < RACERS; i++)
		racers[i] = client_new();
	client_send_together(racers, RACERS,
	    &(struct request){.path = "/verify_email",
		.body = J("{'token':'%s'}", token)},
	    res);
	for (size_t i = 0; i < RACERS; i++) {
		if (res[i]->status == 200)
			n_won++;
		else
			expect_error(res[i], 400, "invalid_token");
	}
	ck_assert_uint_eq(n_won, 1);
	ck_assert_int_eq(
	    database_number("SELECT COUNT(*) FROM audit_log WHERE"
			    " event = 'email_verified' AND target_id = %llu",
		account_id(&a)),
	    1);
}
END_TEST

void add_verify(TCase *tc)
{
	tcase_add_loop_test(tc, token_verifies_once, 0, ARRAY_LEN(ways));
	tcase_add_loop_test(tc, token_lives_for_a_day, 0, ARRAY_LEN(ways));
	tcase_add_loop_test(tc, token_dies_after_a_day, 0, ARRAY_LEN(ways));
	tcase_add_loop_test(tc, newer_token_kills_the_older, 0,
	    ARRAY_LEN(ways));
	tcase_add_loop_test(tc, token_verifies_its_user_alone, 0,
	    ARRAY_LEN(ways));
	tcase_add_loop_test(tc, wrong_tokens, 0, ARRAY_LEN(wrong));
	tcase_add_test(tc, token_has_one_form);
	tcase_add_loop_test(tc, token_is_required, 0, ARRAY_LEN(no_tokens));
	tcase_add_test(tc, link_is_a_page_and_spends_nothing);
	tcase_add_test(tc, other_methods_spend_nothing);
	tcase_add_test(tc, of_many_at_once_one_redeems);
}
