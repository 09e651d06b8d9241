/* Logins of people who have a second factor. */
#include "core/base.h"

#include "api.h"
#include "factor.h"

#define RIVALS 20

/* Somebody with a second factor. */
struct person {
	struct account a;
	struct factor f;
};

static struct person person_new(void)
{
	struct person p = {.a = account_new()};

	p.f = factor_enable(account_login(&p.a));
	return p;
}

static const struct response *show_password(struct client *c,
    const struct person *p)
{
	return post(c, "/login",
	    account_login_body(p->a.username, p->a.password));
}

/* The challenge that a right password leaves. */
static const char *challenge(struct client *c, const struct person *p)
{
	const struct response *res = show_password(c, p);
	const char *text;

	EXPECT(res->status == 400, res, "wanted 400");
	ck_assert_str_eq(response_text(res, "error"), "twofa_required");
	text = response_text(res, "challenge");
	EXPECT(text != NULL && strlen(text) == 43, res, "no challenge");
	return text;
}

static const struct response *answer(struct client *c, const char *id,
    const char *token)
{
	return post(c, "/login", factor_login_body(id, token));
}

START_TEST(a_challenge_and_its_code)
{
	struct person p = person_new();
	struct client *c = client_new();
	const struct response *res = show_password(c, &p);
	const char *code = factor_code(p.f.secret, 1), *id;

	expect_members(res, res->json, "success", "error", "message", "methods",
	    "challenge");
	ck_assert_str_eq(text_print(cJSON_GetObjectItem(res->json, "methods")),
	    "[\"totp\",\"email\",\"recovery_code\"]");
	ck_assert_ptr_null(response_header(res, "Set-Cookie", 0));
	id = response_text(res, "challenge");
	expect_error(answer(c, id, factor_wrong_code(p.f.secret)), 401,
	    "invalid_code");
	/* What turned it on is used up. */
	expect_error(answer(c, id, factor_code(p.f.secret, 0)), 401,
	    "invalid_code");
	res = answer(c, id, code);
	expect_success(res, 200, "Login successful");
	expect_members(res, res->json, "success", "message", "user",
	    "csrf_token");
	expect_success(get(c, "/current_user_details"), 200, NULL);
	expect_error(answer(c, id, code), 401, "invalid_code");
	/* It counts as a recent proof. */
	expect_success(post(c, "/update_twofa",
			   factor_update_body(false, p.f.recovery[0])),
	    200, NULL);
}
END_TEST

/* As the old web client does it. */
START_TEST(all_in_one_form)
{
	struct person p = person_new();
	const char *form = text("username_or_email=%s&password=%s&token=%s",
	    p.a.username, text_uri(p.a.password), factor_code(p.f.secret, 1));
	const char *type = "application/x-www-form-urlencoded";

	expect_success(SEND(client_new(), .path = "/login", .body = form,
			   .type = type),
	    200, "Login successful");
	expect_error(SEND(client_new(), .path = "/login", .body = form,
			 .type = type),
	    401, "invalid_code");
}
END_TEST

START_TEST(a_recovery_code_is_good_once)
{
	struct person p = person_new();
	struct client *c = client_new();

	expect_success(answer(c, challenge(c, &p), p.f.recovery[4]), 200, NULL);
	c = client_new();
	expect_error(answer(c, challenge(c, &p), p.f.recovery[4]), 401,
	    "invalid_code");
}
END_TEST

/* The six digits that stand alone on a line. */
static const char *mailed_code(const struct person *p, size_t n)
{
	const char *at = strstr(mailbox_wait(p->a.email, n)->plain, "\n    ");

	ck_assert_ptr_nonnull(at);
	return text("%.6s", at + 5);
}

START_TEST(a_mailed_code_is_for_its_login)
{
	struct person p = person_new();
	struct client *c = client_new(), *other = client_new();
	const char *id = challenge(c, &p), *code = mailed_code(&p, 3);

	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM login_challenges"
					 " WHERE user_id = %llu AND"
					 " mailed_hash LIKE '$argon2id$%%'",
			     account_id(&p.a)),
	    1);
	expect_error(answer(other, challenge(other, &p), code), 401,
	    "invalid_code");
	expect_success(answer(c, id, code), 200, "Login successful");
}
END_TEST

START_TEST(a_challenge_is_somebodys)
{
	struct person p = person_new(), other = person_new();
	struct client *c = client_new();

	expect_error(answer(c, challenge(c, &p), other.f.recovery[0]), 401,
	    "invalid_code");
	expect_error(answer(c, challenge(c, &p),
			 factor_code(other.f.secret, 1)),
	    401, "invalid_code");
}
END_TEST

static const char *const incomplete[] = {"{'challenge':'x'}",
    "{'challenge':'x','token':''}", "{'challenge':'x','password':'y'}"};

