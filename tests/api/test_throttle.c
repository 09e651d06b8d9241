/* Who fails too often waits, and nobody else does. */
#include "core/base.h"

#include "api.h"

#define ACCOUNT_FAILURES 5
#define ADDRESS_FAILURES 30

static const struct response *login(const char *name, const char *password)
{
	return post(client_new(), "/login", account_login_body(name, password));
}

static void fail_times(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_error(login(name, "granite walrus"), 401,
		    "invalid_credentials");
}

static unsigned wait_of(const struct response *res)
{
	unsigned long wait_s;

	expect_error(res, 429, "too_many_requests");
	wait_s = strtoul(response_header(res, "Retry-After", 0), NULL, 10);
	EXPECT(wait_s >= 1 && wait_s <= 900, res, "Retry-After: %lu", wait_s);
	return (unsigned)wait_s;
}

START_TEST(account_waits_after_five_failures)
{
	struct account a = account_new();
	unsigned wait_s;

	fail_times(a.username, ACCOUNT_FAILURES);
	(void)wait_of(login(a.username, "granite walrus"));
	/* Being right is no way round. */
	wait_s = wait_of(login(a.username, a.password));
	database_let_pass(wait_s);
	expect_success(login(a.username, a.password), 200, NULL);
}
END_TEST

START_TEST(case_of_the_name_is_no_way_round)
{
	struct account a = account_new();

	fail_times(a.email, 3);
	fail_times(text_swap_case(a.email), 2);
	(void)wait_of(login(a.email, a.password));
}
END_TEST

START_TEST(unknown_names_wait_alike)
{
	struct account a = account_new(), nobody = account_invent();

	for (size_t i = 0; i < ACCOUNT_FAILURES + 3; i++)
		expect_alike(login(a.username, "granite walrus"),
		    login(nobody.username, "granite walrus"));
}
END_TEST

START_TEST(others_do_not_wait)
{
	struct account a = account_new(), b = account_new();
	struct client *signed_in = account_login(&a);

	fail_times(a.username, ACCOUNT_FAILURES);
	(void)wait_of(login(a.username, a.password));
	expect_success(login(b.username, b.password), 200, NULL);
	/* Nor does who is in already. */
	expect_success(get(signed_in, "/current_user_details"), 200, NULL);
}
END_TEST

START_TEST(success_begins_anew)
{
	struct account a = account_new();

	for (size_t i = 0; i < 3; i++) {
		fail_times(a.username, ACCOUNT_FAILURES - 1);
		expect_success(login(a.username, a.password), 200, NULL);
	}
}
END_TEST

START_TEST(failures_are_forgotten)
{
	struct account a = account_new();

	for (size_t i = 0; i < 3; i++) {
		fail_times(a.username, ACCOUNT_FAILURES - 1);
		database_let_pass(301);
	}
	expect_success(login(a.username, a.password), 200, NULL);
}
END_TEST

/* A lock that its owner cannot open would be a weapon for others. */
START_TEST(nobody_waits_for_long)
{
	struct account a = account_new();

	for (size_t i = 0; i < 6; i++) {
		fail_times(a.username, ACCOUNT_FAILURES);
		database_let_pass(wait_of(login(a.username, a.password)));
	}
	expect_success(login(a.username, a.password), 200, NULL);
}
END_TEST

/* Only a password that was tried is a try. */
START_TEST(bad_requests_do_not_count)
{
	struct account a = account_new();

	for (size_t i = 0; i < 2 * ACCOUNT_FAILURES; i++)
		expect_bad_field(post(client_new(), "/login",
				     J("{'username_or_email':'%s'}",
					 a.username)),
		    "password");
	expect_success(login(a.username, a.password), 200, NULL);
}
END_TEST

START_TEST(address_waits_after_thirty_failures)
{
	struct account a = account_new();
	struct client *c = client_new();
	unsigned wait_s;

	for (size_t i = 0; i < ADDRESS_FAILURES; i++)
		expect_error(post(c, "/login",
				 account_login_body(account_invent().username,
				     "granite walrus")),
		    401, "invalid_credentials");
	(void)wait_of(
	    post(c, "/login", account_login_body(a.username, a.password)));
	/* By address, not by browser; and nobody elsewhere waits. */
	wait_s = wait_of(post(client_beside(c), "/login",
	    account_login_body(a.username, a.password)));
	expect_success(login(a.username, a.password), 200, NULL);
	database_let_pass(wait_s);
	expect_success(post(c, "/login",
			   account_login_body(a.username, a.password)),
	    200, NULL);
}
END_TEST

/* Whoever has one account must not be able to try a million others. */
START_TEST(success_does_not_clear_the_address)
{
	struct account a = account_new();
	struct client *c = client_new();

	for (size_t i = 0; i < ADDRESS_FAILURES; i++) {
		if (i % 10 == 9)
			expect_success(post(client_beside(c), "/login",
					   account_login_body(a.username,
					       a.password)),
			    200, NULL);
		expect_error(post(c, "/login",
				 account_login_body(account_invent().username,
				     "granite walrus")),
		    401, "invalid_credentials");
	}
	(void)wait_of(
	    post(c, "/login", account_login_body(a.username, a.password)));
}
END_TEST

static int64_t microseconds_of(const char *name)
{
	struct client *c = client_new();
	char *body = account_login_body(name, "granite walrus");
	const struct response *res;
	struct timespec from, to;

	/* The handshake is not what is measured. */
	(void)get(c, "/healthz");
	clock_gettime(CLOCK_MONOTONIC, &from);
	res = post(c, "/login", body);
	clock_gettime(CLOCK_MONOTONIC, &to);
	expect_error(res, 401, "invalid_credentials");
	return (to.tv_sec - from.tv_sec) * 1000000 +
	    (to.tv_nsec - from.tv_nsec) / 1000;
}

/*
 * 6.3.8: the shortest of many, in turn; noise only adds.  Without a hash to
 * compute, the answer would come in a fifth of the time.
 */
START_TEST(unknown_names_take_as_long)
{
	int64_t known = INT64_MAX, unknown = INT64_MAX;

	for (size_t i = 0; i < 4; i++) {
		struct account a = account_new(), nobody = account_invent();

		(void)mailbox_wait(a.email, 1);
		for (size_t j = 0; j < ACCOUNT_FAILURES; j++) {
			int64_t k = microseconds_of(a.username);
			int64_t u = microseconds_of(nobody.username);

			known = MIN_OF(known, k);
			unknown = MIN_OF(unknown, u);
		}
	}
	ck_assert_int_lt(unknown, 2 * known);
	ck_assert_int_gt(2 * unknown, known);
}
END_TEST

void add_throttle(TCase *tc)
{
	tcase_add_test(tc, account_waits_after_five_failures);
	tcase_add_test(tc, case_of_the_name_is_no_way_round);
	tcase_add_test(tc, unknown_names_wait_alike);
	tcase_add_test(tc, others_do_not_wait);
	tcase_add_test(tc, success_begins_anew);
	tcase_add_test(tc, failures_are_forgotten);
	tcase_add_test(tc, nobody_waits_for_long);
	tcase_add_test(tc, bad_requests_do_not_count);
	tcase_add_test(tc, address_waits_after_thirty_failures);
	tcase_add_test(tc, success_does_not_clear_the_address);
	tcase_add_test(tc, unknown_names_take_as_long);
}
