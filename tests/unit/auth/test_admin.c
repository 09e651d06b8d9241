#include "core/base.h"

#include "auth/admin.h"
#include "auth/login.h"
#include "scene.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static const char *why;

static void set_up(void)
{
	scene = scene_new("admin");
	why = NULL;
}

static void tear_down(void)
{
	scene_free(&scene);
}

static enum err add(const char *username, const char *email,
    const char *first_name, const char *password, const char *role)
{
	struct auth_new_user user = {
	    .person = {str_of(first_name), STR("Lovelace"), str_of(username),
		str_of(email)},
	    .password = scene_secret(password),
	    .role = str_of(role),
	};
	uint64_t id;

	return auth_admin_add(&scene->context, &user, &id, &why);
}

START_TEST(an_unverified_user_gets_the_mail)
{
	assert_ok(add("ada", "ada@example.org", "Ada", SCENE_PASSWORD, NULL));
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM mail_outbox"),
	    1);
	ck_assert_uint_eq(scene_count_events(scene, "user_created"), 1);
}
END_TEST

static const struct {
	const char *username;
	const char *email;
	const char *first_name;
	const char *password;
	const char *role;
	enum err err;
} refused[] = {
    {"a", "a@example.org", "Ada", SCENE_PASSWORD, NULL, ERR_INVALID},
    {"ada", "example.org", "Ada", SCENE_PASSWORD, NULL, ERR_INVALID},
    {"ada", "a@example.org", "<Ada>", SCENE_PASSWORD, NULL, ERR_INVALID},
    {"ada", "a@example.org", "Ada", "P@ssw0rd", NULL, ERR_INVALID},
    {"ada", "a@example.org", "Ada", SCENE_PASSWORD, "King", ERR_NOT_FOUND},
    {"TAKEN", "a@example.org", "Ada", SCENE_PASSWORD, NULL, ERR_CONFLICT},
    {"ada", "taken@EXAMPLE.org", "Ada", SCENE_PASSWORD, NULL, ERR_CONFLICT},
};

START_TEST(what_breaks_a_rule_adds_nobody)
{
	(void)scene_add_user(scene, "taken", NULL);
	assert_err(add(refused[_i].username, refused[_i].email,
		       refused[_i].first_name, refused[_i].password,
		       refused[_i].role),
	    refused[_i].err);
	ck_assert_ptr_nonnull(why);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM users"),
	    1);
}
END_TEST

START_TEST(a_role_given_at_once_is_in_the_log_too)
{
	assert_ok(add("ada", "ada@example.org", "Ada", SCENE_PASSWORD,
	    "Super Admin"));
	ck_assert_uint_eq(scene_count_events(scene, "role_granted"), 1);
}
END_TEST

START_TEST(the_last_administrator_stays)
{
	uint64_t first = scene_add_user(scene, "first", "Super Admin");
	uint64_t second = scene_add_user(scene, "second", "Super Admin");

	assert_ok(auth_admin_disable(&scene->context, first, &why));
	assert_err(auth_admin_disable(&scene->context, second, &why),
	    ERR_DENIED);
	assert_err(auth_admin_revoke(&scene->context, second,
		       STR("Super Admin"), &why),
	    ERR_DENIED);
	ck_assert_str_ne(why, "");
	assert_ok(auth_admin_enable(&scene->context, first, &why));
	assert_ok(auth_admin_revoke(&scene->context, second, STR("super admin"),
	    &why));
}
END_TEST

START_TEST(without_an_administrator_the_others_can_be_disabled)
{
	uint64_t id = scene_add_user(scene, "ada", NULL);

	assert_ok(auth_admin_disable(&scene->context, id, &why));
	assert_err(auth_admin_disable(&scene->context, id, &why), ERR_CONFLICT);
}
END_TEST

START_TEST(a_new_password_ends_the_sessions)
{
	uint64_t id = scene_add_user(scene, "ada", NULL);
	struct secret session = scene_start_session(scene, id);
	struct store_principal principal;
	struct auth_login login = {.username_or_email = STR("ada")};
	struct auth_login_result result = {0};

	assert_err(auth_admin_set_password(&scene->context, id,
		       scene_secret("short"), &why),
	    ERR_INVALID);
	assert_ok(scene_resolve(scene, &session, &principal));
	assert_ok(auth_admin_set_password(&scene->context, id,
	    scene_secret("another good phrase"), &why));
	assert_err(scene_resolve(scene, &session, &principal), ERR_NOT_FOUND);
	login.password = scene_secret(SCENE_PASSWORD);
	assert_ok(auth_login(&scene->context, &login, &result));
	ck_assert_int_eq(result.outcome, AUTH_LOGIN_INVALID);
	login.password = scene_secret("another good phrase");
	assert_ok(auth_login(&scene->context, &login, &result));
	ck_assert_int_eq(result.outcome, AUTH_LOGIN_GRANTED);
	ck_assert_uint_eq(scene_count_events(scene, "password_set"), 1);
}
END_TEST

START_TEST(roles_are_granted_and_revoked_once)
{
	uint64_t id = scene_add_user(scene, "ada", NULL);

	assert_ok(
	    auth_admin_grant(&scene->context, id, STR("Moderator"), &why));
	assert_err(auth_admin_grant(&scene->context, id, STR("Moderator"),
		       &why),
	    ERR_CONFLICT);
	assert_err(auth_admin_grant(&scene->context, id, STR("King"), &why),
	    ERR_NOT_FOUND);
	assert_ok(
	    auth_admin_revoke(&scene->context, id, STR("Moderator"), &why));
	assert_err(auth_admin_revoke(&scene->context, id, STR("Moderator"),
		       &why),
	    ERR_NOT_FOUND);
	ck_assert_uint_eq(scene_count_events(scene, "role_granted"), 1);
	ck_assert_uint_eq(scene_count_events(scene, "role_revoked"), 1);
}
END_TEST

Suite *suite_auth_admin(void)
{
	Suite *suite = suite_create("auth/admin");
	TCase *tcase = tcase_create("admin");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, an_unverified_user_gets_the_mail);
	tcase_add_loop_test(tcase, what_breaks_a_rule_adds_nobody, 0,
	    ARRAY_LEN(refused));
	tcase_add_test(tcase, a_role_given_at_once_is_in_the_log_too);
	tcase_add_test(tcase, the_last_administrator_stays);
	tcase_add_test(tcase,
	    without_an_administrator_the_others_can_be_disabled);
	tcase_add_test(tcase, a_new_password_ends_the_sessions);
	tcase_add_test(tcase, roles_are_granted_and_revoked_once);
	suite_add_tcase(suite, tcase);
	return suite;
}
