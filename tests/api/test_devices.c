/* GET and DELETE /sessions: where somebody is logged in. */
#include "core/base.h"

#include <sys/wait.h>

#include "api.h"

static const cJSON *list_of(struct client *c)
{
	const struct response *res = get(c, "/sessions");

	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message", "sessions");
	return cJSON_GetObjectItem(res->json, "sessions");
}

static unsigned long long id_of(const cJSON *device)
{
	return (unsigned long long)cJSON_GetNumberValue(
	    cJSON_GetObjectItem(device, "id"));
}

/* The client's own entry. */
static const cJSON *current(struct client *c)
{
	const cJSON *device, *found = NULL;

	cJSON_ArrayForEach (device, list_of(c)) {
		if (!cJSON_IsTrue(cJSON_GetObjectItem(device, "current")))
			continue;
		ck_assert_ptr_null(found);
		found = device;
	}
	ck_assert_ptr_nonnull(found);
	return found;
}

static const struct response *end(struct client *c, const char *path)
{
	return SEND(c, .method = "DELETE", .path = path, .body = "{}");
}

static void expect_dead(struct client *c)
{
	expect_error(get(c, "/current_user_details"), 401, "not_authenticated");
}

static void expect_alive(struct client *c)
{
	expect_success(get(c, "/current_user_details"), 200, NULL);
}

START_TEST(listed)
{
	struct account a = account_new(), b = account_new();
	struct client *c = account_login(&a), *other = account_login(&a);
	const cJSON *list, *device;

	account_login(&b);
	list = list_of(c);
	ck_assert_int_eq(cJSON_GetArraySize(list), 2);
	/* Newest first. */
	ck_assert(cJSON_IsTrue(
	    cJSON_GetObjectItem(cJSON_GetArrayItem(list, 1), "current")));
	device = current(other);
	expect_members(get(other, "/sessions"), device, "id", "created_at",
	    "last_seen_at", "ip", "user_agent", "current");
	ck_assert_str_eq(cJSON_GetStringValue(
			     cJSON_GetObjectItem(device, "ip")),
	    client_address(other));
	ck_assert_str_eq(cJSON_GetStringValue(
			     cJSON_GetObjectItem(device, "user_agent")),
	    "t2o-api-tests/1");
	ck_assert_uint_ne(id_of(device), id_of(current(c)));
}
END_TEST

START_TEST(one_is_ended)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *other = account_login(&a);
	char *path = text("/sessions/%llu", id_of(current(other)));

	expect_success(end(c, path), 200, NULL);
	expect_dead(other);
	expect_alive(c);
	expect_error(end(c, path), 404, "not_found");
	expect_success(end(c, text("/sessions/%llu", id_of(current(c)))), 200,
	    NULL);
	expect_dead(c);
}
END_TEST

START_TEST(nobody_ends_anothers)
{
	struct account a = account_new(), b = account_new();
	struct client *c = account_login(&a), *other = account_login(&b);

	expect_error(end(c, text("/sessions/%llu", id_of(current(other)))), 404,
	    "not_found");
	expect_alive(other);
}
END_TEST

static const char *const no_ids[] = {"0", "-1", "1x", "x", "01e1", "%20",
    "9007199254740993", "18446744073709551617", "1.0"};

START_TEST(what_is_no_id)
{
	struct account a = account_new();

	expect_error(end(account_login(&a), text("/sessions/%s", no_ids[_i])),
	    404, "not_found");
}
END_TEST

START_TEST(all_others_are_ended)
{
	struct account a = account_new(), b = account_new();
	struct client *c = account_login(&a), *bystander = account_login(&b);
	struct client *others[3];
	const struct response *res;

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		others[i] = account_login(&a);
	res = end(c, "/sessions");
	expect_success(res, 200, NULL);
	ck_assert_int_eq((int)cJSON_GetNumberValue(
			     cJSON_GetObjectItem(res->json, "ended")),
	    ARRAY_LEN(others));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		expect_dead(others[i]);
	expect_alive(c);
	expect_alive(bystander);
}
END_TEST

#define BUSY 8

/* While they are at work, in whichever worker. */
START_TEST(ended_in_the_midst_of_it)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *busy[BUSY];
	const struct response *res[BUSY];

	for (size_t i = 0; i < BUSY; i++)
		busy[i] = account_login(&a);
	client_send_together(busy, BUSY,
	    &(struct request){.path = "/current_user_details"}, res);
	expect_success(end(c, "/sessions"), 200, NULL);
	client_send_together(busy, BUSY,
	    &(struct request){.path = "/current_user_details"}, res);
	for (size_t i = 0; i < BUSY; i++)
		expect_error(res[i], 401, "not_authenticated");
	expect_alive(c);
}
END_TEST

