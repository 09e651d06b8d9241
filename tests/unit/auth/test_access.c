#include "core/base.h"

#include "auth/access.h"
#include "auth/admin.h"
#include "scene.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static struct store_principal actor;
static const char *why;

static void set_up(void)
{
	scene = scene_new("access");
	why = NULL;
}

static void tear_down(void)
{
	scene_free(&scene);
}

/* From here on it is this user who asks. */
static uint64_t become(const char *username, const char *role)
{
	uint64_t id = scene_add_user(scene, username, role);
	struct secret session = scene_start_session(scene, id);

	assert_ok(scene_resolve(scene, &session, &actor));
	scene->context.actor = &actor;
	scene->context.is_sysadmin = false;
	return id;
}

START_TEST(nobody_holds_nothing_and_the_sysadmin_all)
{
	ck_assert(auth_access_covers(&scene->context, STR("edit\nfly")));
	scene->context.is_sysadmin = false;
	ck_assert(!auth_access_covers(&scene->context, STR("edit")));
	ck_assert(!auth_access_covers(&scene->context, STR("")));
}
END_TEST

START_TEST(a_user_holds_what_their_roles_hold)
{
	(void)become("ada", "Moderator");
	ck_assert(auth_access_has(&actor, STR("edit")));
	ck_assert(!auth_access_has(&actor, STR("edi")));
	ck_assert(!auth_access_has(&actor, STR("EDIT")));
	ck_assert(!auth_access_has(&actor, STR("")));
	ck_assert(!auth_access_has(&actor, STR("edit\nview_dashboard")));
	ck_assert(auth_access_covers(&scene->context, STR("")));
	ck_assert(
	    auth_access_covers(&scene->context, STR("edit\nview_dashboard")));
	ck_assert(
	    !auth_access_covers(&scene->context, STR("edit\nmanage_users")));
}
END_TEST

typedef enum err act(const struct auth_context *context, uint64_t user_id,
    const char **ret_why);

static act *const acts[] = {auth_admin_disable, auth_admin_enable,
    auth_admin_verify, auth_admin_send_reset, auth_admin_end_sessions};

START_TEST(nobody_acts_on_who_may_more)
{
	uint64_t boss = scene_add_user(scene, "boss", "Super Admin");

	(void)become("ada", "Admin");
	assert_err(acts[_i](&scene->context, boss, &why), ERR_DENIED);
	ck_assert_str_ne(why, "");
	assert_err(auth_admin_set_password(&scene->context, boss,
		       scene_secret("harbour lantern nine"), &why),
	    ERR_DENIED);
	assert_err(auth_admin_revoke(&scene->context, boss, STR("Super Admin"),
		       &why),
	    ERR_DENIED);
	assert_err(acts[_i](&scene->context, boss + 1000, &why), ERR_NOT_FOUND);
}
END_TEST

START_TEST(nobody_grants_what_they_lack)
{
	uint64_t bob = scene_add_user(scene, "bob", NULL);
	uint64_t ada = become("ada", "Admin");

	assert_err(auth_admin_grant(&scene->context, bob, STR("Super Admin"),
		       &why),
	    ERR_DENIED);
	assert_err(auth_admin_grant(&scene->context, ada, STR("Super Admin"),
		       &why),
	    ERR_DENIED);
	assert_ok(
	    auth_admin_grant(&scene->context, bob, STR("Moderator"), &why));
	assert_ok(auth_admin_disable(&scene->context, bob, &why));
	assert_err(auth_admin_disable(&scene->context, bob, &why),
	    ERR_CONFLICT);
}
END_TEST

START_TEST(ones_own_log_and_with_permission_everybodys)
{
	uint64_t whose = 99;
	uint64_t ada = become("ada", "Moderator");

	assert_ok(auth_access_logs(&scene->context, 0, &whose));
	ck_assert_uint_eq(whose, ada);
	assert_ok(auth_access_logs(&scene->context, ada, &whose));
	ck_assert_uint_eq(whose, ada);
	assert_err(auth_access_logs(&scene->context, ada + 1, &whose),
	    ERR_DENIED);
	scene->context.is_sysadmin = true;
	(void)become("bob", "Admin");
	assert_ok(auth_access_logs(&scene->context, 0, &whose));
	ck_assert_uint_eq(whose, 0);
	assert_ok(auth_access_logs(&scene->context, ada, &whose));
	ck_assert_uint_eq(whose, ada);
	scene->context.actor = NULL;
	assert_err(auth_access_logs(&scene->context, 0, &whose), ERR_DENIED);
}
END_TEST

Suite *suite_auth_access(void)
{
	Suite *suite = suite_create("auth/access");
	TCase *tcase = tcase_create("access");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, nobody_holds_nothing_and_the_sysadmin_all);
	tcase_add_test(tcase, a_user_holds_what_their_roles_hold);
	tcase_add_loop_test(tcase, nobody_acts_on_who_may_more, 0,
	    ARRAY_LEN(acts));
	tcase_add_test(tcase, nobody_grants_what_they_lack);
	tcase_add_test(tcase, ones_own_log_and_with_permission_everybodys);
	suite_add_tcase(suite, tcase);
	return suite;
}
