#include "core/base.h"

#include "fixture.h"
#include "store/challenge.h"
#include "suites.h"

#define TTL_US (STORE_CHALLENGE_TTL_S * SECOND_US)

static const struct secret_str code = {"code", 4};
static struct store_challenge found;

static uint64_t add(uint64_t user_id, const char *name, int64_t now_us)
{
	struct digest digest = fixture_digest(name);
	uint64_t id;

	assert_ok(store_challenge_add(db, user_id, &digest, now_us, &id));
	return id;
}

static enum err find(const char *name, int64_t now_us)
{
	struct digest digest = fixture_digest(name);

	return store_challenge_get(db, arena, &digest, now_us, &found);
}

START_TEST(lives_for_ten_minutes)
{
	uint64_t eve = fixture_user("eve");
	uint64_t id = add(eve, "a", NOW);

	assert_err(find("b", NOW), ERR_NOT_FOUND);
	assert_ok(find("a", NOW));
	ck_assert_uint_eq(found.id, id);
	ck_assert_uint_eq(found.user_id, eve);
	ck_assert_ptr_null(found.mailed_hash.p);
	assert_ok(find("a", NOW + TTL_US - 1));
	assert_err(find("a", NOW + TTL_US), ERR_NOT_FOUND);
	/* A clock that was set back does not revive it. */
	assert_err(find("a", NOW - 2 * MINUTE_S * SECOND_US), ERR_NOT_FOUND);
}
END_TEST

START_TEST(takes_five_tries)
{
	uint64_t id = add(fixture_user("eve"), "a", NOW);

	for (int i = 0; i < STORE_CHALLENGE_TRIES_MAX; i++)
		assert_ok(store_challenge_try(db, id));
	assert_err(store_challenge_try(db, id), ERR_NOT_FOUND);
	assert_ok(find("a", NOW));
	assert_err(store_challenge_try(db, id + 1), ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_mailed_code_is_its_own)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob");
	uint64_t id = add(eve, "a", NOW);

	add(eve, "b", NOW);
	assert_err(store_challenge_set_mailed(db, id, bob, code, NOW),
	    ERR_NOT_FOUND);
	assert_err(store_challenge_set_mailed(db, id, eve, code, NOW + TTL_US),
	    ERR_NOT_FOUND);
	assert_ok(store_challenge_set_mailed(db, id, eve, code, NOW));
	assert_ok(find("a", NOW));
	ck_assert_uint_eq(found.mailed_hash.len, code.len);
	assert_ok(find("b", NOW));
	ck_assert_ptr_null(found.mailed_hash.p);
}
END_TEST

START_TEST(delete_of_one_user)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob");

	add(eve, "a", NOW);
	add(eve, "b", NOW);
	add(bob, "c", NOW);
	assert_ok(store_challenge_delete_of(db, eve));
	assert_ok(store_challenge_delete_of(db, eve));
	assert_err(find("a", NOW), ERR_NOT_FOUND);
	assert_err(find("b", NOW), ERR_NOT_FOUND);
	assert_ok(find("c", NOW));
}
END_TEST

static bool redeem_rival(struct db *own, struct arena *memory, size_t number)
{
	(void)memory;
	(void)number;
	return store_challenge_redeem(own, 1) == OK;
}

START_TEST(one_of_many_wins)
{
	ck_assert_uint_eq(add(fixture_user("eve"), "a", NOW), 1);
	ck_assert_uint_eq(fixture_rivals(50, redeem_rival), 1);
	assert_err(find("a", NOW), ERR_NOT_FOUND);
}
END_TEST

static bool try_rival(struct db *own, struct arena *memory, size_t number)
{
	(void)memory;
	(void)number;
	return store_challenge_try(own, 1) == OK;
}

START_TEST(five_of_many_may_try)
{
	ck_assert_uint_eq(add(fixture_user("eve"), "a", NOW), 1);
	ck_assert_uint_eq(fixture_rivals(20, try_rival),
	    STORE_CHALLENGE_TRIES_MAX);
}
END_TEST

Suite *suite_store_challenge(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/challenge", &tcase);

	tcase_add_test(tcase, lives_for_ten_minutes);
	tcase_add_test(tcase, takes_five_tries);
	tcase_add_test(tcase, a_mailed_code_is_its_own);
	tcase_add_test(tcase, delete_of_one_user);
	tcase_add_test(tcase, one_of_many_wins);
	tcase_add_test(tcase, five_of_many_may_try);
	return suite;
}
