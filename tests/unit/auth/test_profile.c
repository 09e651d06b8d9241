#include "core/base.h"

#include "auth/login.h"
#include "auth/profile.h"
#include "scene.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static uint64_t ada;
static struct secret id;
static struct store_principal principal;
static struct auth_profile wanted;
static struct auth_profile_result result;

#define NEW_PASSWORD "harbour lantern nine"

static void act_as(uint64_t user_id)
{
	id = scene_start_session(scene, user_id);
	assert_ok(scene_resolve(scene, &id, &principal));
}

static void set_up(void)
{
	scene = scene_new("profile");
	ada = scene_add_user(scene, "ada", NULL);
	act_as(ada);
	wanted = (struct auth_profile){
	    .person = {STR("Ada"), STR("Lovelace"), STR("ada"),
		STR("ada@example.org")},
	};
}

static void tear_down(void)
{
	scene_free(&scene);
}

static enum auth_profile_outcome update(void)
{
	struct auth_context context = scene->context;

	context.actor = &principal;
	context.is_sysadmin = false;
	assert_ok(auth_profile_update(&context, &principal, &wanted, &result));
	return result.outcome;
}

static uint64_t count(const char *sql)
{
	return test_database_u64(scene->database, sql);
}

#define N_ROWS                                                                 \
	count("SELECT (SELECT COUNT(*) FROM audit_log) +"                      \
	      " (SELECT COUNT(*) FROM mail_outbox) +"                          \
	      " (SELECT COUNT(*) FROM email_changes)")

static void assert_login(const char *username, const char *password,
    enum auth_login_outcome outcome)
{
	struct auth_login login = {
	    .username_or_email = str_of(username),
	    .password = scene_secret(password),
	};
	struct auth_login_result login_result = {0};

	assert_ok(auth_login(&scene->context, &login, &login_result));
	ck_assert_int_eq(login_result.outcome, outcome);
}

START_TEST(what_is_unchanged_changes_nothing)
{
	uint64_t n_before = N_ROWS;

	scene_pass(scene, 600);
	wanted.person.email = STR("Ada@Example.org");
	wanted.current_password = scene_secret("wrong, and not looked at");
	ck_assert_int_eq(update(), AUTH_PROFILE_UPDATED);
	ck_assert_uint_eq(N_ROWS, n_before);
	ck_assert(!result.renewed);
	assert_ok(scene_resolve(scene, &id, &principal));
}
END_TEST

START_TEST(names)
{
	scene_pass(scene, 600);
	wanted.person = (struct auth_person){STR("Augusta"), STR("King"),
	    STR("ADA_king"), STR("ada@example.org")};
	ck_assert_int_eq(update(), AUTH_PROFILE_UPDATED);
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_str(principal.user.first_name, "Augusta");
	assert_str(principal.user.last_name, "King");
	assert_str(principal.user.username, "ADA_king");
	ck_assert_uint_eq(scene_count_events(scene, "profile_updated"), 1);
	assert_login("ada_KING", SCENE_PASSWORD, AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(a_taken_username)
{
	(void)scene_add_user(scene, "bob", NULL);
	wanted.person.username = STR("BOB");
	wanted.person.email = STR("new@example.org");
	ck_assert_int_eq(update(), AUTH_PROFILE_USERNAME_TAKEN);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM email_changes"), 0);
	wanted.person.username = STR("ADA");
	ck_assert_int_eq(update(), AUTH_PROFILE_UPDATED);
}
END_TEST

START_TEST(an_address_takes_a_recent_proof_or_the_password)
{
	wanted.person.email = STR("new@example.org");
	scene_pass(scene, 300);
	ck_assert_int_eq(update(), AUTH_PROFILE_NOT_RECENT);
	wanted.current_password = scene_secret("wrong password");
	ck_assert_int_eq(update(), AUTH_PROFILE_WRONG_PASSWORD);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM email_changes"), 0);
	wanted.current_password = scene_secret(SCENE_PASSWORD);
	ck_assert_int_eq(update(), AUTH_PROFILE_UPDATED);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM email_changes"), 1);
	ck_assert(result.renewed);
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
	assert_ok(scene_resolve(scene, &result.session_id, &principal));
	assert_str(principal.user.email, "ada@example.org");
	/* And it was a proof. */
	wanted.current_password = (struct secret_str){NULL, 0};
	wanted.person.email = STR("newer@example.org");
	ck_assert_int_eq(update(), AUTH_PROFILE_UPDATED);
	ck_assert(!result.renewed);
}
END_TEST

START_TEST(ones_own_password)
{
	struct secret other = scene_start_session(scene, ada);

	wanted.password = scene_secret(NEW_PASSWORD);
	ck_assert_int_eq(update(), AUTH_PROFILE_NO_PASSWORD);
	wanted.current_password = scene_secret("wrong password");
	ck_assert_int_eq(update(), AUTH_PROFILE_WRONG_PASSWORD);
	wanted.current_password = scene_secret(SCENE_PASSWORD);
	ck_assert_int_eq(update(), AUTH_PROFILE_UPDATED);
	ck_assert(result.renewed);
	assert_err(scene_resolve(scene, &id, &principal), ERR_NOT_FOUND);
	assert_err(scene_resolve(scene, &other, &principal), ERR_NOT_FOUND);
	assert_ok(scene_resolve(scene, &result.session_id, &principal));
	ck_assert_uint_eq(scene_count_events(scene, "password_changed"), 1);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox"
				" WHERE template = 'password_changed'"),
	    1);
	assert_login("ada", SCENE_PASSWORD, AUTH_LOGIN_INVALID);
	assert_login("ada", NEW_PASSWORD, AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(a_password_that_will_not_do_changes_nothing)
{
	wanted.person.first_name = STR("Augusta");
	wanted.password = scene_secret("P@ssw0rd");
	wanted.current_password = scene_secret(SCENE_PASSWORD);
	ck_assert_int_eq(update(), AUTH_PROFILE_PASSWORD_WEAK);
	wanted.password = scene_secret("short");
	ck_assert_int_eq(update(), AUTH_PROFILE_PASSWORD_LENGTH);
	ck_assert_ptr_nonnull(result.why);
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_str(principal.user.first_name, "Ada");
}
END_TEST

START_TEST(wrong_passwords_are_counted)
{
	wanted.password = scene_secret(NEW_PASSWORD);
	wanted.current_password = scene_secret("wrong password");
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(update(), AUTH_PROFILE_WRONG_PASSWORD);
	wanted.current_password = scene_secret(SCENE_PASSWORD);
	ck_assert_int_eq(update(), AUTH_PROFILE_THROTTLED);
	ck_assert_int_eq(result.wait_s, 60);
}
END_TEST

/* Who may act on whom; bob is the one who is acted on. */
static const struct {
	const char *actor_role;
	const char *bob_role;
	enum auth_profile_outcome outcome;
} others[] = {
    {NULL, NULL, AUTH_PROFILE_FORBIDDEN},
    {"Moderator", NULL, AUTH_PROFILE_FORBIDDEN},
    {"Admin", NULL, AUTH_PROFILE_UPDATED},
    {"Admin", "Moderator", AUTH_PROFILE_UPDATED},
    {"Admin", "Admin", AUTH_PROFILE_UPDATED},
    {"Admin", "Super Admin", AUTH_PROFILE_FORBIDDEN},
    {"Super Admin", "Super Admin", AUTH_PROFILE_UPDATED},
};

START_TEST(another_user)
{
	uint64_t bob = scene_add_user(scene, "bob", others[_i].bob_role);
	uint64_t refused = others[_i].outcome == AUTH_PROFILE_FORBIDDEN;

	act_as(scene_add_user(scene, "eve", others[_i].actor_role));
	wanted.user_id = bob;
	wanted.person.username = STR("robert");
	wanted.person.email = STR("bob@example.org");
	ck_assert_int_eq(update(), others[_i].outcome);
	ck_assert_uint_eq(scene_count_events(scene, "access_denied"), refused);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM users"
				" WHERE username = 'robert'"),
	    1 - refused);
}
END_TEST

