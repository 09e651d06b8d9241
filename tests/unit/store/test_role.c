#include "core/base.h"

#include "fixture.h"
#include "store/role.h"
#include "suites.h"

START_TEST(grant_and_revoke)
{
	uint64_t id = fixture_user("eve");
	struct str names;

	assert_ok(store_role_names_of(db, arena, id, &names));
	assert_str(names, "");
	assert_ok(store_role_grant(db, id, STORE_ROLE_DEFAULT));
	assert_err(store_role_grant(db, id, STORE_ROLE_DEFAULT), ERR_CONFLICT);
	assert_err(store_role_grant(db, id, STR("Nobody")), ERR_NOT_FOUND);
	assert_err(store_role_grant(db, id + 1, STR("User")), ERR_NOT_FOUND);
	assert_ok(store_role_grant(db, id, STR("Admin")));
	assert_ok(store_role_names_of(db, arena, id, &names));
	assert_str(names, "Admin\nUser");

	assert_ok(store_role_revoke(db, id, STR("User")));
	assert_err(store_role_revoke(db, id, STR("User")), ERR_NOT_FOUND);
	assert_err(store_role_revoke(db, id, STR("Nobody")), ERR_NOT_FOUND);
	assert_ok(store_role_names_of(db, arena, id, &names));
	assert_str(names, "Admin");
}
END_TEST

static uint64_t holders(const char *permission)
{
	uint64_t n;

	assert_ok(store_role_count_holders(db, arena, str_of(permission), &n));
	return n;
}

START_TEST(count_holders)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob");

	ck_assert_uint_eq(holders("manage_admin"), 0);
	ck_assert_uint_eq(holders("no_such_permission"), 0);
	assert_ok(store_role_grant(db, eve, STR("Super Admin")));
	assert_ok(store_role_grant(db, eve, STR("Admin")));
	assert_ok(store_role_grant(db, bob, STR("Super Admin")));
	ck_assert_uint_eq(holders("manage_admin"), 2);
	ck_assert_uint_eq(holders("edit"), 2); /* eve by two roles */
	assert_ok(store_user_disable(db, bob, NOW));
	ck_assert_uint_eq(holders("manage_admin"), 1);
}
END_TEST

/* As seed, user 1 … 4 are the only ones. */
#define N_ADMINS 4

static enum err give_up(struct db *own, void *arg)
{
	const size_t *number = arg;
	struct arena *memory = arena_new(4096);
	uint64_t id = *number + 1, n = 0;
	enum err err = *number % 2 == 0
	    ? store_role_revoke(own, id, STR("Super Admin"))
	    : store_user_disable(own, id, NOW);

	if (err == OK)
		err = store_role_count_holders(own, memory, STR("manage_admin"),
		    &n);
	arena_free(&memory);
	return err == OK && n == 0 ? ERR_DENIED : err;
}

static bool give_up_rival(struct db *own, struct arena *memory, size_t number)
{
	(void)memory;
	return db_conn_transact(own, give_up, &number) == OK;
}

START_TEST(last_one_stays)
{
	static const char *const names[N_ADMINS] = {"ann", "bob", "cid", "dan"};

	for (size_t i = 0; i < N_ADMINS; i++) {
		uint64_t id = fixture_user(names[i]);

		ck_assert_uint_eq(id, i + 1);
		assert_ok(store_role_grant(db, id, STR("Super Admin")));
	}
	ck_assert_uint_eq(fixture_rivals(N_ADMINS, give_up_rival),
	    N_ADMINS - 1);
	ck_assert_uint_eq(holders("manage_admin"), 1);
}
END_TEST

Suite *suite_store_role(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/role", &tcase);

	tcase_add_test(tcase, grant_and_revoke);
	tcase_add_test(tcase, count_holders);
	tcase_add_loop_test(tcase, last_one_stays, 0, 3);
	return suite;
}
