/* Roles and permissions as an administrator edits them. */
#include "core/base.h"

#include "api.h"

static struct client *admin(void)
{
	const struct account a = {
	    .username = environment("T2O_ADMIN_USERNAME"),
	    .password = environment("T2O_ADMIN_PASSWORD"),
	};

	return account_login(&a);
}

/* Names that no other test has. */
static const char *fresh(const char *prefix)
{
	return text("%s %s", prefix, account_invent().username);
}

static unsigned long long id_of(const struct response *res)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(res->json, "id");

	EXPECT(cJSON_IsNumber(id), res, "no id");
	return (unsigned long long)id->valuedouble;
}

static const struct response *delete (struct client *c, const char *path,
    const char *member, unsigned long long id)
{
	return SEND(c, .method = "DELETE", .path = path,
	    .body = text("{\"%s\":%llu}", member, id));
}

/* The object in an array of the answer whose name is that, or NULL. */
static const cJSON *named(const struct response *res, const char *array,
    const char *name)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(res->json, array);
	const cJSON *item;

	cJSON_ArrayForEach (item, list) {
		const cJSON *n = cJSON_GetObjectItemCaseSensitive(item, "name");

		if (cJSON_IsString(n) && strcmp(n->valuestring, name) == 0)
			return item;
	}
	return NULL;
}

static bool holds(const struct response *res, const char *role,
    const char *permission)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(named(res, "roles",
								 role),
	    "permissions");
	const cJSON *item;

	cJSON_ArrayForEach (item, list)
		if (strcmp(item->valuestring, permission) == 0)
			return true;
	return false;
}

START_TEST(first_installation_has_four_roles)
{
	struct client *c = admin();
	const struct response *res = get(c, "/admin/roles");
	const cJSON *user = named(res, "roles", "User");

	expect_success(res, 200, NULL);
	expect_members(res, user, "id", "name", "permissions");
	ck_assert(holds(res, "User", "view_dashboard"));
	ck_assert(holds(res, "Moderator", "edit"));
	ck_assert(holds(res, "Admin", "access_logs"));
	ck_assert(!holds(res, "Admin", "manage_admin"));
	ck_assert(holds(res, "Super Admin", "manage_admin"));
	res = get(c, "/admin/permissions");
	expect_success(res, 200, NULL);
	expect_members(res, named(res, "permissions", "edit"), "id", "name");
}
END_TEST

START_TEST(a_role_is_made_filled_emptied_and_deleted)
{
	struct client *c = admin();
	const char *role = fresh("Role");
	const char *pair = J("{'role_name':'%s','permission_name':'edit'}",
	    role);
	const struct response *res = post(c, "/admin/create_role",
	    J("{'name':'%s'}", role));
	unsigned long long id = id_of(res);

	expect_success(res, 201, "New role created");
	expect_error(post(c, "/admin/create_role", J("{'name':'%s'}", role)),
	    409, "conflict");
	expect_success(post(c, "/admin/assign_permission_to_role", pair), 200,
	    "Permission assigned to role");
	ck_assert(holds(get(c, "/admin/roles"), role, "edit"));
	expect_error(post(c, "/admin/assign_permission_to_role", pair), 409,
	    "conflict");
	expect_success(post(c, "/admin/remove_permission_from_role", pair), 200,
	    NULL);
	expect_error(post(c, "/admin/remove_permission_from_role", pair), 404,
	    "not_found");
	expect_success(delete (c, "/admin/delete_role", "role_id", id), 200,
	    "Role deleted successfully");
	expect_error(delete (c, "/admin/delete_role", "role_id", id), 404,
	    "not_found");
}
END_TEST

START_TEST(a_permission_is_the_super_admins_at_once)
{
	struct client *c = admin();
	const char *name = fresh("permission");
	const struct response *res = post(c, "/admin/create_permission",
	    J("{'name':'%s'}", name));
	unsigned long long id = id_of(res);

	expect_success(res, 201,
	    text("Permission \"%s\" created successfully", name));
	ck_assert(holds(get(c, "/admin/roles"), "Super Admin", name));
	expect_error(post(c, "/admin/create_permission",
			 J("{'name':'%s'}", name)),
	    409, "conflict");
	expect_success(delete (c, "/admin/delete_permission", "permission_id",
			   id),
	    200, "Permission deleted successfully");
	expect_error(delete (c, "/admin/delete_permission", "permission_id",
			 id),
	    404, "not_found");
}
END_TEST

static const char *const bad_names[] = {"", " ", "a\\nb", "\\u202ex",
    "012345678901234567890123456789012345678901234567890"};

START_TEST(names_are_bounded)
{
	struct client *c = admin();
	const char *body = text("{\"name\":\"%s\"}", bad_names[_i]);

	expect_bad_field(post(c, "/admin/create_role", body), "name");
	expect_bad_field(post(c, "/admin/create_permission", body), "name");
}
END_TEST

START_TEST(the_default_role_and_the_last_administrator_stay)
{
	struct client *c = admin();
	unsigned long long user = (unsigned long long)database_number(
	    "SELECT id FROM roles WHERE name = 'User'");

	expect_error(delete (c, "/admin/delete_role", "role_id", user), 409,
	    "conflict");
	expect_error(post(c, "/admin/remove_permission_from_role",
			 J("{'role_name':'Super Admin',"
			   "'permission_name':'manage_admin'}")),
	    403, "forbidden");
}
END_TEST

#define RIVALS 20

START_TEST(of_many_who_make_one_role_one_does)
{
	const char *body = J("{'name':'%s'}", fresh("Race"));
	struct client *list[RIVALS];
	const struct response *res[RIVALS];
	size_t n_made = 0;

	/* One session, so that one CSRF token is everybody's. */
	list[0] = admin();
	for (size_t i = 1; i < RIVALS; i++) {
		list[i] = client_new();
		client_set_cookie(list[i], SESSION_COOKIE,
		    client_cookie(list[0], SESSION_COOKIE));
	}
	client_send_together(list, RIVALS,
	    &(struct request){.path = "/admin/create_role",
		.body = body,
		.csrf = client_csrf(list[0])},
	    res);
	for (size_t i = 0; i < RIVALS; i++) {
		if (res[i]->status == 201)
			n_made++;
		else
			expect_error(res[i], 409, "conflict");
	}
	ck_assert_uint_eq(n_made, 1);
}
END_TEST

static const char *const aliases[] = {"/roles", "/permissions"};

START_TEST(the_old_client_asks_without_admin)
{
	expect_success(get(admin(), aliases[_i]), 200, NULL);
}
END_TEST

void add_roles(TCase *tc)
{
	tcase_add_test(tc, first_installation_has_four_roles);
	tcase_add_test(tc, a_role_is_made_filled_emptied_and_deleted);
	tcase_add_test(tc, a_permission_is_the_super_admins_at_once);
	tcase_add_loop_test(tc, names_are_bounded, 0, ARRAY_LEN(bad_names));
	tcase_add_test(tc, the_default_role_and_the_last_administrator_stay);
	tcase_add_test(tc, of_many_who_make_one_role_one_does);
	tcase_add_loop_test(tc, the_old_client_asks_without_admin, 0,
	    ARRAY_LEN(aliases));
}
