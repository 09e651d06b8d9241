#include "core/base.h"

#include "auth/admin.h"
#include "auth/session.h"
#include "scene.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static uint64_t user_id;
static struct secret id;
static struct store_principal principal;

static void set_up(void)
{
	scene = scene_new("session");
	user_id = scene_add_user(scene, "ada", "Moderator");
	id = scene_start_session(scene, user_id);
}

static void tear_down(void)
{
	scene_free(&scene);
}

START_TEST(a_session_says_who_and_what_they_may)
{
	assert_ok(scene_resolve(scene, &id, &principal));
	ck_assert_uint_eq(principal.user.id, user_id);
	assert_str(principal.user.username, "ada");
	assert_str(principal.roles, "Moderator\nUser");
	assert_str(principal.permissions, "edit\nview_dashboard\nview_reports");
	assert_str(principal.session.client_ip, "192.0.2.1");
}
END_TEST

START_TEST(the_database_does_not_hold_the_id)
{
	char hex[HEX_LEN(sizeof(id.byte))];
	char sql[256];

	hex_encode(id.byte, sizeof(id.byte), hex);
	(void)snprintf(sql, sizeof(sql),
	    "SELECT COUNT(*) FROM sessions WHERE id_hash = UNHEX('%s')", hex);
	ck_assert_uint_eq(test_database_u64(scene->database, sql), 0);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM sessions"),
	    1);
}
END_TEST

START_TEST(another_id_is_nobodys)
{
	id.byte[0] ^= 1;
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
}
END_TEST

START_TEST(it_dies_when_it_was_idle)
{
	scene_pass(scene, 1799);
	assert_ok(scene_resolve(scene, &id, &principal));
	scene_pass(scene, 1799);
	assert_ok(scene_resolve(scene, &id, &principal));
	scene_pass(scene, 1800);
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
}
END_TEST

/* The shortest limit that configuration takes. */
START_TEST(it_lives_while_it_is_used_however_short_the_limit)
{
	scene->config.session_idle_s = 60;
	for (int i = 0; i < 10; i++) {
		scene_pass(scene, 25);
		assert_ok(scene_resolve(scene, &id, &principal));
	}
}
END_TEST

START_TEST(it_dies_of_age_however_busy)
{
	for (int64_t s = 0; s < 12 * HOUR_S - 1000; s += 1000) {
		scene_pass(scene, 1000);
		assert_ok(scene_resolve(scene, &id, &principal));
		arena_reset(scene->context.arena);
	}
	scene_pass(scene, 1000);
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
}
END_TEST

static const int64_t jumps_s[] = {HOUR_S, 365 * DAY_S};

/* Dead in that past, and still dead when the clock is right again by far. */
START_TEST(a_clock_that_jumps_revives_nothing)
{
	scene_pass(scene, -jumps_s[_i]);
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
	scene_pass(scene, 2 * jumps_s[_i]);
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
}
END_TEST

START_TEST(use_is_noted_once_a_minute_at_most)
{
	int64_t first_us;

	assert_ok(scene_resolve(scene, &id, &principal));
	first_us = principal.session.last_seen_us;
	scene_pass(scene, 59);
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_ok(scene_resolve(scene, &id, &principal));
	ck_assert_int_eq(principal.session.last_seen_us, first_us);
	scene_pass(scene, 1);
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_ok(scene_resolve(scene, &id, &principal));
	ck_assert_int_eq(principal.session.last_seen_us,
	    first_us + 60 * SECOND_US);
}
END_TEST

START_TEST(logging_out_ends_this_one_alone)
{
	struct secret other = scene_start_session(scene, user_id);

	assert_ok(scene_resolve(scene, &id, &principal));
	assert_ok(auth_session_end(&scene->context, &principal));
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
	assert_ok(scene_resolve(scene, &other, &principal));
	ck_assert_uint_eq(scene_count_events(scene, "logout"), 1);
}
END_TEST

START_TEST(logging_out_twice_is_no_error)
{
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_ok(auth_session_end(&scene->context, &principal));
	assert_ok(auth_session_end(&scene->context, &principal));
	ck_assert_uint_eq(scene_count_events(scene, "logout"), 1);
}
END_TEST

START_TEST(a_disabled_user_is_out_at_once)
{
	const char *why = NULL;

	assert_ok(auth_admin_disable(&scene->context, user_id, &why));
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_revoked_role_is_gone_at_once)
{
	const char *why = NULL;

	assert_ok(auth_admin_revoke(&scene->context, user_id, STR("Moderator"),
	    &why));
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_str(principal.permissions, "view_dashboard");
}
END_TEST

START_TEST(sessions_are_revoked_one_by_one_or_all)
{
	uint64_t bob = scene_add_user(scene, "bob", NULL);
	struct secret other = scene_start_session(scene, user_id);
	uint64_t n;

	(void)scene_start_session(scene, bob);
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_err(auth_session_revoke(&scene->context, bob,
		       principal.session.id),
	    ERR_NOT_FOUND);
	assert_ok(auth_session_revoke_others(&scene->context, user_id,
	    principal.session.id, &n));
	ck_assert_uint_eq(n, 1);
	assert_err(scene_resolve(scene, &other, &principal), ERR_NOT_FOUND);
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_ok(auth_session_revoke(&scene->context, user_id,
	    principal.session.id));
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM sessions"),
	    1);
	ck_assert_uint_eq(scene_count_events(scene, "session_revoked"), 2);
}
END_TEST

Suite *suite_auth_session(void)
{
	Suite *suite = suite_create("auth/session");
	TCase *tcase = tcase_create("session");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_session_says_who_and_what_they_may);
	tcase_add_test(tcase, the_database_does_not_hold_the_id);
	tcase_add_test(tcase, another_id_is_nobodys);
	tcase_add_test(tcase, it_dies_when_it_was_idle);
	tcase_add_test(tcase,
	    it_lives_while_it_is_used_however_short_the_limit);
	tcase_add_test(tcase, it_dies_of_age_however_busy);
	tcase_add_loop_test(tcase, a_clock_that_jumps_revives_nothing, 0,
	    ARRAY_LEN(jumps_s));
	tcase_add_test(tcase, use_is_noted_once_a_minute_at_most);
	tcase_add_test(tcase, logging_out_ends_this_one_alone);
	tcase_add_test(tcase, logging_out_twice_is_no_error);
	tcase_add_test(tcase, a_disabled_user_is_out_at_once);
	tcase_add_test(tcase, a_revoked_role_is_gone_at_once);
	tcase_add_test(tcase, sessions_are_revoked_one_by_one_or_all);
	suite_add_tcase(suite, tcase);
	return suite;
}
