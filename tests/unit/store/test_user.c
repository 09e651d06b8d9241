#include "core/base.h"

#include "fixture.h"
#include "store/credential.h"
#include "suites.h"

START_TEST(add_and_get)
{
	uint64_t id = fixture_user("Eve_1");
	struct store_user user = {0};

	assert_ok(store_user_get(db, arena, id, &user));
	ck_assert_uint_eq(user.id, id);
	assert_str(user.username, "Eve_1");
	assert_str(user.email, "Eve_1@example.org");
	assert_str(user.first_name, "J\xc3\xb6rg");
	assert_str(user.last_name, "O'Neill");
	ck_assert_int_eq(user.verified_us, NOW - SECOND_US);
	ck_assert_int_eq(user.disabled_us, 0);
	ck_assert_int_eq(user.created_us, NOW - DAY_S * SECOND_US);
	ck_assert(!user.twofa_enabled);
	assert_err(store_user_get(db, arena, id + 1, &user), ERR_NOT_FOUND);
}
END_TEST

START_TEST(for_mail)
{
	uint64_t id = fixture_user("eve");
	struct store_user user;

	assert_ok(store_user_for_mail(db, arena, id, &user));
	ck_assert_uint_eq(user.id, id);
	assert_str(user.username, "eve");
	assert_str(user.email, "eve@example.org");
	assert_str(user.first_name, "J\xc3\xb6rg");
	assert_str(user.last_name, "O'Neill");
	ck_assert_int_eq(user.verified_us, NOW - SECOND_US);
	ck_assert_int_eq(user.disabled_us, 0);
	assert_err(store_user_for_mail(db, arena, id + 1, &user),
	    ERR_NOT_FOUND);
}
END_TEST

/* Whether the pair can be added beside "Eve_1" and "Eve_1@example.org". */
static const struct {
	struct str username, email;
	enum err err;
} pairs[] = {
    {STR("Eve_1"), STR("other@example.org"), ERR_CONFLICT},
    {STR("eVE_1"), STR("other@example.org"), ERR_CONFLICT},
    {STR("other"), STR("Eve_1@example.org"), ERR_CONFLICT},
    {STR("other"), STR("EVE_1@EXAMPLE.ORG"), ERR_CONFLICT},
    {STR("eve_2"), STR("eve_1@example.com"), OK},
};

START_TEST(unique_regardless_of_case)
{
	uint64_t id;

	fixture_user("Eve_1");
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct store_user user = {
		    .username = pairs[i].username,
		    .email = pairs[i].email,
		    .first_name = STR("E"),
		    .last_name = STR("E"),
		    .created_us = NOW,
		};

		ck_assert_msg(store_user_add(db, &user, &id) == pairs[i].err,
		    "row %zu", i);
	}
}
END_TEST

static const struct {
	struct str text;
	bool by_username, by_email, by_login;
} names[] = {
    {STR("Eve_1"), true, false, true},
    {STR("eve_1"), true, false, true},
    {STR("EVE_1@example.org"), false, true, true},
    {STR("Eve_1 "), false, false, false}, /* one more throttle bucket */
    {STR("Eve_1@example.org "), false, false, false},
    {STR("eve"), false, false, false},
    {STR("Eve_1\0"), false, false, false},
    {STR("\xc3\x89ve_1"), false, false, false}, /* E with acute accent */
    {STR("\xff@example.org"), false, false, false},
    {STR("' OR 1 = 1 -- "), false, false, false},
    {STR("%"), false, false, false},
    {STR(""), false, false, false},
};

START_TEST(by_name)
{
	uint64_t id = fixture_user("Eve_1");

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str text = names[i].text;
		struct store_user user = {0};
		struct store_login login = {0};

		ck_assert_msg(store_user_by_username(db, arena, text, &user) ==
			(names[i].by_username ? OK : ERR_NOT_FOUND),
		    "row %zu", i);
		ck_assert_msg(store_user_by_email(db, arena, text, &user) ==
			(names[i].by_email ? OK : ERR_NOT_FOUND),
		    "row %zu", i);
		ck_assert_msg(store_user_for_login(db, arena, text, &login) ==
			(names[i].by_login ? OK : ERR_NOT_FOUND),
		    "row %zu", i);
		ck_assert_uint_eq(login.user.id, names[i].by_login ? id : 0);
	}
}
END_TEST

