/* What administrators do to users. */
#include "core/base.h"

#include "api.h"

/* A new user with that role besides the default one, logged in. */
static struct client *client_with(const char *role, struct account *ret)
{
	*ret = account_new();
	database_run("INSERT INTO user_roles (user_id, role_id) "
		     "SELECT %llu, id FROM roles WHERE name = '%s'",
	    account_id(ret), role);
	return account_login(ret);
}

static const struct response *act(struct client *c, const struct account *a,
    const char *action)
{
	return SEND(c, .method = "POST",
	    .path = text("/admin/users/%llu/%s", account_id(a), action),
	    .body = "{}");
}

static const struct response *on_role(struct client *c, const char *path,
    const struct account *a, const char *role)
{
	return post(c, path,
	    text("{\"user_id\":%llu,\"role_id\":\"%lld\"}", account_id(a),
		database_number("SELECT id FROM roles WHERE name = '%s'",
		    role)));
}

START_TEST(a_role_is_in_force_on_the_next_request)
{
	struct account boss, a = account_new();
	struct client *c = client_with("Admin", &boss);
	struct client *theirs = account_login(&a);

	expect_error(get(theirs, "/admin/roles"), 403, "forbidden");
	expect_success(on_role(c, "/assign_role_to_user", &a, "Admin"), 200,
	    "Role assigned to user");
	expect_success(get(theirs, "/admin/roles"), 200, NULL);
	expect_error(on_role(c, "/assign_role_to_user", &a, "Admin"), 409,
	    "conflict");
	expect_success(on_role(c, "/admin/remove_role_from_user", &a, "Admin"),
	    200, NULL);
	expect_error(get(theirs, "/admin/roles"), 403, "forbidden");
	expect_error(on_role(c, "/admin/remove_role_from_user", &a, "Admin"),
	    404, "not_found");
}
END_TEST

START_TEST(nobody_grants_what_they_lack)
{
	struct account boss, a = account_new();
	struct client *c = client_with("Admin", &boss);

	expect_error(on_role(c, "/assign_role_to_user", &a, "Super Admin"), 403,
	    "forbidden");
	expect_error(on_role(c, "/assign_role_to_user", &boss, "Super Admin"),
	    403, "forbidden");
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM audit_log WHERE "
					 "event = 'access_denied' AND "
					 "actor_id = %llu",
			     account_id(&boss)),
	    2);
}
END_TEST

static const char *const actions[] = {"disable", "enable", "mark_verified",
    "send_password_reset", "reset_twofa", "revoke_sessions"};

START_TEST(nobody_acts_on_who_may_more)
{
	struct account boss, chief;
	struct client *c = client_with("Admin", &boss);
	struct client *theirs = client_with("Super Admin", &chief);

	expect_error(act(c, &chief, actions[_i]), 403, "forbidden");
	expect_success(get(theirs, "/current_user_details"), 200, NULL);
	expect_error(SEND(c, .method = "POST",
			 .path = text("/admin/users/999999999/%s", actions[_i]),
			 .body = "{}"),
	    404, "not_found");
}
END_TEST

START_TEST(a_disabled_user_is_out_at_once_and_in_again)
{
	struct account boss, a = account_new();
	struct client *c = client_with("Admin", &boss);
	struct client *theirs = account_login(&a);
	const char *body = account_login_body(a.username, a.password);

	expect_success(act(c, &a, "disable"), 200, NULL);
	expect_error(get(theirs, "/current_user_details"), 401,
	    "not_authenticated");
	expect_error(post(theirs, "/login", body), 403, "account_disabled");
	expect_error(act(c, &a, "disable"), 409, "conflict");
	expect_success(act(c, &a, "enable"), 200, NULL);
	expect_success(post(theirs, "/login", body), 200, NULL);
	expect_success(act(c, &a, "revoke_sessions"), 200, NULL);
	expect_error(get(theirs, "/current_user_details"), 401,
	    "not_authenticated");
}
END_TEST

START_TEST(an_address_is_taken_as_confirmed)
{
	struct account boss, a = account_invent();
	struct client *c = client_with("Admin", &boss);

	account_sign_up(&a);
	expect_success(act(c, &a, "mark_verified"), 200, NULL);
	expect_error(act(c, &a, "mark_verified"), 409, "conflict");
	(void)account_login(&a);
}
END_TEST

