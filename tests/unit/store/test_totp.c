#include "core/base.h"

#include "fixture.h"
#include "store/credential.h"
#include "store/totp.h"
#include "suites.h"

static const struct secret_str first = {"first", 5}, second = {"second", 6};

static void assert_sealed(const struct store_totp *totp, const char *want)
{
	assert_str(((struct str){totp->sealed.p, totp->sealed.len}), want);
}

static bool is_enabled(uint64_t id)
{
	struct store_user user;

	assert_ok(store_user_get(db, arena, id, &user));
	return user.twofa_enabled;
}

/* A user with `first` in use, a code of step 100 accepted. */
static uint64_t enrolled(const char *name)
{
	uint64_t id = fixture_user(name);

	assert_ok(store_totp_put_pending(db, id, first, NOW));
	assert_ok(store_totp_confirm(db, id, first, 100, NOW));
	return id;
}

START_TEST(pending_is_not_in_use)
{
	uint64_t id = fixture_user("eve");
	struct store_totp totp;

	assert_err(store_totp_get_pending(db, arena, id, &totp), ERR_NOT_FOUND);
	assert_ok(store_totp_put_pending(db, id, first, NOW));
	assert_ok(store_totp_put_pending(db, id, second, NOW));
	assert_ok(store_totp_get_pending(db, arena, id, &totp));
	ck_assert_uint_eq(totp.user_id, id);
	assert_sealed(&totp, "second");
	ck_assert(!is_enabled(id));
	assert_err(store_totp_get(db, arena, id, &totp), ERR_NOT_FOUND);
	assert_err(store_totp_accept(db, id, second, 1), ERR_NOT_FOUND);
	assert_err(store_totp_delete(db, id), ERR_NOT_FOUND);
}
END_TEST

START_TEST(confirm_what_was_seen)
{
	uint64_t id = fixture_user("eve");
	struct store_totp totp;

	assert_err(store_totp_confirm(db, id, first, 1, NOW), ERR_NOT_FOUND);
	assert_ok(store_totp_put_pending(db, id, first, NOW));
	assert_ok(store_totp_put_pending(db, id, second, NOW));
	assert_err(store_totp_confirm(db, id, first, 1, NOW), ERR_NOT_FOUND);
	assert_ok(store_totp_confirm(db, id, second, 7, NOW));
	ck_assert(is_enabled(id));
	assert_ok(store_totp_get(db, arena, id, &totp));
	assert_sealed(&totp, "second");
	ck_assert_uint_eq(totp.last_step, 7);
	assert_err(store_totp_get_pending(db, arena, id, &totp), ERR_NOT_FOUND);
	assert_ok(store_totp_put_pending(db, id, first, NOW));
	assert_err(store_totp_confirm(db, id, first, 8, NOW), ERR_CONFLICT);
}
END_TEST

START_TEST(steps_only_rise)
{
	uint64_t id = enrolled("eve"), bob = enrolled("bob");

	assert_err(store_totp_accept(db, id, first, 100), ERR_NOT_FOUND);
	assert_err(store_totp_accept(db, id, first, 99), ERR_NOT_FOUND);
	assert_err(store_totp_accept(db, id, second, 101), ERR_NOT_FOUND);
	assert_ok(store_totp_accept(db, id, first, 101));
	assert_err(store_totp_accept(db, id, first, 101), ERR_NOT_FOUND);
	assert_ok(store_totp_accept(db, id, first, 103));
	assert_err(store_totp_accept(db, id, first, 102), ERR_NOT_FOUND);
	assert_ok(store_totp_accept(db, bob, first, 101));
}
END_TEST

START_TEST(delete_leaves_the_password)
{
	uint64_t id = enrolled("eve");
	struct store_login login;

	assert_ok(store_credential_set_password(db, id, second, NOW));
	assert_ok(store_totp_delete(db, id));
	assert_err(store_totp_delete(db, id), ERR_NOT_FOUND);
	ck_assert(!is_enabled(id));
	assert_ok(store_user_for_login_by_id(db, arena, id, &login));
	ck_assert_uint_eq(login.password_hash.len, second.len);
}
END_TEST

START_TEST(list_and_reseal)
{
	uint64_t eve = enrolled("eve"), bob = fixture_user("bob");
	struct store_totp *list;
	size_t n;

	fixture_user("none");
	assert_ok(store_credential_set_password(db, bob, second, NOW));
	assert_ok(store_totp_put_pending(db, bob, first, NOW));
	assert_ok(store_totp_list(db, arena, 0, 10, &list, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(list[0].user_id, eve);
	ck_assert_uint_eq(list[1].user_id, bob);
	assert_ok(store_totp_list(db, arena, eve, 10, &list, &n));
	ck_assert_uint_eq(n, 1);
	assert_err(store_totp_reseal(db, bob, second, first), ERR_NOT_FOUND);
	assert_ok(store_totp_reseal(db, bob, first, second));
	assert_ok(store_totp_list(db, arena, eve, 10, &list, &n));
	assert_sealed(&list[0], "second");
	assert_ok(store_totp_reseal(db, eve, first, second));
	assert_ok(store_totp_accept(db, eve, second, 101));
}
END_TEST

static bool accept_rival(struct db *own, struct arena *memory, size_t number)
{
	(void)memory;
	(void)number;
	return store_totp_accept(own, 1, first, 101) == OK;
}

START_TEST(one_of_many_wins)
{
	ck_assert_uint_eq(enrolled("eve"), 1);
	ck_assert_uint_eq(fixture_rivals(50, accept_rival), 1);
}
END_TEST

Suite *suite_store_totp(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/totp", &tcase);

	tcase_add_test(tcase, pending_is_not_in_use);
	tcase_add_test(tcase, confirm_what_was_seen);
	tcase_add_test(tcase, steps_only_rise);
	tcase_add_test(tcase, delete_leaves_the_password);
	tcase_add_test(tcase, list_and_reseal);
	tcase_add_test(tcase, one_of_many_wins);
	return suite;
}