START_TEST(a_challenge_needs_a_code)
{
	expect_bad_field(post(client_new(), "/login",
			     text_swap_quotes(incomplete[_i])),
	    "token");
}
END_TEST

START_TEST(it_waits_for_ten_minutes)
{
	struct person p = person_new();
	struct client *c = client_new();
	const char *id = challenge(c, &p);

	expect_error(answer(c, "x", p.f.recovery[0]), 401, "invalid_code");
	database_run("UPDATE login_challenges SET expires_at = UTC_TIMESTAMP(6)"
		     " WHERE user_id = %llu",
	    account_id(&p.a));
	expect_error(answer(c, id, p.f.recovery[0]), 401, "invalid_code");
	expect_success(answer(c, challenge(c, &p), p.f.recovery[0]), 200, NULL);
}
END_TEST

START_TEST(five_wrong_codes_and_then_a_pause)
{
	struct person p = person_new();
	struct client *c = client_new();
	const char *wrong = factor_wrong_code(p.f.secret);
	const char *id = challenge(c, &p);
	const struct response *res;

	for (int i = 0; i < 5; i++)
		expect_error(answer(c, id, wrong), 401, "invalid_code");
	res = answer(c, id, p.f.recovery[0]);
	expect_error(res, 429, "too_many_requests");
	ck_assert_int_gt(strtol(response_header(res, "Retry-After", 0), NULL,
			     10),
	    880);
	/* Another login is no way around it, and an address neither. */
	c = client_new();
	expect_error(answer(c, challenge(c, &p), p.f.recovery[0]), 429,
	    "too_many_requests");
}
END_TEST

START_TEST(a_reset_password_still_takes_a_code)
{
	struct person p = person_new();
	struct client *c = client_new();
	const char *id = challenge(c, &p);

	mailbox_wait(p.a.email, 3);
	expect_success(post(c, "/forgot_password",
			   J("{'email':'%s'}", p.a.email)),
	    200, NULL);
	p.a.password = "harbour lantern nine";
	expect_success(post(c, "/reset_password",
			   J("{'token':'%s','password':'%s'}",
			       mailbox_wait(p.a.email, 4)->token,
			       p.a.password)),
	    200, NULL);
	/* Whoever began this one has shown the old password. */
	expect_error(answer(c, id, p.f.recovery[0]), 401, "invalid_code");
	expect_success(answer(c, challenge(c, &p), p.f.recovery[0]), 200, NULL);
}
END_TEST

/* Who has lost all of it. */
START_TEST(an_administrator_can_help)
{
	struct account boss = account_new();
	struct person p = person_new();
	struct client *c = client_new(), *admin;
	const char *id = challenge(c, &p);
	const char *path = text("/admin/users/%llu/reset_twofa",
	    account_id(&p.a));

	database_run("INSERT INTO user_roles (user_id, role_id) "
		     "SELECT %llu, id FROM roles WHERE name = 'Admin'",
	    account_id(&boss));
	admin = account_login(&boss);
	expect_success(post(admin, path, "{}"), 200, NULL);
	expect_error(post(admin, path, "{}"), 409, "conflict");
	expect_error(answer(c, id, p.f.recovery[0]), 401, "invalid_code");
	expect_success(show_password(c, &p), 200, "Login successful");
}
END_TEST

START_TEST(one_of_many_gets_in)
{
	struct client *list[RIVALS];
	const struct response *res[RIVALS];
	struct person p = person_new();
	struct request r = {.path = "/login"};
	size_t n_granted = 0;

	r.body = J("{'username_or_email':'%s','password':'%s','token':'%s'}",
	    p.a.username, p.a.password, p.f.recovery[0]);
	for (size_t i = 0; i < RIVALS; i++)
		list[i] = client_new();
	client_send_together(list, RIVALS, &r, res);
	for (size_t i = 0; i < RIVALS; i++)
		n_granted += res[i]->status == 200;
	ck_assert_uint_eq(n_granted, 1);
}
END_TEST

void add_twofa_login(TCase *tc)
{
	tcase_add_test(tc, a_challenge_and_its_code);
	tcase_add_test(tc, all_in_one_form);
	tcase_add_test(tc, a_recovery_code_is_good_once);
	tcase_add_test(tc, a_mailed_code_is_for_its_login);
	tcase_add_test(tc, a_challenge_is_somebodys);
	tcase_add_loop_test(tc, a_challenge_needs_a_code, 0,
	    ARRAY_LEN(incomplete));
	tcase_add_test(tc, it_waits_for_ten_minutes);
	tcase_add_test(tc, five_wrong_codes_and_then_a_pause);
	tcase_add_test(tc, a_reset_password_still_takes_a_code);
	tcase_add_test(tc, an_administrator_can_help);
	tcase_add_test(tc, one_of_many_gets_in);
}
