#include "core/base.h"

#include "auth/throttle.h"
#include "scene.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;

static void set_up(void)
{
	scene = scene_new("throttle");
}

static void tear_down(void)
{
	scene_free(&scene);
}

struct hitting {
	enum throttle_kind kind;
	struct str key;
	bool had_room;
};

static enum err hit_in_transaction(struct db *db, void *arg)
{
	struct hitting *h = arg;

	(void)db;
	return auth_throttle_hit(&scene->context, h->kind, h->key,
	    &h->had_room);
}

static bool hit(enum throttle_kind kind, const char *key)
{
	struct hitting h = {kind, str_of(key), false};

	assert_ok(db_conn_transact(scene->app.db, hit_in_transaction, &h));
	return h.had_room;
}

static int64_t wait_of(enum throttle_kind kind, const char *key)
{
	int64_t wait_s = -1;

	assert_ok(
	    auth_throttle_wait(&scene->context, kind, str_of(key), &wait_s));
	return wait_s;
}

static void fail_times(int n)
{
	for (int i = 0; i < n; i++)
		ck_assert(hit(THROTTLE_ACCOUNT, "ada"));
}

START_TEST(the_fifth_failure_blocks_for_a_minute)
{
	fail_times(4);
	ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "ada"), 0);
	fail_times(1);
	ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "ada"), 60);
	ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "ADA"), 60);
	ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "bob"), 0);
	ck_assert_int_eq(wait_of(THROTTLE_ADDRESS, "ada"), 0);
	ck_assert(!hit(THROTTLE_ACCOUNT, "ada"));
	scene_pass(scene, 60);
	ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "ada"), 0);
}
END_TEST

START_TEST(four_failures_are_forgotten_after_the_window)
{
	fail_times(4);
	scene_pass(scene, 300);
	fail_times(4);
	ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "ada"), 0);
}
END_TEST

START_TEST(each_block_is_twice_as_long_up_to_a_quarter_hour)
{
	static const int64_t waits_s[] = {60, 120, 240, 480, 900, 900};

	for (size_t i = 0; i < ARRAY_LEN(waits_s); i++) {
		fail_times(5);
		ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "ada"), waits_s[i]);
		scene_pass(scene, waits_s[i]);
	}
	/* Half a day later it begins again. */
	scene_pass(scene, 12 * HOUR_S);
	fail_times(5);
	ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "ada"), 60);
}
END_TEST

static enum err clear_in_transaction(struct db *db, void *arg)
{
	(void)db;
	(void)arg;
	return auth_throttle_clear(&scene->context, THROTTLE_ACCOUNT,
	    STR("Ada"));
}

START_TEST(a_success_forgets)
{
	fail_times(4);
	assert_ok(db_conn_transact(scene->app.db, clear_in_transaction, NULL));
	fail_times(4);
	ck_assert_int_eq(wait_of(THROTTLE_ACCOUNT, "ada"), 0);
}
END_TEST

START_TEST(a_mailbox_gets_one_a_minute_and_five_an_hour)
{
	for (int i = 0; i < 5; i++) {
		ck_assert(hit(THROTTLE_MAIL_HOUR, "a@example.org"));
		ck_assert(hit(THROTTLE_MAIL_MINUTE, "a@example.org"));
		ck_assert(!hit(THROTTLE_MAIL_MINUTE, "a@example.org"));
		scene_pass(scene, 60);
	}
	ck_assert(!hit(THROTTLE_MAIL_HOUR, "a@example.org"));
	scene_pass(scene, 55 * 60);
	ck_assert(hit(THROTTLE_MAIL_HOUR, "a@example.org"));
}
END_TEST

Suite *suite_auth_throttle(void)
{
	Suite *suite = suite_create("auth/throttle");
	TCase *tcase = tcase_create("throttle");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, the_fifth_failure_blocks_for_a_minute);
	tcase_add_test(tcase, four_failures_are_forgotten_after_the_window);
	tcase_add_test(tcase, each_block_is_twice_as_long_up_to_a_quarter_hour);
	tcase_add_test(tcase, a_success_forgets);
	tcase_add_test(tcase, a_mailbox_gets_one_a_minute_and_five_an_hour);
	suite_add_tcase(suite, tcase);
	return suite;
}
