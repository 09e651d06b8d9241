/* Many at once: what is scarce is shared out, and counted right. */
#include "core/base.h"

#include "api.h"

#define MANY 120
#define FEW 20

static const struct response *answers[MANY];

static void send_from(size_t n, const char *path, const char *body)
{
	struct client *clients[MANY];

	ensure(n <= MANY);
	for (size_t i = 0; i < n; i++)
		clients[i] = client_new();
	client_send_together(clients, n,
	    &(struct request){.path = path, .body = body}, answers);
}

/* Every answer is one of these; how many have the first. */
static size_t count(size_t n, unsigned status, const char *error)
{
	size_t n_found = 0;

	for (size_t i = 0; i < n; i++) {
		if (answers[i]->status == 503)
			expect_error(answers[i], 503, "unavailable");
		else if (answers[i]->status != status)
			expect_error(answers[i], 429, "too_many_requests");
		else if (error != NULL)
			expect_error(answers[i], status, error);
		n_found += answers[i]->status == status;
	}
	return n_found;
}

/* What the auth pool cannot take is told to come back, at once. */
START_TEST(flood_of_logins_is_shed)
{
	struct account a = account_new();
	struct client *signed_in = account_login(&a);
	size_t n_tried;

	send_from(MANY, "/login",
	    account_login_body(account_invent().username, "granite walrus"));
	n_tried = count(MANY, 401, "invalid_credentials");
	ck_assert_uint_ge(n_tried, 1);
	expect_success(get(signed_in, "/current_user_details"), 200, NULL);
	account_login(&a);
}
END_TEST

/* One more than five for each process that was at it at the same moment. */
START_TEST(failures_at_once_are_counted)
{
	struct account a = account_new();
	size_t n_workers = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
	size_t n_tried;

	send_from(FEW, "/login",
	    account_login_body(a.username, "granite walrus"));
	n_tried = count(FEW, 401, "invalid_credentials");
	ck_assert_uint_le(n_tried, 5 + n_workers - 1);
	expect_error(post(client_new(), "/login",
			 account_login_body(a.username, a.password)),
	    429, "too_many_requests");
}
END_TEST

/* The first of them renews the hash, and the others are right still. */
START_TEST(imported_user_logs_in_everywhere)
{
	struct account a = account_import("granite walrus 1999",
	    "pbkdf2:sha256:1000$Zk3pQ9sX$4012f996c79a3566042e27629c6c0a5fd66a16"
	    "706af0518ae85e620035aeb57d");

	send_from(FEW, "/login", account_login_body(a.username, a.password));
	ck_assert_uint_ge(count(FEW, 200, NULL), 1);
	ck_assert_uint_eq(count(FEW, 200, NULL),
	    (size_t)database_number(
		"SELECT COUNT(*) FROM sessions WHERE user_id = %llu",
		account_id(&a)));
	account_login(&a);
}
END_TEST

/* A browser asks for several things at once. */
START_TEST(session_serves_many_at_once)
{
	struct account a = account_new();
	const char *id = client_cookie(account_login(&a), SESSION_COOKIE);
	struct client *tabs[FEW];

	for (size_t i = 0; i < FEW; i++) {
		tabs[i] = client_new();
		client_set_cookie(tabs[i], SESSION_COOKIE, id);
	}
	/* All of them find that the session was not seen for long. */
	database_let_pass(120);
	client_send_together(tabs, FEW,
	    &(struct request){.path = "/current_user_details"}, answers);
	for (size_t i = 0; i < FEW; i++)
		expect_success(answers[i], 200, NULL);
}
END_TEST

START_TEST(session_ends_once)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *tabs[FEW];
	size_t n_done = 0;

	for (size_t i = 0; i < FEW; i++) {
		tabs[i] = client_new();
		client_set_cookie(tabs[i], SESSION_COOKIE,
		    client_cookie(c, SESSION_COOKIE));
	}
	client_send_together(tabs, FEW,
	    &(struct request){.method = "POST",
		.path = "/logout",
		.csrf = client_csrf(c)},
	    answers);
	for (size_t i = 0; i < FEW; i++) {
		if (answers[i]->status != 200)
			expect_error(answers[i], 401, "not_authenticated");
		n_done += answers[i]->status == 200;
	}
	ck_assert_uint_ge(n_done, 1);
	ck_assert_int_eq(
	    database_number("SELECT COUNT(*) FROM audit_log WHERE "
			    "event = 'logout' AND target_id = %llu",
		account_id(&a)),
	    1);
}
END_TEST

void add_parallel(TCase *tc)
{
	tcase_add_test(tc, flood_of_logins_is_shed);
	tcase_add_test(tc, failures_at_once_are_counted);
	tcase_add_test(tc, imported_user_logs_in_everywhere);
	tcase_add_test(tc, session_serves_many_at_once);
	tcase_add_test(tc, session_ends_once);
}
