#include "core/base.h"

#include "auth/login.h"
#include "auth/reset.h"
#include "scene.h"
#include "store/token.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static uint64_t user_id;
static const char *why;

static void set_up(void)
{
	scene = scene_new("reset");
	user_id = scene_add_user(scene, "ada", NULL);
}

static void tear_down(void)
{
	scene_free(&scene);
}

static uint64_t count_mails(const char *template)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT COUNT(*) FROM mail_outbox WHERE template = '%s'", template);
	return test_database_u64(scene->database, sql);
}

/* What the mailer does. */
static struct secret mint(enum token_purpose purpose)
{
	struct secret token;
	struct digest hash;

	secret_new(&token);
	secret_digest(&token, &hash);
	assert_ok(store_token_put(scene->app.db, user_id, purpose,
	    STR("ada@example.org"), &hash, scene->context.now_us));
	return token;
}

static enum auth_reset_outcome reset(const struct secret *token,
    const char *email, const char *password)
{
	struct auth_reset reset = {
	    .token = *token,
	    .email = str_of(email),
	    .password = scene_secret(password),
	};
	enum auth_reset_outcome outcome = 0;

	assert_ok(auth_reset(&scene->context, &reset, &outcome, &why));
	return outcome;
}

static enum auth_login_outcome log_in(const char *password)
{
	struct auth_login login = {
	    .username_or_email = STR("ada"),
	    .password = scene_secret(password),
	};
	struct auth_login_result result = {0};

	assert_ok(auth_login(&scene->context, &login, &result));
	return result.outcome;
}

#define NEW_PASSWORD "harbour lantern nine"

START_TEST(a_mail_goes_to_who_has_an_account)
{
	assert_ok(auth_reset_ask(&scene->context, STR("nobody@example.org")));
	ck_assert_uint_eq(count_mails("reset_password"), 0);
	assert_ok(auth_reset_ask(&scene->context, STR("ADA@example.org")));
	assert_ok(auth_reset_ask(&scene->context, STR("ada@example.org")));
	ck_assert_uint_eq(count_mails("reset_password"), 1);
	ck_assert_uint_eq(scene_count_events(scene, "reset_asked"), 3);
}
END_TEST

START_TEST(a_token_sets_a_password_once)
{
	struct secret session = scene_start_session(scene, user_id);
	struct secret token = mint(TOKEN_RESET_PASSWORD);
	struct store_principal principal;

	ck_assert_int_eq(reset(&token, "", NEW_PASSWORD), AUTH_RESET_DONE);
	ck_assert_int_eq(log_in(SCENE_PASSWORD), AUTH_LOGIN_INVALID);
	ck_assert_int_eq(log_in(NEW_PASSWORD), AUTH_LOGIN_GRANTED);
	assert_err(scene_resolve(scene, &session, &principal), ERR_NOT_FOUND);
	ck_assert_uint_eq(count_mails("password_changed"), 1);
	ck_assert_uint_eq(scene_count_events(scene, "password_reset"), 1);
	ck_assert_int_eq(reset(&token, "", SCENE_PASSWORD),
	    AUTH_RESET_BAD_TOKEN);
}
END_TEST

START_TEST(a_bad_password_does_not_spend_the_token)
{
	struct secret token = mint(TOKEN_RESET_PASSWORD);

	ck_assert_int_eq(reset(&token, "", "P@ssw0rd"),
	    AUTH_RESET_PASSWORD_WEAK);
	ck_assert_int_eq(reset(&token, "", "short"),
	    AUTH_RESET_PASSWORD_LENGTH);
	ck_assert_int_eq(reset(&token, "ada@example.org", NEW_PASSWORD),
	    AUTH_RESET_DONE);
}
END_TEST

START_TEST(another_email_or_purpose_or_hour_opens_nothing)
{
	struct secret token = mint(TOKEN_VERIFY_EMAIL);

	ck_assert_int_eq(reset(&token, "", NEW_PASSWORD), AUTH_RESET_BAD_TOKEN);
	token = mint(TOKEN_RESET_PASSWORD);
	ck_assert_int_eq(reset(&token, "bob@example.org", NEW_PASSWORD),
	    AUTH_RESET_BAD_TOKEN);
	scene_pass(scene, HOUR_S);
	ck_assert_int_eq(reset(&token, "", NEW_PASSWORD), AUTH_RESET_BAD_TOKEN);
	ck_assert_int_eq(log_in(SCENE_PASSWORD), AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(a_disabled_account_stays_shut)
{
	struct secret token = mint(TOKEN_RESET_PASSWORD);

	test_database_exec(scene->database,
	    "UPDATE users SET disabled_at = created_at");
	ck_assert_int_eq(reset(&token, "", NEW_PASSWORD), AUTH_RESET_BAD_TOKEN);
	assert_ok(auth_reset_ask(&scene->context, STR("ada@example.org")));
	ck_assert_uint_eq(count_mails("reset_password"), 0);
}
END_TEST

START_TEST(the_link_also_confirms_the_address)
{
	struct secret token = mint(TOKEN_RESET_PASSWORD);

	test_database_exec(scene->database,
	    "UPDATE users SET verified_at = NULL");
	ck_assert_int_eq(reset(&token, "", NEW_PASSWORD), AUTH_RESET_DONE);
	ck_assert_int_eq(log_in(NEW_PASSWORD), AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(failures_are_forgotten)
{
	struct secret token = mint(TOKEN_RESET_PASSWORD);

	for (int i = 0; i < 5; i++)
		(void)log_in("wrong password");
	ck_assert_int_eq(log_in(SCENE_PASSWORD), AUTH_LOGIN_THROTTLED);
	ck_assert_int_eq(reset(&token, "", NEW_PASSWORD), AUTH_RESET_DONE);
	ck_assert_int_eq(log_in(NEW_PASSWORD), AUTH_LOGIN_GRANTED);
}
END_TEST

Suite *suite_auth_reset(void)
{
	Suite *suite = suite_create("auth/reset");
	TCase *tcase = tcase_create("reset");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_mail_goes_to_who_has_an_account);
	tcase_add_test(tcase, a_token_sets_a_password_once);
	tcase_add_test(tcase, a_bad_password_does_not_spend_the_token);
	tcase_add_test(tcase, another_email_or_purpose_or_hour_opens_nothing);
	tcase_add_test(tcase, a_disabled_account_stays_shut);
	tcase_add_test(tcase, the_link_also_confirms_the_address);
	tcase_add_test(tcase, failures_are_forgotten);
	suite_add_tcase(suite, tcase);
	return suite;
}
