#include "core/base.h"

#include "fixture.h"
#include "store/audit.h"
#include "store/email_change.h"
#include "store/outbox.h"
#include "store/role.h"
#include "store/session.h"
#include "store/statements.h"
#include "store/token.h"
#include "suites.h"

START_TEST(all_fit_the_schema)
{
	const struct db_stmt *stmt, *other;

	for (size_t i = 0; (stmt = store_statement_at(i)) != NULL; i++) {
		ck_assert_msg(db_stmt_check(db, stmt) == OK, "%s", stmt->name);
		for (size_t o = 0; o < i; o++) {
			other = store_statement_at(o);
			ck_assert_str_ne(stmt->name, other->name);
		}
	}
	ck_assert_ptr_nonnull(store_statement_at(0));
}
END_TEST

/* What goes with a user, and what outlives one. */
static const struct {
	const char *sql;
	uint64_t n;
} left[] = {
    {"SELECT COUNT(*) FROM users", 1},
    {"SELECT COUNT(*) FROM credentials", 0},
    {"SELECT COUNT(*) FROM sessions", 0},
    {"SELECT COUNT(*) FROM tokens", 0},
    {"SELECT COUNT(*) FROM user_roles", 0},
    {"SELECT COUNT(*) FROM roles", 4},
    {"SELECT COUNT(*) FROM audit_log WHERE target_id = 1", 1},
    {"SELECT COUNT(*) FROM email_changes", 0},
    {"SELECT COUNT(*) FROM mail_outbox", 0},
};

START_TEST(user_goes_with_all_there_is)
{
	uint64_t id = fixture_user("eve"), session_id;
	struct digest hash = fixture_digest("a");
	struct store_session session = {
	    .user_id = id,
	    .created_us = NOW,
	    .expires_us = NOW + 1,
	};

	ck_assert_uint_eq(id, 1);
	fixture_user("bob");
	assert_ok(store_session_add(db, &hash, &session, &session_id));
	assert_ok(store_token_put(db, id, TOKEN_VERIFY_EMAIL,
	    STR("eve@example.org"), &hash, NOW));
	assert_ok(store_email_change_ask(db, id, STR("eve@example.org"),
	    STR("new@example.org"), NOW));
	assert_ok(store_role_grant(db, id, STORE_ROLE_DEFAULT));
	assert_ok(store_outbox_add(db, MAIL_VERIFY_EMAIL, id,
	    STR("eve@example.org"), STR(""), NOW));
	assert_ok(store_audit_add(db, &(struct audit_origin){0}, AUDIT_SIGNUP,
	    id, STR(""), NOW));
	test_database_exec(t,
	    "INSERT INTO credentials (user_id, kind, secret, changed_at) VALUES"
	    " (1, 'password', 'x', '2026-01-01')");
	test_database_exec(t, "DELETE FROM users WHERE id = 1");
	for (size_t i = 0; i < ARRAY_LEN(left); i++)
		ck_assert_msg(test_database_u64(t, left[i].sql) == left[i].n,
		    "%s", left[i].sql);
}
END_TEST

Suite *suite_store_statements(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/statements", &tcase);

	tcase_add_test(tcase, all_fit_the_schema);
	tcase_add_test(tcase, user_goes_with_all_there_is);
	return suite;
}
