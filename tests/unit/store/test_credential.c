#include "core/base.h"

#include "fixture.h"
#include "store/credential.h"
#include "suites.h"

static const struct secret_str first = {"first", 5}, second = {"second", 6},
			       third = {"third", 5};

static void assert_password(const char *want)
{
	struct store_login login;

	assert_ok(store_user_for_login(db, arena, STR("eve"), &login));
	assert_str(((struct str){login.password_hash.p,
		       login.password_hash.len}),
	    want);
}

START_TEST(set_password)
{
	uint64_t id = fixture_user("eve");

	assert_ok(store_credential_set_password(db, id, first, NOW));
	assert_password("first");
	assert_ok(store_credential_set_password(db, id, second, NOW));
	assert_password("second");
	assert_err(store_credential_set_password(db, id + 1, first, NOW),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(rehash_only_what_was_read)
{
	uint64_t id = fixture_user("eve");

	assert_err(store_credential_rehash_password(db, id, first, second, NOW),
	    ERR_NOT_FOUND);
	assert_ok(store_credential_set_password(db, id, first, NOW));
	assert_ok(store_credential_rehash_password(db, id, first, second, NOW));
	assert_password("second");
	assert_err(store_credential_rehash_password(db, id, first, third, NOW),
	    ERR_NOT_FOUND);
	assert_password("second");
}
END_TEST

/* Hashes differ by case, and an ENUM or a collation must not see to it. */
START_TEST(rehash_minds_case)
{
	uint64_t id = fixture_user("eve");
	struct secret_str upper = {"FIRST", 5};

	assert_ok(store_credential_set_password(db, id, first, NOW));
	assert_err(store_credential_rehash_password(db, id, upper, second, NOW),
	    ERR_NOT_FOUND);
}
END_TEST

Suite *suite_store_credential(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/credential", &tcase);

	tcase_add_test(tcase, set_password);
	tcase_add_test(tcase, rehash_only_what_was_read);
	tcase_add_test(tcase, rehash_minds_case);
	return suite;
}
