#include "core/base.h"

#include "auth/email.h"
#include "auth/erase.h"
#include "db/conn.h"
#include "scene.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static struct store_principal principal;
static struct auth_erase_result result;

static void act_as(uint64_t user_id)
{
	struct secret id = scene_start_session(scene, user_id);

	assert_ok(scene_resolve(scene, &id, &principal));
}

static void set_up(void)
{
	scene = scene_new("erase");
	act_as(scene_add_user(scene, "ada", NULL));
}

static void tear_down(void)
{
	scene_free(&scene);
}

static enum auth_erase_outcome erase(const char *password)
{
	result = (struct auth_erase_result){0};
	assert_ok(auth_erase(&scene->context, &principal,
	    scene_secret(password), &result));
	return result.outcome;
}

static uint64_t count(const char *sql)
{
	return test_database_u64(scene->database, sql);
}

static enum err ask_in_transaction(struct db *db, void *arg)
{
	(void)db;
	(void)arg;
	return auth_email_ask(&scene->context, &principal.user,
	    STR("new@example.org"));
}

START_TEST(nothing_stays_but_a_number)
{
	uint64_t id = principal.user.id;

	assert_ok(db_conn_transact(scene->app.db, ask_in_transaction, NULL));
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"), 2);
	ck_assert_int_eq(erase(SCENE_PASSWORD), AUTH_ERASE_DONE);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"), 0);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM email_changes"), 0);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM sessions"), 0);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"), 1);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox WHERE"
				" template = 'account_erased' AND"
				" user_id IS NULL AND"
				" recipient = 'ada@example.org'"),
	    1);
	ck_assert_uint_eq(count("SELECT MAX(target_id) FROM audit_log"
				" WHERE event = 'account_erased'"),
	    id);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM audit_log"
				" WHERE message LIKE '%ada%'"),
	    0);
	assert_err(auth_erase(&scene->context, &principal,
		       scene_secret(SCENE_PASSWORD), &result),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(wrong_passwords_are_counted)
{
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(erase("wrong password"),
		    AUTH_ERASE_WRONG_PASSWORD);
	ck_assert_int_eq(erase(SCENE_PASSWORD), AUTH_ERASE_THROTTLED);
	ck_assert_int_eq(result.wait_s, 60);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"), 1);
}
END_TEST

START_TEST(the_last_administrator_stays)
{
	act_as(scene_add_user(scene, "eve", "Super Admin"));
	ck_assert_int_eq(erase(SCENE_PASSWORD), AUTH_ERASE_LAST_ADMIN);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"), 2);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"), 0);
	(void)scene_add_user(scene, "bob", "Super Admin");
	ck_assert_int_eq(erase(SCENE_PASSWORD), AUTH_ERASE_DONE);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"), 2);
}
END_TEST

Suite *suite_auth_erase(void)
{
	Suite *suite = suite_create("auth/erase");
	TCase *tcase = tcase_create("erase");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, nothing_stays_but_a_number);
	tcase_add_test(tcase, wrong_passwords_are_counted);
	tcase_add_test(tcase, the_last_administrator_stays);
	suite_add_tcase(suite, tcase);
	return suite;
}
