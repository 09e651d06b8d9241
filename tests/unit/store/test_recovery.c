#include "core/base.h"

#include "fixture.h"
#include "store/recovery.h"
#include "suites.h"

static void add(uint64_t user_id, const char *code)
{
	struct digest digest = fixture_digest(code);

	assert_ok(store_recovery_add(db, user_id, &digest, NOW));
}

static enum err redeem(struct db *at, uint64_t user_id, const char *code)
{
	struct digest digest = fixture_digest(code);

	return store_recovery_redeem(at, user_id, &digest);
}

static uint64_t count(uint64_t user_id)
{
	uint64_t n;

	assert_ok(store_recovery_count(db, arena, user_id, &n));
	return n;
}

START_TEST(redeem_once)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob");

	add(eve, "a");
	add(eve, "b");
	add(bob, "c");
	assert_err(redeem(db, eve, "c"), ERR_NOT_FOUND);
	assert_err(redeem(db, bob, "a"), ERR_NOT_FOUND);
	assert_ok(redeem(db, eve, "a"));
	assert_err(redeem(db, eve, "a"), ERR_NOT_FOUND);
	ck_assert_uint_eq(count(eve), 1);
	ck_assert_uint_eq(count(bob), 1);
}
END_TEST

START_TEST(delete_of_one_user)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob");

	add(eve, "a");
	add(eve, "b");
	add(bob, "c");
	assert_ok(store_recovery_delete_of(db, eve));
	assert_ok(store_recovery_delete_of(db, eve));
	assert_err(redeem(db, eve, "a"), ERR_NOT_FOUND);
	ck_assert_uint_eq(count(eve), 0);
	assert_ok(redeem(db, bob, "c"));
}
END_TEST

static bool redeem_rival(struct db *own, struct arena *memory, size_t number)
{
	(void)memory;
	(void)number;
	return redeem(own, 1, "a") == OK;
}

START_TEST(one_of_many_wins)
{
	ck_assert_uint_eq(fixture_user("eve"), 1);
	add(1, "a");
	ck_assert_uint_eq(fixture_rivals(50, redeem_rival), 1);
}
END_TEST

Suite *suite_store_recovery(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/recovery", &tcase);

	tcase_add_test(tcase, redeem_once);
	tcase_add_test(tcase, delete_of_one_user);
	tcase_add_test(tcase, one_of_many_wins);
	return suite;
}
