#include "core/base.h"

#include "auth/account.h"
#include "scene.h"
#include "store/token.h"
#include "store/user.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static const char *why;

static void set_up(void)
{
	scene = scene_new("account");
}

static void tear_down(void)
{
	scene_free(&scene);
}

static uint64_t count(const char *sql)
{
	return test_database_u64(scene->database, sql);
}

static enum auth_signup_outcome sign_up(const char *username, const char *email,
    const char *password)
{
	struct auth_signup signup = {
	    .person = {STR("Ada"), STR("Lovelace"), str_of(username),
		str_of(email)},
	    .password = scene_secret(password),
	};
	enum auth_signup_outcome outcome = 0;

	assert_ok(
	    auth_account_signup(&scene->context, &signup, &outcome, &why));
	return outcome;
}

START_TEST(signing_up_makes_all_of_an_account)
{
	struct store_user user;

	ck_assert_int_eq(sign_up("ada", "ada@example.org", SCENE_PASSWORD),
	    AUTH_SIGNUP_ACCEPTED);
	assert_ok(store_user_by_username(scene->app.db, scene->context.arena,
	    STR("ADA"), &user));
	ck_assert_int_eq(user.verified_us, 0);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM credentials"
				" WHERE secret LIKE '$argon2id$%'"),
	    1);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM user_roles ur"
				" JOIN roles r ON r.id = ur.role_id"
				" WHERE r.name = 'User'"),
	    1);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox WHERE"
				" template = 'verify_email' AND"
				" recipient = 'ada@example.org'"),
	    1);
	ck_assert_uint_eq(scene_count_events(scene, "signup"), 1);
}
END_TEST

START_TEST(a_taken_username_is_said)
{
	(void)sign_up("ada", "ada@example.org", SCENE_PASSWORD);
	ck_assert_int_eq(sign_up("ADA", "else@example.org", SCENE_PASSWORD),
	    AUTH_SIGNUP_USERNAME_TAKEN);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"), 1);
}
END_TEST

START_TEST(a_taken_address_is_told_to_its_owner)
{
	(void)sign_up("ada", "ada@example.org", SCENE_PASSWORD);
	ck_assert_int_eq(sign_up("bob", "ADA@example.org", SCENE_PASSWORD),
	    AUTH_SIGNUP_ACCEPTED);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"), 1);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox WHERE"
				" template = 'signup_taken'"),
	    1);
	ck_assert_uint_eq(scene_count_events(scene, "signup_taken"), 1);
	/* Whoever does it again within the minute sends no second mail. */
	(void)sign_up("bob", "ada@example.org", SCENE_PASSWORD);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox WHERE"
				" template = 'signup_taken'"),
	    1);
}
END_TEST

START_TEST(a_bad_password_makes_nothing)
{
	ck_assert_int_eq(sign_up("ada", "ada@example.org", "P@ssw0rd"),
	    AUTH_SIGNUP_PASSWORD_WEAK);
	ck_assert_ptr_nonnull(why);
	ck_assert_int_eq(sign_up("ada", "ada@example.org", "short"),
	    AUTH_SIGNUP_PASSWORD_LENGTH);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"), 0);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"), 0);
}
END_TEST

/* What the mailer does. */
static struct secret mint(void)
{
	struct secret token;
	struct digest hash;
	uint64_t id = count("SELECT MAX(id) FROM users");

	secret_new(&token);
	secret_digest(&token, &hash);
	assert_ok(store_token_put(scene->app.db, id, TOKEN_VERIFY_EMAIL,
	    STR("ada@example.org"), &hash, scene->context.now_us));
	return token;
}

START_TEST(a_token_verifies_once)
{
	struct secret token;

	(void)sign_up("ada", "ada@example.org", SCENE_PASSWORD);
	token = mint();
	assert_ok(auth_account_verify(&scene->context, &token));
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"
				" WHERE verified_at IS NOT NULL"),
	    1);
	assert_err(auth_account_verify(&scene->context, &token), ERR_NOT_FOUND);
	ck_assert_uint_eq(scene_count_events(scene, "email_verified"), 1);
}
END_TEST

START_TEST(a_token_dies_after_a_day_or_of_a_newer_one)
{
	struct secret old;
	struct secret new;

	(void)sign_up("ada", "ada@example.org", SCENE_PASSWORD);
	old = mint();
	new = mint();
	assert_err(auth_account_verify(&scene->context, &old), ERR_NOT_FOUND);
	scene_pass(scene, DAY_S);
	assert_err(auth_account_verify(&scene->context, &new), ERR_NOT_FOUND);
	new = mint();
	scene_pass(scene, DAY_S - 1);
	assert_ok(auth_account_verify(&scene->context, &new));
}
END_TEST

static void resend(const char *email)
{
	assert_ok(auth_account_resend(&scene->context, str_of(email)));
}

START_TEST(a_mail_is_sent_again_to_who_needs_it)
{
	(void)sign_up("ada", "ada@example.org", SCENE_PASSWORD);
	resend("nobody@example.org");
	resend("ada@example.org"); /* within the minute: silently nothing */
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"), 1);
	scene_pass(scene, 60);
	resend("ada@example.org");
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"), 2);
	ck_assert_uint_eq(scene_count_events(scene, "verification_asked"), 3);
}
END_TEST

/* How many statements it takes is how long it takes. */
static uint64_t cost_of_resending(const char *email)
{
	uint64_t before = db_conn_counts(scene->app.db).statements;

	resend(email);
	return db_conn_counts(scene->app.db).statements - before;
}

START_TEST(asking_again_and_again_tells_nothing)
{
	uint64_t cost;

	(void)sign_up("ada", "ada@example.org", SCENE_PASSWORD);
	(void)scene_add_user(scene, "bob", NULL);
	resend("bob@example.org");
	resend("nobody@example.org");
	cost = cost_of_resending("ada@example.org");
	ck_assert_uint_eq(cost_of_resending("bob@example.org"), cost);
	ck_assert_uint_eq(cost_of_resending("nobody@example.org"), cost);
	scene_pass(scene, 60);
	cost = cost_of_resending("bob@example.org");
	ck_assert_uint_eq(cost_of_resending("nobody@example.org"), cost);
}
END_TEST

START_TEST(asking_for_nobody_costs_a_later_account_nothing)
{
	for (int i = 0; i < 6; i++) {
		resend("ada@example.org");
		scene_pass(scene, 60);
	}
	(void)sign_up("ada", "ada@example.org", SCENE_PASSWORD);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"), 1);
}
END_TEST

START_TEST(no_mail_to_who_is_verified)
{
	(void)scene_add_user(scene, "bob", NULL);
	resend("bob@example.org");
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"), 0);
}
END_TEST

Suite *suite_auth_account(void)
{
	Suite *suite = suite_create("auth/account");
	TCase *tcase = tcase_create("account");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, signing_up_makes_all_of_an_account);
	tcase_add_test(tcase, a_taken_username_is_said);
	tcase_add_test(tcase, a_taken_address_is_told_to_its_owner);
	tcase_add_test(tcase, a_bad_password_makes_nothing);
	tcase_add_test(tcase, a_token_verifies_once);
	tcase_add_test(tcase, a_token_dies_after_a_day_or_of_a_newer_one);
	tcase_add_test(tcase, a_mail_is_sent_again_to_who_needs_it);
	tcase_add_test(tcase, asking_again_and_again_tells_nothing);
	tcase_add_test(tcase, asking_for_nobody_costs_a_later_account_nothing);
	tcase_add_test(tcase, no_mail_to_who_is_verified);
	suite_add_tcase(suite, tcase);
	return suite;
}
