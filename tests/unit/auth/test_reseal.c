#include "core/base.h"

#include "auth/reseal.h"
#include "auth/twofa.h"
#include "factor_scene.h"
#include "suites.h"
#include "unit.h"

#define NEW_KEY "fedcba9876543210fedcba9876543210"

static struct factor_scene *f;
static struct config keys;
static struct auth_reseal_result result;

static void set_up(void)
{
	f = factor_scene_new("reseal");
	keys = f->scene->config;
	keys.secret_key_old = keys.secret_key;
	keys.secret_key = scene_secret(NEW_KEY);
}

static void tear_down(void)
{
	factor_scene_free(&f);
}

static void reseal(uint64_t n_sealed, uint64_t n_failed)
{
	assert_ok(auth_reseal_all(&f->scene->context, &keys, &result));
	ck_assert_uint_eq(result.n_sealed, n_sealed);
	ck_assert_uint_eq(result.n_failed, n_failed);
}

static enum auth_twofa_outcome renew_codes(int steps)
{
	struct auth_twofa_result renewed = {0};

	assert_ok(auth_twofa_renew_codes(&f->scene->context, &f->user,
	    factor_scene_code(f, steps), &renewed));
	return renewed.outcome;
}

START_TEST(nobody_notices)
{
	factor_scene_enable(f);
	f->scene->config = keys;
	ck_assert_int_eq(renew_codes(1), AUTH_TWOFA_DONE);
	reseal(1, 0);
	reseal(0, 0);
	ck_assert_uint_eq(scene_count_events(f->scene, "key_rotated"), 2);
	f->scene->config.secret_key_old = (struct secret_str){NULL, 0};
	scene_pass(f->scene, 60);
	ck_assert_int_eq(renew_codes(0), AUTH_TWOFA_DONE);
}
END_TEST

START_TEST(a_pending_one_too)
{
	struct auth_twofa_result enabled = {0};

	factor_scene_begin(f);
	reseal(1, 0);
	f->scene->config = keys;
	f->scene->config.secret_key_old = (struct secret_str){NULL, 0};
	assert_ok(auth_twofa_enable(&f->scene->context, &f->user,
	    factor_scene_code(f, 0), &enabled));
	ck_assert_int_eq(enabled.outcome, AUTH_TWOFA_DONE);
}
END_TEST

START_TEST(one_that_does_not_open_holds_up_no_other)
{
	uint64_t other = scene_add_user(f->scene, "bob", NULL);

	factor_scene_begin(f);
	f->user.id = other;
	factor_scene_reload(f);
	factor_scene_begin(f);
	test_database_exec(f->scene->database,
	    "UPDATE credentials SET secret = '$aes256gcm$00000000$AAAA'"
	    " WHERE kind = 'totp_pending' ORDER BY user_id LIMIT 1");
	reseal(1, 1);
	reseal(0, 1);
}
END_TEST

/* More than are read at once. */
START_TEST(all_pages)
{
	factor_scene_begin(f);
	test_database_exec(f->scene->database,
	    "INSERT INTO users (username, email, first_name, last_name,"
	    " created_at) SELECT CONCAT('u', seq),"
	    " CONCAT('u', seq, '@example.org'), 'A', 'B', '2026-01-01'"
	    " FROM seq_1_to_250");
	test_database_exec(f->scene->database,
	    "INSERT INTO credentials (user_id, kind, secret, changed_at)"
	    " SELECT u.id, 'totp', c.secret, c.changed_at FROM users u"
	    " JOIN credentials c ON c.kind = 'totp_pending'"
	    " WHERE u.username LIKE 'u%'");
	reseal(1, 250);
}
END_TEST

Suite *suite_auth_reseal(void)
{
	Suite *suite = suite_create("auth/reseal");
	TCase *tcase = tcase_create("reseal");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, nobody_notices);
	tcase_add_test(tcase, a_pending_one_too);
	tcase_add_test(tcase, one_that_does_not_open_holds_up_no_other);
	tcase_add_test(tcase, all_pages);
	suite_add_tcase(suite, tcase);
	return suite;
}
