#include "core/base.h"

#include "fixture.h"
#include "store/token.h"
#include "suites.h"

static enum err redeem(const char *secret, int64_t now_us, uint64_t *ret_id)
{
	struct digest hash = fixture_digest(secret);

	return store_token_redeem(db, arena, TOKEN_VERIFY_EMAIL, &hash, now_us,
	    ret_id);
}

static void put(uint64_t user_id, const char *secret)
{
	struct digest hash = fixture_digest(secret);

	assert_ok(store_token_put(db, user_id, TOKEN_VERIFY_EMAIL, &hash, NOW));
}

START_TEST(redeem_once)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob"), id = 0;

	put(eve, "a");
	put(bob, "b");
	assert_err(redeem("c", NOW, &id), ERR_NOT_FOUND);
	ck_assert_uint_eq(id, 0);
	assert_ok(redeem("b", NOW, &id));
	ck_assert_uint_eq(id, bob);
	assert_err(redeem("b", NOW, &id), ERR_NOT_FOUND);
	assert_ok(redeem("a", NOW, &id));
	ck_assert_uint_eq(id, eve);
}
END_TEST

START_TEST(newer_kills_older)
{
	uint64_t id;

	put(fixture_user("eve"), "old");
	put(fixture_user("bob"), "other");
	test_database_exec(t, "UPDATE users SET verified_at = NULL");
	assert_ok(store_user_mark_verified(db, 1, NOW));
	put(1, "new");
	assert_err(redeem("old", NOW, &id), ERR_NOT_FOUND);
	assert_ok(redeem("new", NOW, &id));
	assert_ok(redeem("other", NOW, &id));
}
END_TEST

START_TEST(expires)
{
	int64_t ttl_us = store_token_ttl_s(TOKEN_VERIFY_EMAIL) * SECOND_US;
	uint64_t eve = fixture_user("eve"), id;

	ck_assert_int_eq(ttl_us, DAY_S * SECOND_US);
	put(eve, "a");
	assert_err(redeem("a", NOW + ttl_us, &id), ERR_NOT_FOUND);
	assert_ok(redeem("a", NOW + ttl_us - 1, &id));
}
END_TEST

/* There is only one purpose yet, so the table gets another. */
START_TEST(bound_to_purpose)
{
	uint64_t id;

	put(fixture_user("eve"), "a");
	test_database_exec(t,
	    "ALTER TABLE tokens MODIFY purpose"
	    " ENUM('verify_email', 'other') NOT NULL");
	test_database_exec(t, "UPDATE tokens SET purpose = 'other'");
	assert_err(redeem("a", NOW, &id), ERR_NOT_FOUND);
	test_database_exec(t, "UPDATE tokens SET purpose = 'verify_email'");
	assert_ok(redeem("a", NOW, &id));
}
END_TEST

START_TEST(nobody)
{
	struct digest hash = fixture_digest("a");

	assert_err(store_token_put(db, 1, TOKEN_VERIFY_EMAIL, &hash, NOW),
	    ERR_NOT_FOUND);
}
END_TEST

static bool redeem_rival(struct db *own, struct arena *memory, size_t number)
{
	struct digest hash = fixture_digest("a");
	uint64_t id;

	(void)number;
	return store_token_redeem(own, memory, TOKEN_VERIFY_EMAIL, &hash, NOW,
		   &id) == OK;
}

START_TEST(one_of_many_wins)
{
	put(fixture_user("eve"), "a");
	ck_assert_uint_eq(fixture_rivals(20, redeem_rival), 1);
}
END_TEST

Suite *suite_store_token(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/token", &tcase);

	tcase_add_test(tcase, redeem_once);
	tcase_add_test(tcase, newer_kills_older);
	tcase_add_test(tcase, expires);
	tcase_add_test(tcase, bound_to_purpose);
	tcase_add_test(tcase, nobody);
	tcase_add_test(tcase, one_of_many_wins);
	return suite;
}