START_TEST(another_user_takes_a_recent_proof)
{
	wanted.user_id = scene_add_user(scene, "bob", NULL);
	wanted.person.username = STR("bob");
	wanted.person.email = STR("bob@example.org");
	act_as(scene_add_user(scene, "eve", "Admin"));
	scene_pass(scene, 300);
	wanted.current_password = scene_secret(SCENE_PASSWORD);
	ck_assert_int_eq(update(), AUTH_PROFILE_NOT_RECENT);
}
END_TEST

START_TEST(another_users_password)
{
	uint64_t bob = scene_add_user(scene, "bob", NULL);
	struct secret session = scene_start_session(scene, bob);
	struct store_principal gone;

	act_as(scene_add_user(scene, "eve", "Admin"));
	wanted.user_id = bob;
	wanted.person.username = STR("bob");
	wanted.person.email = STR("bob@example.org");
	wanted.password = scene_secret(NEW_PASSWORD);
	ck_assert_int_eq(update(), AUTH_PROFILE_UPDATED);
	ck_assert(!result.renewed);
	assert_err(scene_resolve(scene, &session, &gone), ERR_NOT_FOUND);
	assert_ok(scene_resolve(scene, &id, &principal));
	assert_login("bob", NEW_PASSWORD, AUTH_LOGIN_GRANTED);
	ck_assert_uint_eq(scene_count_events(scene, "password_set"), 1);
	ck_assert_uint_eq(count("SELECT COUNT(*) FROM mail_outbox WHERE"
				" template = 'password_changed' AND"
				" recipient = 'bob@example.org'"),
	    1);
}
END_TEST

START_TEST(nobody)
{
	wanted.user_id = 1000;
	ck_assert_int_eq(update(), AUTH_PROFILE_FORBIDDEN);
	act_as(scene_add_user(scene, "eve", "Admin"));
	ck_assert_int_eq(update(), AUTH_PROFILE_NOBODY);
}
END_TEST

START_TEST(ones_own_by_its_id)
{
	wanted.user_id = ada;
	wanted.person.first_name = STR("Augusta");
	ck_assert_int_eq(update(), AUTH_PROFILE_UPDATED);
}
END_TEST

Suite *suite_auth_profile(void)
{
	Suite *suite = suite_create("auth/profile");
	TCase *tcase = tcase_create("profile");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, what_is_unchanged_changes_nothing);
	tcase_add_test(tcase, names);
	tcase_add_test(tcase, a_taken_username);
	tcase_add_test(tcase, an_address_takes_a_recent_proof_or_the_password);
	tcase_add_test(tcase, ones_own_password);
	tcase_add_test(tcase, a_password_that_will_not_do_changes_nothing);
	tcase_add_test(tcase, wrong_passwords_are_counted);
	tcase_add_loop_test(tcase, another_user, 0, ARRAY_LEN(others));
	tcase_add_test(tcase, another_user_takes_a_recent_proof);
	tcase_add_test(tcase, another_users_password);
	tcase_add_test(tcase, nobody);
	tcase_add_test(tcase, ones_own_by_its_id);
	suite_add_tcase(suite, tcase);
	return suite;
}
