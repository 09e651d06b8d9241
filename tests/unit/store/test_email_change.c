#include "core/base.h"

#include "fixture.h"
#include "store/email_change.h"
#include "suites.h"

static struct store_email_change *list;
static size_t n;

static void ask(uint64_t user_id, const char *old, const char *new,
    int64_t now_us)
{
	assert_ok(store_email_change_ask(db, user_id, str_of(old), str_of(new),
	    now_us));
}

static void read_list(uint64_t user_id)
{
	assert_ok(store_email_change_list(db, arena, user_id, 10, &list, &n));
}

START_TEST(one_is_pending)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob");

	ask(eve, "a@example.org", "b@example.org", NOW);
	ask(eve, "A@example.org", "c@example.org", NOW + 1);
	read_list(eve);
	ck_assert_uint_eq(n, 1);
	assert_str(list[0].new_email, "c@example.org");
	ck_assert_int_eq(list[0].asked_us, NOW + 1);
	ck_assert_int_eq(list[0].confirmed_us, 0);
	assert_err(store_email_change_confirm(db, eve, STR("b@example.org"),
		       NOW),
	    ERR_NOT_FOUND);
	assert_err(store_email_change_confirm(db, bob, STR("c@example.org"),
		       NOW),
	    ERR_NOT_FOUND);
	assert_ok(
	    store_email_change_confirm(db, eve, STR("c@example.org"), NOW + 2));
	assert_err(store_email_change_confirm(db, eve, STR("c@example.org"),
		       NOW + 2),
	    ERR_NOT_FOUND);
	read_list(eve);
	ck_assert_int_eq(list[0].confirmed_us, NOW + 2);
}
END_TEST

START_TEST(undone_with_what_came_after)
{
	uint64_t eve = fixture_user("eve");

	ask(eve, "a@example.org", "b@example.org", NOW);
	ask(eve, "b@example.org", "c@example.org", NOW + 1);
	ask(eve, "c@example.org", "d@example.org", NOW + 2);
	assert_ok(
	    store_email_change_undo(db, arena, eve, STR("b@example.org")));
	read_list(eve);
	ck_assert_uint_eq(n, 1);
	assert_str(list[0].old_email, "a@example.org");
	assert_err(store_email_change_undo(db, arena, eve,
		       STR("c@example.org")),
	    ERR_NOT_FOUND);
	assert_ok(
	    store_email_change_undo(db, arena, eve, STR("a@example.org")));
}
END_TEST

START_TEST(held_for_three_days)
{
	uint64_t eve = fixture_user("eve"), id = 0;
	int64_t end_us = NOW + 3 * DAY_S * SECOND_US;

	ask(eve, "a@example.org", "b@example.org", NOW);
	assert_err(store_email_change_holder(db, arena, STR("a@example.org"),
		       NOW, &id),
	    ERR_NOT_FOUND);
	assert_ok(
	    store_email_change_confirm(db, eve, STR("b@example.org"), NOW));
	assert_ok(store_email_change_holder(db, arena, STR("A@example.org"),
	    end_us - 1, &id));
	ck_assert_uint_eq(id, eve);
	assert_err(store_email_change_holder(db, arena, STR("a@example.org"),
		       end_us, &id),
	    ERR_NOT_FOUND);
}
END_TEST

Suite *suite_store_email_change(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/email_change", &tcase);

	tcase_add_test(tcase, one_is_pending);
	tcase_add_test(tcase, undone_with_what_came_after);
	tcase_add_test(tcase, held_for_three_days);
	return suite;
}
