#include "core/base.h"

#include "core/buf.h"
#include "fixture.h"
#include "store/role.h"
#include "store/user_list.h"
#include "suites.h"

static struct buf names;

/* Ids in this order: neither the names' nor the addresses'. */
static void fill(void)
{
	fixture_user("mona");
	fixture_user("ada_l");
	fixture_user("zoe");
	fixture_user("adam");
	fixture_user("bob");
	test_database_exec(t,
	    "UPDATE users SET email = 'aaa@example.org'"
	    " WHERE username = 'zoe'");
	buf_init(&names, 500);
}

static const char *search(const struct store_user_filter *filter,
    uint64_t offset, size_t max)
{
	struct store_listed_user *list;
	size_t n;

	assert_ok(store_user_search(db, arena, filter, offset, max, &list, &n));
	buf_reset(&names);
	for (size_t i = 0; i < n; i++) {
		buf_puts(&names, i == 0 ? "" : " ");
		buf_put(&names, list[i].user.username);
	}
	return n == 0 ? "" : names.p;
}

static const struct {
	const char *prefix;
	enum store_user_order order;
	uint64_t after_id;
	const char *names;
	uint64_t n;
} rows[] = {
    {"", STORE_USER_BY_ID, 0, "mona ada_l zoe adam bob", 5},
    {"", STORE_USER_BY_ID, 3, "adam bob", 5},
    {"", STORE_USER_BY_ID_DOWN, 0, "bob adam zoe ada_l mona", 5},
    {"", STORE_USER_BY_ID_DOWN, 3, "ada_l mona", 5},
    /* Letters are compared as capitals, and '_' comes after those. */
    {"", STORE_USER_BY_USERNAME, 4, "ada_l bob mona zoe", 5},
    {"", STORE_USER_BY_USERNAME_DOWN, 5, "ada_l adam", 5},
    {"", STORE_USER_BY_EMAIL, 0, "zoe adam ada_l bob mona", 5},
    {"", STORE_USER_BY_EMAIL_DOWN, 3, "", 5},
    {"AD", STORE_USER_BY_ID, 0, "ada_l adam", 2},
    {"ad", STORE_USER_BY_ID, 2, "adam", 2},
    {"ada_", STORE_USER_BY_ID, 0, "ada_l", 1},
    {"aaa@", STORE_USER_BY_ID, 0, "zoe", 1},
    {"a", STORE_USER_BY_EMAIL, 0, "zoe adam ada_l", 3},
    {"%", STORE_USER_BY_ID, 0, "", 0},
    {"oe", STORE_USER_BY_ID, 0, "", 0},
    {"z\xc3\xb6", STORE_USER_BY_ID, 0, "", 0},
    {"' OR 1=1 --", STORE_USER_BY_ID, 0, "", 0},
    {"", STORE_USER_BY_ID, 99, "", 5},
};

START_TEST(found_in_order)
{
	const struct store_user_filter filter = {str_of(rows[_i].prefix),
	    rows[_i].order, rows[_i].after_id};
	uint64_t n;

	fill();
	ck_assert_str_eq(search(&filter, 0, 10), rows[_i].names);
	assert_ok(store_user_count(db, arena, filter.prefix, 10, &n));
	ck_assert_uint_eq(n, rows[_i].n);
	buf_done(&names);
}
END_TEST

START_TEST(pages_and_counts_are_bounded)
{
	const struct store_user_filter all = {.order = STORE_USER_BY_ID};
	uint64_t n;

	fill();
	ck_assert_str_eq(search(&all, 1, 2), "ada_l zoe");
	ck_assert_str_eq(search(&all, 4, 2), "bob");
	assert_ok(store_user_count(db, arena, STR(""), 3, &n));
	ck_assert_uint_eq(n, 3);
	assert_ok(store_user_count(db, arena, STR("ad"), 1, &n));
	ck_assert_uint_eq(n, 1);
	buf_done(&names);
}
END_TEST

START_TEST(roles_come_along)
{
	const struct store_user_filter all = {.order = STORE_USER_BY_ID};
	struct store_listed_user *list;
	uint64_t id = fixture_user("eve");
	size_t n;

	assert_ok(store_role_grant(db, id, STR("User")));
	assert_ok(store_role_grant(db, id, STR("Admin")));
	assert_ok(store_user_search(db, arena, &all, 0, 10, &list, &n));
	ck_assert_uint_eq(n, 1);
	assert_str(list[0].roles, "Admin\nUser");
	assert_str(list[0].user.email, "eve@example.org");
}
END_TEST

Suite *suite_store_user_list(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/user_list", &tcase);

	tcase_add_loop_test(tcase, found_in_order, 0, ARRAY_LEN(rows));
	tcase_add_test(tcase, pages_and_counts_are_bounded);
	tcase_add_test(tcase, roles_come_along);
	return suite;
}