START_TEST(login_has_hash_and_state)
{
	uint64_t id = fixture_user("eve");
	struct secret_str hash = {"$argon2id$x", 11};
	struct store_login login;

	assert_ok(store_user_for_login(db, arena, STR("eve"), &login));
	ck_assert_ptr_null(login.password_hash.p);
	ck_assert(!login.user.twofa_enabled);

	assert_ok(store_credential_set_password(db, id, hash, NOW));
	test_database_exec(t,
	    "INSERT INTO credentials (user_id, kind, secret, changed_at)"
	    " SELECT id, 'totp', 'x', '2026-01-01'"
	    " FROM users");
	assert_ok(
	    store_user_for_login(db, arena, STR("eve@example.org"), &login));
	ck_assert_uint_eq(login.password_hash.len, hash.len);
	ck_assert_mem_eq(login.password_hash.p, hash.p, hash.len);
	ck_assert(login.user.twofa_enabled);
	assert_str(login.user.username, "eve");
	ck_assert_int_eq(login.user.verified_us, NOW - SECOND_US);

	login = (struct store_login){0};
	assert_ok(store_user_for_login_by_id(db, arena, id, &login));
	ck_assert_uint_eq(login.user.id, id);
	ck_assert_mem_eq(login.password_hash.p, hash.p, hash.len);
	assert_err(store_user_for_login_by_id(db, arena, id + 1, &login),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(lock)
{
	uint64_t id = fixture_user("eve");

	assert_ok(store_user_lock(db, id));
	assert_err(store_user_lock(db, id + 1), ERR_NOT_FOUND);
}
END_TEST

START_TEST(list)
{
	uint64_t ids[] = {fixture_user("ann"), fixture_user("bob"),
	    fixture_user("cid")};
	struct store_user *users;
	size_t n;

	assert_ok(store_user_list(db, arena, 0, 2, &users, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(users[0].id, ids[0]);
	assert_str(users[1].username, "bob");
	assert_ok(store_user_list(db, arena, ids[1], 2, &users, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(users[0].id, ids[2]);
	assert_ok(store_user_list(db, arena, ids[2], 2, &users, &n));
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(state_changes_once)
{
	uint64_t id = fixture_user("eve"), nobody = id + 1;
	struct store_user user;

	test_database_exec(t, "UPDATE users SET verified_at = NULL");
	assert_ok(store_user_mark_verified(db, id, NOW));
	assert_err(store_user_mark_verified(db, id, NOW + 1), ERR_NOT_FOUND);
	assert_err(store_user_mark_verified(db, nobody, NOW), ERR_NOT_FOUND);

	assert_err(store_user_enable(db, id), ERR_NOT_FOUND);
	assert_ok(store_user_disable(db, id, NOW + 2));
	assert_err(store_user_disable(db, id, NOW + 3), ERR_NOT_FOUND);
	assert_err(store_user_disable(db, nobody, NOW), ERR_NOT_FOUND);
	assert_ok(store_user_get(db, arena, id, &user));
	ck_assert_int_eq(user.verified_us, NOW);
	ck_assert_int_eq(user.disabled_us, NOW + 2);

	assert_ok(store_user_enable(db, id));
	assert_err(store_user_enable(db, nobody), ERR_NOT_FOUND);
	assert_ok(store_user_get(db, arena, id, &user));
	ck_assert_int_eq(user.disabled_us, 0);
}
END_TEST

Suite *suite_store_user(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/user", &tcase);

	tcase_add_test(tcase, add_and_get);
	tcase_add_test(tcase, for_mail);
	tcase_add_test(tcase, unique_regardless_of_case);
	tcase_add_test(tcase, by_name);
	tcase_add_test(tcase, login_has_hash_and_state);
	tcase_add_test(tcase, lock);
	tcase_add_test(tcase, list);
	tcase_add_test(tcase, state_changes_once);
	return suite;
}
