/* The second factor: its secret, on, off, its recovery codes. */
#include "core/base.h"

#include "api.h"
#include "factor.h"

static bool is_enabled(struct client *c)
{
	const struct response *res = get(c, "/current_user_details");

	expect_success(res, 200, NULL);
	return cJSON_IsTrue(
	    cJSON_GetObjectItem(cJSON_GetObjectItem(res->json, "user"),
		"twofa_enabled"));
}

static const struct response *update(struct client *c, bool enabled,
    const char *token)
{
	return post(c, "/update_twofa", factor_update_body(enabled, token));
}

START_TEST(uri_is_for_an_authenticator)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *first = get(c, "/twofa_uri");
	const struct response *second = SEND(c, .method = "POST",
	    .path = "/twofa_uri", .body = "{}");
	const char *uri = response_text(first, "uri");

	expect_success(first, 200, "2FA confirmation");
	expect_members(first, first->json, "success", "message", "uri");
	EXPECT(strstr(uri, text("otpauth://totp/T2O:%s?secret=", a.username)) ==
		uri,
	    first, "not such a URI");
	EXPECT(strstr(uri, "&issuer=T2O") != NULL, first, "no issuer");
	expect_success(second, 200, "2FA confirmation");
	ck_assert_str_ne(uri, response_text(second, "uri"));
	ck_assert(!is_enabled(c));
}
END_TEST

START_TEST(uri_is_not_given_away)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	expect_error(get(client_new(), "/twofa_uri"), 401, "not_authenticated");
	expect_error(SEND(c, .path = "/twofa_uri",
			 .headers = {"Sec-Fetch-Site: cross-site"}),
	    403, "csrf_failed");
	expect_error(SEND(c, .method = "POST", .path = "/twofa_uri",
			 .body = "{}", .csrf = ""),
	    403, "csrf_failed");
	/* No secret for who only wants to know whether there is one. */
	ck_assert_uint_eq(SEND(c, .method = "HEAD", .path = "/twofa_uri")
			      ->status,
	    405);
}
END_TEST

START_TEST(on_and_off)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *other = account_login(&a);
	const char *secret = factor_ask(c), *code;
	const struct response *res;
	struct factor f;

	expect_error(update(c, true, factor_wrong_code(secret)), 400,
	    "invalid_code");
	ck_assert(!is_enabled(c));
	f = factor_enable(c);
	ck_assert(is_enabled(c));
	/* Nobody else is logged out. */
	ck_assert(is_enabled(other));
	expect_error(get(c, "/twofa_uri"), 409, "twofa_already_enabled");
	code = factor_code(f.secret, 1);
	expect_error(update(c, true, code), 409, "twofa_already_enabled");
	expect_error(update(c, false, factor_code(f.secret, 0)), 400,
	    "invalid_code");
	res = update(c, false, code);
	expect_success(res, 200, "2FA updated successfully");
	expect_members(res, res->json, "success", "message");
	ck_assert(!is_enabled(c));
	expect_error(update(c, false, code), 400, "invalid_code");
}
END_TEST

START_TEST(it_is_told_by_mail)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	struct factor f = factor_enable(c);

	ck_assert_str_eq(mailbox_wait(a.email, 2)->subject,
	    "Two-factor login for T2O is on");
	expect_success(update(c, false, f.recovery[0]), 200, NULL);
	mailbox_wait(a.email, 4); /* which codes are left, and that it is off */
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM audit_log WHERE "
					 "target_id = %llu AND event IN "
					 "('twofa_asked', 'twofa_enabled', "
					 "'recovery_code_used', "
					 "'twofa_disabled')",
			     account_id(&a)),
	    4);
}
END_TEST

static const struct {
	const char *body;
	const char *field;
} incomplete[] = {
    {"{'token':'123456'}", "enabled"},
    {"{'enabled':true}", "token"},
    {"{'enabled':true,'token':null}", "token"},
    {"{'enabled':'perhaps','token':'123456'}", "enabled"},
    {"{'enabled':true,'token':123456}", "token"},
};

START_TEST(what_a_change_needs)
{
	struct account a = account_new();

	expect_bad_field(post(account_login(&a), "/update_twofa",
			     text_swap_quotes(incomplete[_i].body)),
	    incomplete[_i].field);
}
END_TEST

