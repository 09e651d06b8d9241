#include "core/base.h"

#include "fixture.h"
#include "store/token.h"
#include "suites.h"

/* Whose it is; of what it says besides, the tests below look. */
static enum err redeem(const char *secret, int64_t now_us, uint64_t *ret_id)
{
	struct digest hash = fixture_digest(secret);
	struct store_token token;
	enum err err = store_token_redeem(db, arena, TOKEN_VERIFY_EMAIL, &hash,
	    now_us, &token);

	if (err == OK)
		*ret_id = token.user_id;
	return err;
}

static enum err put_for(uint64_t user_id, enum token_purpose purpose,
    const char *email, const char *secret)
{
	struct digest hash = fixture_digest(secret);

	return store_token_put(db, user_id, purpose, str_of(email), &hash, NOW);
}

static void put(uint64_t user_id, const char *secret)
{
	assert_ok(
	    put_for(user_id, TOKEN_VERIFY_EMAIL, "eve@example.org", secret));
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

/* Each with its own, and none with another's. */
START_TEST(bound_to_purpose)
{
	struct digest hash = fixture_digest("a");
	enum token_purpose purpose = (enum token_purpose)_i;
	struct store_token token;

	assert_ok(
	    put_for(fixture_user("eve"), purpose, "eve@example.org", "a"));
	for (enum token_purpose p = 1; p < TOKEN_N_PURPOSES; p++) {
		enum err wanted = p == purpose ? OK : ERR_NOT_FOUND;

		assert_err(store_token_find(db, arena, p, &hash, NOW, &token),
		    wanted);
	}
	for (enum token_purpose p = 1; p < TOKEN_N_PURPOSES; p++)
		if (p != purpose)
			assert_err(store_token_redeem(db, arena, p, &hash, NOW,
				       &token),
			    ERR_NOT_FOUND);
	assert_ok(store_token_redeem(db, arena, purpose, &hash, NOW, &token));
}
END_TEST

/* One for each address that a user had, and each knows its own. */
START_TEST(bound_to_address)
{
	struct digest hash = fixture_digest("a");
	uint64_t eve = fixture_user("eve");
	struct store_token token;

	assert_ok(put_for(eve, TOKEN_UNDO_EMAIL, "old@example.org", "a"));
	assert_ok(put_for(eve, TOKEN_UNDO_EMAIL, "older@example.org", "b"));
	assert_ok(store_token_redeem(db, arena, TOKEN_UNDO_EMAIL, &hash, NOW,
	    &token));
	ck_assert_uint_eq(token.user_id, eve);
	assert_str(token.email, "old@example.org");
	assert_ok(put_for(eve, TOKEN_UNDO_EMAIL, "OLDER@example.org", "c"));
	hash = fixture_digest("b");
	assert_err(store_token_find(db, arena, TOKEN_UNDO_EMAIL, &hash, NOW,
		       &token),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(nobody)
{
	assert_err(put_for(1, TOKEN_VERIFY_EMAIL, "eve@example.org", "a"),
	    ERR_NOT_FOUND);
}
END_TEST

static bool redeem_rival(struct db *own, struct arena *memory, size_t number)
{
	struct digest hash = fixture_digest("a");
	struct store_token token;

	(void)number;
	return store_token_redeem(own, memory, TOKEN_VERIFY_EMAIL, &hash, NOW,
		   &token) == OK;
}

START_TEST(one_of_many_wins)
{
	put(fixture_user("eve"), "a");
	ck_assert_uint_eq(fixture_rivals(50, redeem_rival), 1);
}
END_TEST

Suite *suite_store_token(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/token", &tcase);

	tcase_add_test(tcase, redeem_once);
	tcase_add_test(tcase, newer_kills_older);
	tcase_add_test(tcase, expires);
	tcase_add_loop_test(tcase, bound_to_purpose, 1, TOKEN_N_PURPOSES);
	tcase_add_test(tcase, bound_to_address);
	tcase_add_test(tcase, nobody);
	tcase_add_test(tcase, one_of_many_wins);
	return suite;
}