/*
 * One of several who use a session without a pause: alive at first, then dead,
 * and never alive again.  The exit code says whether it was so.
 */
static int use_to_the_end(const char *session)
{
	struct client *c = client_new();
	unsigned n_alive = 0;

	client_set_cookie(c, SESSION_COOKIE, session);
	while (
	    n_alive < 100000 && get(c, "/current_user_details")->status == 200)
		n_alive++;
	for (int i = 0; i < 20; i++)
		if (get(c, "/current_user_details")->status != 401)
			return EXIT_FAILURE;
	return n_alive > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

START_TEST(killed_while_in_use)
{
	struct account a = account_new();
	struct client *c = account_login(&a), *busy = account_login(&a);
	const char *session = client_cookie(busy, SESSION_COOKIE);
	pid_t children[BUSY];
	int status;

	for (size_t i = 0; i < BUSY; i++) {
		children[i] = fork();
		ck_assert_int_ge(children[i], 0);
		if (children[i] == 0)
			_exit(use_to_the_end(session));
	}
	ck_assert_int_eq(usleep(500000), 0); /* all are at it */
	expect_success(end(c, "/sessions"), 200, NULL);
	for (size_t i = 0; i < BUSY; i++) {
		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

static const struct response *log_in(struct client *c, const struct account *a,
    const char *password)
{
	return post(c, "/login", account_login_body(a->username, password));
}

/* Five wrong passwords from elsewhere, which lock the name. */
static void attack(const struct account *a)
{
	struct client *stranger = client_new();

	for (size_t i = 0; i < 5; i++)
		expect_error(log_in(stranger, a, "wrong password"), 401,
		    "invalid_credentials");
	expect_error(log_in(client_new(), a, a->password), 429,
	    "too_many_requests");
}

START_TEST(strangers_lock_nobody_out_at_home)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const char *cookie = client_cookie(c, DEVICE_COOKIE);

	ck_assert_ptr_nonnull(cookie);
	attack(&a);
	/* The session is long over; the device is known. */
	client_forget_cookies(c);
	client_set_cookie(c, DEVICE_COOKIE, cookie);
	expect_success(log_in(c, &a, a.password), 200, NULL);
	/* Which helps no stranger. */
	expect_error(log_in(client_new(), &a, a.password), 429,
	    "too_many_requests");
}
END_TEST

START_TEST(a_device_is_counted_as_well)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	for (size_t i = 0; i < 5; i++)
		expect_error(log_in(c, &a, "wrong password"), 401,
		    "invalid_credentials");
	expect_error(log_in(c, &a, a.password), 429, "too_many_requests");
	/* By itself. */
	expect_success(log_in(client_new(), &a, a.password), 200, NULL);
	database_let_pass(61);
	expect_success(log_in(c, &a, a.password), 200, NULL);
}
END_TEST

START_TEST(only_ones_own_device_counts)
{
	struct account a = account_new(), b = account_new();
	struct client *c = account_login(&b);
	const char *cookie = client_cookie(c, DEVICE_COOKIE);

	attack(&a);
	expect_error(log_in(c, &a, a.password), 429, "too_many_requests");
	client_forget_cookies(c);
	client_set_cookie(c, DEVICE_COOKIE,
	    text("%llu%s", account_id(&a), strchr(cookie, '.')));
	expect_error(log_in(c, &a, a.password), 429, "too_many_requests");
}
END_TEST

START_TEST(the_cookie_is_for_a_year_and_for_us)
{
	struct account a = account_new();
	const char *line = response_set_cookie(log_in(client_new(), &a,
						   a.password),
	    DEVICE_COOKIE);

	ck_assert_ptr_nonnull(line);
	ck_assert_ptr_nonnull(strstr(line, "; Max-Age=31536000"));
	ck_assert_ptr_nonnull(strstr(line, "; HttpOnly"));
	ck_assert_ptr_nonnull(strstr(line, "; Secure"));
	ck_assert_ptr_null(strstr(line, "Domain"));
}
END_TEST

void add_devices(TCase *tc)
{
	tcase_add_test(tc, listed);
	tcase_add_test(tc, one_is_ended);
	tcase_add_test(tc, nobody_ends_anothers);
	tcase_add_loop_test(tc, what_is_no_id, 0, ARRAY_LEN(no_ids));
	tcase_add_test(tc, all_others_are_ended);
	tcase_add_test(tc, ended_in_the_midst_of_it);
	tcase_add_test(tc, killed_while_in_use);
	tcase_add_test(tc, strangers_lock_nobody_out_at_home);
	tcase_add_test(tc, a_device_is_counted_as_well);
	tcase_add_test(tc, only_ones_own_device_counts);
	tcase_add_test(tc, the_cookie_is_for_a_year_and_for_us);
}
