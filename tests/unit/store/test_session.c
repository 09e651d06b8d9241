#include "core/base.h"

#include "fixture.h"
#include "store/role.h"
#include "store/session.h"
#include "suites.h"

static uint64_t add(uint64_t user_id, const char *secret, int64_t created_us)
{
	struct digest hash = fixture_digest(secret);
	struct store_session session = {
	    .user_id = user_id,
	    .created_us = created_us,
	    .expires_us = created_us + 12 * HOUR_S * SECOND_US,
	    .client_ip = STR("2001:db8::1"),
	    .user_agent = STR("Mozilla/5.0"),
	};
	uint64_t id;

	assert_ok(store_session_add(db, &hash, &session, &id));
	return id;
}

START_TEST(principal)
{
	uint64_t user_id = fixture_user("eve");
	uint64_t id = add(user_id, "a", NOW);
	struct digest hash = fixture_digest("a");
	struct store_principal p;

	assert_ok(store_session_principal(db, arena, &hash, &p));
	ck_assert_uint_eq(p.session.id, id);
	ck_assert_uint_eq(p.session.user_id, user_id);
	ck_assert_int_eq(p.session.created_us, NOW);
	ck_assert_int_eq(p.session.last_seen_us, NOW);
	ck_assert_int_eq(p.session.expires_us, NOW + 12 * HOUR_S * SECOND_US);
	assert_str(p.session.client_ip, "2001:db8::1");
	assert_str(p.session.user_agent, "Mozilla/5.0");
	ck_assert_uint_eq(p.user.id, user_id);
	assert_str(p.user.username, "eve");
	assert_str(p.user.first_name, "J\xc3\xb6rg");
	ck_assert(!p.user.twofa_enabled);
	assert_str(p.roles, "");
	assert_str(p.permissions, "");

	hash = fixture_digest("b");
	assert_err(store_session_principal(db, arena, &hash, &p),
	    ERR_NOT_FOUND);
}
END_TEST

/* Two roles share a permission, and the others are not anybody's. */
START_TEST(principal_roles)
{
	uint64_t id = fixture_user("eve"), other = fixture_user("bob");
	struct digest hash = fixture_digest("a");
	struct store_principal p;

	add(id, "a", NOW);
	add(other, "b", NOW);
	assert_ok(store_role_grant(db, id, STR("User")));
	assert_ok(store_role_grant(db, id, STR("Moderator")));
	assert_ok(store_role_grant(db, other, STR("Super Admin")));
	test_database_exec(t,
	    "INSERT INTO credentials (user_id, kind, secret, changed_at)"
	    " SELECT id, 'totp', 'x', '2026-01-01'"
	    " FROM users");
	assert_ok(store_session_principal(db, arena, &hash, &p));
	assert_str(p.roles, "Moderator\nUser");
	assert_str(p.permissions, "edit\nview_dashboard\nview_reports");
	ck_assert(p.user.twofa_enabled);

	assert_ok(store_role_revoke(db, id, STR("Moderator")));
	assert_ok(store_session_principal(db, arena, &hash, &p));
	assert_str(p.roles, "User");
	assert_str(p.permissions, "view_dashboard");
}
END_TEST

START_TEST(conflict_and_nobody)
{
	struct digest hash = fixture_digest("a");
	struct store_session session = {
	    .user_id = fixture_user("eve"),
	    .created_us = NOW,
	    .expires_us = NOW + 1,
	};
	uint64_t id;

	assert_ok(store_session_add(db, &hash, &session, &id));
	assert_err(store_session_add(db, &hash, &session, &id), ERR_CONFLICT);
	hash = fixture_digest("b");
	session.user_id++;
	assert_err(store_session_add(db, &hash, &session, &id), ERR_NOT_FOUND);
}
END_TEST

/* What a client says it is: bytes, cut and cleaned. */
START_TEST(user_agent)
{
	struct digest hash = fixture_digest("a");
	char agent[1000];
	struct store_session session = {
	    .user_id = fixture_user("eve"),
	    .created_us = NOW,
	    .expires_us = NOW + 1,
	    .user_agent = {agent, sizeof(agent)},
	};
	struct store_principal p;
	uint64_t id;

	memset(agent, 'x', sizeof(agent));
	memcpy(agent, "a\r\n\xff\xc3\xa9", 6);
	memcpy(agent + 254, "\xc3\xa9", 2);
	assert_ok(store_session_add(db, &hash, &session, &id));
	assert_ok(store_session_principal(db, arena, &hash, &p));
	ck_assert_uint_eq(p.session.user_agent.len, 254);
	ck_assert_mem_eq(p.session.user_agent.p, "a???\xc3\xa9xxx", 9);
	assert_str(p.session.client_ip, "");
}
END_TEST

START_TEST(touch_and_delete)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob");
	uint64_t id = add(eve, "a", NOW);
	struct digest hash = fixture_digest("a");
	struct store_principal p;

	assert_ok(store_session_touch(db, id, NOW + 5));
	assert_ok(store_session_principal(db, arena, &hash, &p));
	ck_assert_int_eq(p.session.last_seen_us, NOW + 5);
	assert_err(store_session_delete(db, bob, id), ERR_NOT_FOUND);
	assert_ok(store_session_delete(db, eve, id));
	assert_err(store_session_delete(db, eve, id), ERR_NOT_FOUND);
	assert_err(store_session_principal(db, arena, &hash, &p),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(list_and_delete_of)
{
	uint64_t eve = fixture_user("eve"), bob = fixture_user("bob");
	uint64_t old = add(eve, "a", NOW - 2), newest = add(eve, "b", NOW);
	uint64_t mid = add(eve, "c", NOW - 1), n_gone;
	struct store_session *list;
	size_t n;

	add(bob, "d", NOW);
	assert_ok(store_session_list(db, arena, eve, NOW, 10, &list, &n));
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(list[0].id, newest);
	ck_assert_uint_eq(list[1].id, mid);
	ck_assert_uint_eq(list[2].id, old);
	assert_str(list[2].user_agent, "Mozilla/5.0");
	assert_ok(store_session_list(db, arena, eve, NOW, 2, &list, &n));
	ck_assert_uint_eq(n, 2);

	assert_ok(store_session_delete_of(db, eve, mid, &n_gone));
	ck_assert_uint_eq(n_gone, 2);
	assert_ok(store_session_delete_of(db, eve, 0, &n_gone));
	ck_assert_uint_eq(n_gone, 1);
	assert_ok(store_session_list(db, arena, eve, NOW, 2, &list, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_uint_eq(test_database_u64(t, "SELECT COUNT(*) FROM sessions"),
	    1);
}
END_TEST

Suite *suite_store_session(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/session", &tcase);

	tcase_add_test(tcase, principal);
	tcase_add_test(tcase, principal_roles);
	tcase_add_test(tcase, conflict_and_nobody);
	tcase_add_test(tcase, user_agent);
	tcase_add_test(tcase, touch_and_delete);
	tcase_add_test(tcase, list_and_delete_of);
	return suite;
}
