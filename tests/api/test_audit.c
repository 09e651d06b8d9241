/* The audit log: a row for every security event, in the words of the table. */
#include "core/base.h"

#include "api.h"
#include "store/audit.h"

/*
 * Exactly one row of that request has this event, with its level, and with
 * where it came from.
 */
static void expect_row(const struct response *res, const struct client *c,
    enum audit_event event, unsigned long long target_id)
{
	const struct audit_kind *kind = store_audit_kind(event);
	const char *id = response_header(res, "X-Request-Id", 0);
	long long n = database_number(
	    "SELECT COUNT(*) FROM audit_log WHERE "
	    "request_id = '%s' AND event = '%s' AND level = '%s' AND "
	    "client_ip = '%s' AND user_agent = 't2o-api-tests/1' AND "
	    "COALESCE(target_id, 0) = %llu AND message LIKE '%s%%' AND "
	    "created_at BETWEEN UTC_TIMESTAMP() - INTERVAL 1 MINUTE AND "
	    "UTC_TIMESTAMP() + INTERVAL 1 MINUTE",
	    id, kind->name, kind->level, client_address(c), target_id,
	    kind->message);

	EXPECT(n == 1, res, "%lld rows of %s about %llu", n, kind->name,
	    target_id);
}

static void expect_actor(const struct response *res, unsigned long long id)
{
	ck_assert_int_eq(
	    database_number("SELECT COALESCE(MAX(actor_id), 0) "
			    "FROM audit_log WHERE request_id = '%s'",
		response_header(res, "X-Request-Id", 0)),
	    (long long)id);
}

START_TEST(sign_up)
{
	struct account a = account_invent(), b = account_invent();
	struct client *c = client_new();

	b.email = a.email;
	const struct response *res = post(c, "/signup",
	    account_signup_body(&a));

	expect_row(res, c, AUDIT_SIGNUP, account_id(&a));
	res = post(c, "/signup", account_signup_body(&b));
	expect_row(res, c, AUDIT_SIGNUP_TAKEN, account_id(&a));
}
END_TEST

START_TEST(verification)
{
	struct account a = account_invent();
	struct client *c = client_new();
	const struct response *res;

	account_sign_up(&a);
	res = post(c, "/verify_email",
	    J("{'token':'%s'}", mailbox_wait(a.email, 1)->token));
	expect_row(res, c, AUDIT_EMAIL_VERIFIED, account_id(&a));
}
END_TEST

START_TEST(verification_asked_for)
{
	struct account a = account_invent(), nobody = account_invent();
	struct client *c = client_new();
	const struct response *res;

	account_sign_up(&a);
	res = post(c, "/resend_verification", J("{'email':'%s'}", a.email));
	expect_row(res, c, AUDIT_VERIFICATION_ASKED, account_id(&a));
	res = post(c, "/resend_verification",
	    J("{'email':'%s'}", nobody.email));
	expect_row(res, c, AUDIT_VERIFICATION_ASKED, 0);
}
END_TEST

START_TEST(login_and_logout)
{
	struct account a = account_new();
	struct client *c = client_new();
	const struct response *res = post(c, "/login",
	    account_login_body(a.username, a.password));

	expect_row(res, c, AUDIT_LOGIN, account_id(&a));
	res = SEND(c, .method = "POST", .path = "/logout");
	expect_row(res, c, AUDIT_LOGOUT, account_id(&a));
	expect_actor(res, account_id(&a));
}
END_TEST

START_TEST(failed_logins)
{
	struct account a = account_new(), nobody = account_invent();
	struct client *c = client_new();
	const struct response *res = post(c, "/login",
	    account_login_body(a.email, "granite walrus"));

	expect_row(res, c, AUDIT_LOGIN_FAILED, account_id(&a));
	res = post(c, "/login", account_login_body(nobody.username, "x"));
	expect_row(res, c, AUDIT_LOGIN_FAILED, 0);
}
END_TEST

START_TEST(blocked_logins)
{
	struct account unverified = account_invent(), disabled = account_new();
	struct client *c = client_new();
	const struct response *res;

	account_sign_up(&unverified);
	res = post(c, "/login",
	    account_login_body(unverified.username, unverified.password));
	expect_row(res, c, AUDIT_LOGIN_BLOCKED, account_id(&unverified));
	account_disable(&disabled);
	res = post(c, "/login",
	    account_login_body(disabled.username, disabled.password));
	expect_row(res, c, AUDIT_LOGIN_BLOCKED, account_id(&disabled));
}
END_TEST

START_TEST(throttled_logins)
{
	struct account a = account_new();
	struct client *c = client_new();
	const struct response *res = NULL;

	for (size_t i = 0; i < 6; i++)
		res = post(c, "/login", account_login_body(a.username, "x"));
	expect_error(res, 429, "too_many_requests");
	ck_assert_int_eq(
	    database_number("SELECT COUNT(*) FROM audit_log WHERE"
			    " request_id = '%s' AND event = 'login_blocked'",
		response_header(res, "X-Request-Id", 0)),
	    1);
}
END_TEST