START_TEST(access_says_through_which_role)
{
	struct account boss;
	struct client *c = client_with("Admin", &boss);
	const struct response *res = get(c,
	    text("/admin/users/%llu/access", account_id(&boss)));
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(res->json,
	    "access");

	expect_success(res, 200, NULL);
	/* Seven of Admin, and view_dashboard once more through User. */
	ck_assert_int_eq(cJSON_GetArraySize(list), 8);
	expect_members(res, cJSON_GetArrayItem(list, 0), "permission", "role");
	expect_error(get(c, "/admin/users/999999999/access"), 404, "not_found");
}
END_TEST

static const cJSON *users_of(const struct response *res)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(res->json,
	    "users");

	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message", "users", "total",
	    "next_cursor");
	return list;
}

START_TEST(users_are_found_by_what_they_begin_with)
{
	struct account boss, a = account_new();
	struct client *c = client_with("Admin", &boss);
	const struct response *res = get(c,
	    text("/admin/users/details?q=%s", a.username));
	const cJSON *list = users_of(res);

	ck_assert_int_eq(cJSON_GetArraySize(list), 1);
	expect_members(res, cJSON_GetArrayItem(list, 0), "id", "first_name",
	    "last_name", "username", "email", "verified", "disabled",
	    "twofa_enabled", "roles", "created_at");
	list = users_of(get(c, text("/users/details?q=%s", a.email)));
	ck_assert_int_eq(cJSON_GetArraySize(list), 1);
	list = users_of(get(c, "/admin/users/details?q=%25"));
	ck_assert_int_eq(cJSON_GetArraySize(list), 0);
}
END_TEST

static const char *const sorts[] = {"id", "-id", "username", "-username",
    "email", "-email", "created_at", "-created_at"};

START_TEST(a_page_and_its_cursor_are_what_two_pages_are)
{
	struct account boss;
	struct client *c = client_with("Admin", &boss);
	const char *path = text("/admin/users/details?sort=%s&per_page=1",
	    sorts[_i]);
	const struct response *first, *second, *numbered;

	(void)account_new();
	first = get(c, path);
	second = get(c,
	    text("%s&cursor=%s", path, response_text(first, "next_cursor")));
	numbered = get(c, text("%s&page=2", path));
	ck_assert_int_eq(cJSON_GetArraySize(users_of(first)), 1);
	ck_assert(!cJSON_Compare(users_of(first), users_of(second), 1));
	ck_assert(cJSON_Compare(users_of(second), users_of(numbered), 1));
}
END_TEST

static const struct {
	const char *query;
	const char *field;
} bad_lists[] = {
    {"sort=password", "sort"},
    {"sort=id;DROP", "sort"},
    {"page=0", "page"},
    {"per_page=101", "per_page"},
    {"cursor=1", "cursor"},
};

START_TEST(list_queries_are_checked)
{
	struct account boss;
	struct client *c = client_with("Admin", &boss);

	expect_bad_field(get(c,
			     text("/admin/users/details?%s",
				 bad_lists[_i].query)),
	    bad_lists[_i].field);
}
END_TEST

START_TEST(the_old_client_gets_all_in_message)
{
	struct account boss;
	struct client *c = client_with("Admin", &boss);
	const struct response *res = get(c, "/all_user_profiles");
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(res->json,
	    "message");

	EXPECT(res->status == 200 && cJSON_GetArraySize(list) >= 2, res,
	    "wanted users");
	expect_members(res, res->json, "success", "message", "next_cursor");
}
END_TEST

void add_users(TCase *tc)
{
	tcase_add_test(tc, a_role_is_in_force_on_the_next_request);
	tcase_add_test(tc, nobody_grants_what_they_lack);
	tcase_add_loop_test(tc, nobody_acts_on_who_may_more, 0,
	    ARRAY_LEN(actions));
	tcase_add_test(tc, a_disabled_user_is_out_at_once_and_in_again);
	tcase_add_test(tc, an_address_is_taken_as_confirmed);
	tcase_add_test(tc, access_says_through_which_role);
	tcase_add_test(tc, users_are_found_by_what_they_begin_with);
	tcase_add_loop_test(tc, a_page_and_its_cursor_are_what_two_pages_are, 0,
	    ARRAY_LEN(sorts));
	tcase_add_loop_test(tc, list_queries_are_checked, 0,
	    ARRAY_LEN(bad_lists));
	tcase_add_test(tc, the_old_client_gets_all_in_message);
}
