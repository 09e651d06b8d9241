#include "core/base.h"

#include "auth/identity.h"
#include "scene.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static uint64_t user_id;
static struct secret id;
static struct store_principal principal;
static struct auth_identity_result result;

static void set_up(void)
{
	scene = scene_new("identity");
	user_id = scene_add_user(scene, "ada", NULL);
	id = scene_start_session(scene, user_id);
	assert_ok(scene_resolve(scene, &id, &principal));
}

static void tear_down(void)
{
	scene_free(&scene);
}

static enum auth_identity_outcome confirm(const char *password)
{
	result = (struct auth_identity_result){0};
	assert_ok(auth_identity_confirm(&scene->context, &principal,
	    scene_secret(password), &result));
	return result.outcome;
}

static enum auth_identity_outcome change(const char *current,
    const char *wanted)
{
	result = (struct auth_identity_result){0};
	assert_ok(auth_identity_change_password(&scene->context, &principal,
	    scene_secret(current), scene_secret(wanted), &result));
	return result.outcome;
}

#define NEW_PASSWORD "harbour lantern nine"

START_TEST(a_proof_is_recent_for_five_minutes)
{
	ck_assert(auth_identity_is_recent(&scene->context, &principal));
	scene_pass(scene, 299);
	ck_assert(auth_identity_is_recent(&scene->context, &principal));
	scene_pass(scene, 1);
	ck_assert(!auth_identity_is_recent(&scene->context, &principal));
	ck_assert_int_eq(confirm(SCENE_PASSWORD), AUTH_IDENTITY_PROVEN);
	assert_ok(scene_resolve(scene, &result.session_id, &principal));
	ck_assert(auth_identity_is_recent(&scene->context, &principal));
	scene_pass(scene, -3600);
	ck_assert(!auth_identity_is_recent(&scene->context, &principal));
}
END_TEST

START_TEST(a_proof_gives_the_session_a_new_id)
{
	uint64_t session = principal.session.id;

	ck_assert_int_eq(confirm(SCENE_PASSWORD), AUTH_IDENTITY_PROVEN);
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
	assert_ok(scene_resolve(scene, &result.session_id, &principal));
	ck_assert_uint_eq(principal.session.id, session);
	ck_assert_uint_eq(scene_count_events(scene, "identity_confirmed"), 1);
}
END_TEST

START_TEST(an_id_that_is_gone_proves_nothing)
{
	ck_assert_int_eq(confirm(SCENE_PASSWORD), AUTH_IDENTITY_PROVEN);
	assert_err(auth_identity_confirm(&scene->context, &principal,
		       scene_secret(SCENE_PASSWORD), &result),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(wrong_proofs_are_counted)
{
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(confirm("wrong password"),
		    AUTH_IDENTITY_WRONG);
	ck_assert_int_eq(confirm(SCENE_PASSWORD), AUTH_IDENTITY_THROTTLED);
	ck_assert_int_eq(result.wait_s, 60);
	ck_assert_uint_eq(scene_count_events(scene, "identity_failed"), 5);
	assert_ok(scene_resolve(scene, &id, &principal));
	scene_pass(scene, 60);
	ck_assert_int_eq(confirm(SCENE_PASSWORD), AUTH_IDENTITY_PROVEN);
}
END_TEST

START_TEST(a_new_password_ends_every_other_session)
{
	struct secret other = scene_start_session(scene, user_id);

	ck_assert_int_eq(change(SCENE_PASSWORD, NEW_PASSWORD),
	    AUTH_IDENTITY_PROVEN);
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
	assert_err(scene_resolve(scene, &other, &principal), ERR_NOT_FOUND);
	assert_ok(scene_resolve(scene, &result.session_id, &principal));
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM mail_outbox WHERE"
			      " template = 'password_changed'"),
	    1);
	ck_assert_int_eq(confirm(SCENE_PASSWORD), AUTH_IDENTITY_WRONG);
	ck_assert_int_eq(confirm(NEW_PASSWORD), AUTH_IDENTITY_PROVEN);
}
END_TEST

START_TEST(a_password_that_will_not_do_changes_nothing)
{
	ck_assert_int_eq(change(SCENE_PASSWORD, "P@ssw0rd"),
	    AUTH_IDENTITY_PASSWORD_WEAK);
	ck_assert_int_eq(change(SCENE_PASSWORD, "short"),
	    AUTH_IDENTITY_PASSWORD_LENGTH);
	ck_assert_ptr_nonnull(result.why);
	ck_assert_int_eq(change("wrong password", NEW_PASSWORD),
	    AUTH_IDENTITY_WRONG);
	assert_ok(scene_resolve(scene, &id, &principal));
	ck_assert_int_eq(confirm(SCENE_PASSWORD), AUTH_IDENTITY_PROVEN);
}
END_TEST

Suite *suite_auth_identity(void)
{
	Suite *suite = suite_create("auth/identity");
	TCase *tcase = tcase_create("identity");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_proof_is_recent_for_five_minutes);
	tcase_add_test(tcase, a_proof_gives_the_session_a_new_id);
	tcase_add_test(tcase, an_id_that_is_gone_proves_nothing);
	tcase_add_test(tcase, wrong_proofs_are_counted);
	tcase_add_test(tcase, a_new_password_ends_every_other_session);
	tcase_add_test(tcase, a_password_that_will_not_do_changes_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