/* 16.3.3: attempts to get round a guard. */
START_TEST(denied_access)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *d = client_new();
	const struct response *res = SEND(c, .method = "POST",
	    .path = "/logout", .csrf = "");

	expect_row(res, c, AUDIT_ACCESS_DENIED, account_id(&a));
	expect_actor(res, account_id(&a));
	res = SEND(d, .path = "/login", .body = "{}",
	    .headers = {"Origin: https://evil.example"});
	expect_row(res, d, AUDIT_ACCESS_DENIED, 0);
}
END_TEST

/* 4.1.3: an address is what the connection says. */
START_TEST(address_is_not_the_clients_word)
{
	struct account a = account_new();
	struct client *c = client_new();
	const struct response *res = SEND(c, .path = "/login",
	    .body = account_login_body(a.username, a.password),
	    .headers = {"X-Forwarded-For: 192.0.2.1", "X-Real-IP: 192.0.2.1",
		"Forwarded: for=192.0.2.1", "X_Forwarded_For: 192.0.2.1",
		"Client-IP: 192.0.2.1", "True-Client-IP: 192.0.2.1",
		"Remote-Addr: 192.0.2.1", "T2O-Request-Id: x"});

	expect_row(res, c, AUDIT_LOGIN, account_id(&a));
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM sessions WHERE "
					 "user_id = %llu AND client_ip = '%s'",
			     account_id(&a), client_address(c)),
	    1);
}
END_TEST

/* 16.4.1: nothing that a terminal or a parser of lines would act upon. */
static const char *const agents[] = {"\x1b[31mred", "a\tb", "\xff\xfe bytes",
    "\xe2\x80\xae right to left", "' OR 1=1 -- ", "<script>alert(1)</script>",
    "%n%s%x", "\xf0\x9f\xa6\x95 dinosaur"};

static void expect_agent(const char *agent)
{
	struct account a = account_new();
	const struct response *res = SEND(client_new(), .path = "/login",
	    .body = account_login_body(a.username, a.password),
	    .headers = {text("User-Agent: %s", agent)});
	const char *stored;

	expect_success(res, 200, NULL);
	stored = database_text("SELECT user_agent FROM audit_log WHERE "
			       "request_id = '%s' AND event = 'login'",
	    response_header(res, "X-Request-Id", 0));
	ck_assert_ptr_nonnull(stored);
	for (const char *p = stored; *p != '\0'; p++)
		ck_assert_msg((unsigned char)*p >= 0x20 && *p != 0x7f,
		    "a control character is stored");
	ck_assert_ptr_null(strstr(stored, "\xe2\x80\xae"));
}

START_TEST(user_agents_are_made_harmless)
{
	expect_agent(agents[_i]);
}
END_TEST

START_TEST(long_user_agents_are_cut)
{
	expect_agent(text_repeat("x", 5000));
	expect_agent(text("x%s", text_repeat("\xf0\x9f\xa6\x95", 300)));
}
END_TEST

START_TEST(no_user_agent)
{
	struct account a = account_new();

	expect_success(SEND(client_new(), .path = "/login",
			   .body = account_login_body(a.username, a.password),
			   .headers = {"User-Agent:"}),
	    200, NULL);
}
END_TEST

/* What was rolled back or refused early is no event. */
START_TEST(refused_sign_ups_leave_no_account_row)
{
	struct account a = account_new(), b = account_invent();
	const struct response *res;

	b.username = a.username;
	res = post(client_new(), "/signup", account_signup_body(&b));
	expect_error(res, 409, "username_taken");
	ck_assert_int_eq(
	    database_number("SELECT COUNT(*) FROM audit_log WHERE"
			    " request_id = '%s' AND event = 'signup'",
		response_header(res, "X-Request-Id", 0)),
	    0);
}
END_TEST

void add_audit(TCase *tc)
{
	tcase_add_test(tc, sign_up);
	tcase_add_test(tc, verification);
	tcase_add_test(tc, verification_asked_for);
	tcase_add_test(tc, login_and_logout);
	tcase_add_test(tc, failed_logins);
	tcase_add_test(tc, blocked_logins);
	tcase_add_test(tc, throttled_logins);
	tcase_add_test(tc, denied_access);
	tcase_add_test(tc, address_is_not_the_clients_word);
	tcase_add_loop_test(tc, user_agents_are_made_harmless, 0,
	    ARRAY_LEN(agents));
	tcase_add_test(tc, long_user_agents_are_cut);
	tcase_add_test(tc, no_user_agent);
	tcase_add_test(tc, refused_sign_ups_leave_no_account_row);
}
