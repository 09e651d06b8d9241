#include "core/base.h"

#include "auth/access.h"
#include "auth/role.h"
#include "scene.h"
#include "store/permission.h"
#include "store/role.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static struct store_principal actor;

static void set_up(void)
{
	scene = scene_new("role");
}

static void tear_down(void)
{
	scene_free(&scene);
}

static void become(const char *username, const char *role)
{
	uint64_t id = scene_add_user(scene, username, role);
	struct secret session = scene_start_session(scene, id);

	assert_ok(scene_resolve(scene, &session, &actor));
	scene->context.actor = &actor;
	scene->context.is_sysadmin = false;
}

static struct store_role role_of(const char *name)
{
	struct store_role role = {0};

	assert_ok(store_role_by_name(scene->app.db, scene->context.arena,
	    str_of(name), &role));
	return role;
}

static uint64_t permission_id(const char *name)
{
	struct store_permission permission = {0};

	assert_ok(store_permission_by_name(scene->app.db, scene->context.arena,
	    str_of(name), &permission));
	return permission.id;
}

START_TEST(a_role_comes_and_goes)
{
	uint64_t id;

	assert_ok(auth_role_create(&scene->context, STR("Editor"), &id));
	assert_err(auth_role_create(&scene->context, STR("EDITOR"), &id),
	    ERR_CONFLICT);
	assert_ok(auth_role_give(&scene->context, STR("Editor"), STR("edit")));
	assert_err(auth_role_give(&scene->context, STR("Editor"), STR("edit")),
	    ERR_CONFLICT);
	assert_str(role_of("Editor").permissions, "edit");
	assert_ok(auth_role_take(&scene->context, STR("Editor"), STR("edit")));
	assert_err(auth_role_take(&scene->context, STR("Editor"), STR("edit")),
	    ERR_NOT_FOUND);
	assert_ok(auth_role_delete(&scene->context, id));
	assert_err(auth_role_delete(&scene->context, id), ERR_NOT_FOUND);
	ck_assert_uint_eq(scene_count_events(scene, "role_created"), 1);
	ck_assert_uint_eq(scene_count_events(scene, "permission_given"), 1);
	ck_assert_uint_eq(scene_count_events(scene, "permission_taken"), 1);
	ck_assert_uint_eq(scene_count_events(scene, "role_deleted"), 1);
}
END_TEST

START_TEST(a_deleted_role_falls_off_its_users)
{
	(void)scene_add_user(scene, "ada", "Moderator");
	assert_ok(auth_role_delete(&scene->context, role_of("Moderator").id));
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM user_roles"),
	    1);
}
END_TEST

START_TEST(what_everyone_gets_stays)
{
	assert_err(auth_role_delete(&scene->context, role_of("User").id),
	    ERR_CONFLICT);
}
END_TEST

START_TEST(a_new_permission_is_the_super_admins)
{
	uint64_t id;

	assert_ok(
	    auth_role_create_permission(&scene->context, STR("fly"), &id));
	assert_err(auth_role_create_permission(&scene->context, STR("Fly"),
		       &id),
	    ERR_CONFLICT);
	ck_assert(str_contains(role_of("Super Admin").permissions, STR("fly")));
	assert_ok(auth_role_delete_permission(&scene->context, id));
	ck_assert(
	    !str_contains(role_of("Super Admin").permissions, STR("fly")));
	assert_err(auth_role_delete_permission(&scene->context, id),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(nobody_edits_beyond_what_they_hold)
{
	uint64_t id;

	become("ada", "Admin");
	assert_err(auth_role_give(&scene->context, STR("User"),
		       STR("manage_admin")),
	    ERR_DENIED);
	assert_err(auth_role_give(&scene->context, STR("Super Admin"),
		       STR("edit")),
	    ERR_DENIED);
	assert_err(auth_role_take(&scene->context, STR("Super Admin"),
		       STR("edit")),
	    ERR_DENIED);
	assert_err(auth_role_delete(&scene->context, role_of("Super Admin").id),
	    ERR_DENIED);
	assert_err(auth_role_delete_permission(&scene->context,
		       permission_id("manage_admin")),
	    ERR_DENIED);
	assert_ok(auth_role_give(&scene->context, STR("User"), STR("edit")));
	/* A permission of their own making is not theirs to hand on. */
	assert_ok(
	    auth_role_create_permission(&scene->context, STR("fly"), &id));
	assert_err(auth_role_give(&scene->context, STR("User"), STR("fly")),
	    ERR_DENIED);
}
END_TEST

START_TEST(the_last_administrator_stays_one)
{
	(void)scene_add_user(scene, "boss", "Super Admin");
	assert_err(auth_role_take(&scene->context, STR("Super Admin"),
		       AUTH_ADMIN_PERMISSION),
	    ERR_DENIED);
	assert_err(auth_role_delete(&scene->context, role_of("Super Admin").id),
	    ERR_DENIED);
	assert_err(auth_role_delete_permission(&scene->context,
		       permission_id("manage_admin")),
	    ERR_DENIED);
	ck_assert(str_contains(role_of("Super Admin").permissions,
	    AUTH_ADMIN_PERMISSION));
}
END_TEST

static const struct {
	const char *name;
	bool fine;
} names[] = {
    {"Editor", true},
    {"\xc3\x9c"
     "bersetzer 2",
	true},
    {" ", false},
    {"a\nb", false},
    {"\xe2\x80\xae"
     "x",
	false},
};

START_TEST(names_are_seen_as_they_are)
{
	ck_assert((auth_role_name_check(str_of(names[_i].name)) == NULL) ==
	    names[_i].fine);
}
END_TEST

Suite *suite_auth_role(void)
{
	Suite *suite = suite_create("auth/role");
	TCase *tcase = tcase_create("role");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_role_comes_and_goes);
	tcase_add_test(tcase, a_deleted_role_falls_off_its_users);
	tcase_add_test(tcase, what_everyone_gets_stays);
	tcase_add_test(tcase, a_new_permission_is_the_super_admins);
	tcase_add_test(tcase, nobody_edits_beyond_what_they_hold);
	tcase_add_test(tcase, the_last_administrator_stays_one);
	tcase_add_loop_test(tcase, names_are_seen_as_they_are, 0,
	    ARRAY_LEN(names));
	suite_add_tcase(suite, tcase);
	return suite;
}