START_TEST(six_digits_exactly)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const char *code = factor_code(factor_ask(c), 0);

	expect_error(update(c, true, text("0%s", code)), 400, "invalid_code");
	expect_error(update(c, true, text("00%s", code)), 400, "invalid_code");
	expect_error(update(c, true, text(" %s", code)), 400, "invalid_code");
	expect_error(update(c, true, text("%.5s", code)), 400, "invalid_code");
	expect_success(update(c, true, code), 200, NULL);
}
END_TEST

static void age_proof(const struct account *a)
{
	database_run("UPDATE sessions SET confirmed_at = confirmed_at - "
		     "INTERVAL 6 MINUTE WHERE user_id = %llu",
	    account_id(a));
}

START_TEST(a_change_needs_a_recent_proof)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	struct factor f = factor_enable(c);

	age_proof(&a);
	expect_error(update(c, false, f.recovery[0]), 403,
	    "recent_login_required");
	expect_error(post(c, "/twofa/recovery_codes",
			 factor_token_body(f.recovery[0])),
	    403, "recent_login_required");
	expect_error(post(c, "/confirm_identity",
			 factor_token_body(factor_wrong_code(f.secret))),
	    401, "invalid_code");
	expect_bad_field(post(c, "/confirm_identity", "{}"), "password");
	expect_success(post(c, "/confirm_identity",
			   factor_token_body(factor_code(f.secret, 1))),
	    200, "Identity confirmed");
	expect_success(update(c, false, f.recovery[0]), 200, NULL);
}
END_TEST

START_TEST(ten_new_recovery_codes)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	struct factor f = factor_enable(c);
	const struct response *res = post(c, "/twofa/recovery_codes",
	    factor_token_body(f.recovery[9]));

	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message", "recovery_codes");
	EXPECT(cJSON_GetArraySize(cJSON_GetObjectItem(res->json,
		   "recovery_codes")) == RECOVERY_CODES,
	    res, "ten");
	expect_error(post(c, "/twofa/recovery_codes",
			 factor_token_body(f.recovery[0])),
	    401, "invalid_code");
	expect_bad_field(post(c, "/twofa/recovery_codes", "{}"), "token");
}
END_TEST

START_TEST(five_wrong_codes_and_then_a_pause)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	struct factor f = factor_enable(c);
	const char *wrong = factor_wrong_code(f.secret);
	const struct response *res;

	for (int i = 0; i < 5; i++)
		expect_error(update(c, false, wrong), 400, "invalid_code");
	res = update(c, false, f.recovery[0]);
	expect_error(res, 429, "too_many_requests");
	ck_assert_int_gt(strtol(response_header(res, "Retry-After", 0), NULL,
			     10),
	    880);
	/* The session has been used meanwhile, and its proof renewed. */
	database_let_pass(901);
	expect_success(post(c, "/confirm_identity",
			   J("{'password':'%s'}", a.password)),
	    200, NULL);
	expect_success(update(c, false, f.recovery[0]), 200, NULL);
}
END_TEST

START_TEST(nothing_of_it_is_in_the_database)
{
	struct account a = account_new();
	struct factor f = factor_enable(account_login(&a));
	const char *stored = database_text("SELECT secret FROM credentials "
					   "WHERE kind = 'totp' AND "
					   "user_id = %llu",
	    account_id(&a));

	ck_assert(str_starts(str_of(stored), STR("$aes256gcm$")));
	ck_assert_ptr_null(strstr(stored, f.secret));
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM recovery_codes "
					 "WHERE user_id = %llu AND "
					 "LENGTH(code_hash) = 32",
			     account_id(&a)),
	    RECOVERY_CODES);
}
END_TEST

void add_twofa(TCase *tc)
{
	tcase_add_test(tc, uri_is_for_an_authenticator);
	tcase_add_test(tc, uri_is_not_given_away);
	tcase_add_test(tc, on_and_off);
	tcase_add_test(tc, it_is_told_by_mail);
	tcase_add_loop_test(tc, what_a_change_needs, 0, ARRAY_LEN(incomplete));
	tcase_add_test(tc, six_digits_exactly);
	tcase_add_test(tc, a_change_needs_a_recent_proof);
	tcase_add_test(tc, ten_new_recovery_codes);
	tcase_add_test(tc, five_wrong_codes_and_then_a_pause);
	tcase_add_test(tc, nothing_of_it_is_in_the_database);
}
