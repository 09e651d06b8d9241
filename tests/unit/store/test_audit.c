#include "core/base.h"

#include "fixture.h"
#include "store/audit.h"
#include "suites.h"

struct row {
	int64_t created_us;
	struct str event, level;
	uint64_t actor_id, target_id;
	struct str message, client_ip, user_agent, request_id;
};

static const struct db_column columns[] = {
    DB_COLUMN(struct row, created_us, DB_TIME),
    DB_COLUMN(struct row, event, DB_TEXT),
    DB_COLUMN(struct row, level, DB_TEXT),
    DB_COLUMN(struct row, actor_id, DB_U64),
    DB_COLUMN(struct row, target_id, DB_U64),
    DB_COLUMN(struct row, message, DB_TEXT),
    DB_COLUMN(struct row, client_ip, DB_TEXT),
    DB_COLUMN(struct row, user_agent, DB_TEXT),
    DB_COLUMN(struct row, request_id, DB_TEXT),
};

static const struct db_stmt last = {
    .name = "audit_last",
    .sql = "SELECT created_at, event, level, actor_id, target_id, message,"
	   " client_ip, user_agent, request_id FROM audit_log"
	   " ORDER BY id DESC LIMIT 1",
    DB_ROW(columns, struct row),
};

static struct row add(const struct audit_origin *origin, enum audit_event event,
    uint64_t target_id, struct str detail)
{
	struct row row;

	assert_ok(store_audit_add(db, origin, event, target_id, detail, NOW));
	assert_ok(db_stmt_one(db, &last, DB_NO_IN, arena, &row));
	return row;
}

START_TEST(whole_row)
{
	const struct audit_origin origin = {
	    .actor_id = 7,
	    .client_ip = STR("203.0.113.9"),
	    .user_agent = STR("curl/8 \xc3\xa9"),
	    .request_id = STR("0123456789abcdef0123456789abcdef"),
	};
	struct row row = add(&origin, AUDIT_ROLE_GRANTED, 9, STR("Admin"));

	ck_assert_int_eq(row.created_us, NOW);
	assert_str(row.event, "role_granted");
	assert_str(row.level, "info");
	ck_assert_uint_eq(row.actor_id, 7);
	ck_assert_uint_eq(row.target_id, 9);
	assert_str(row.message, "Role granted: Admin");
	assert_str(row.client_ip, "203.0.113.9");
	assert_str(row.user_agent, "curl/8 \xc3\xa9");
	assert_str(row.request_id, "0123456789abcdef0123456789abcdef");
}
END_TEST

/* t2octl has no address, no browser and no request. */
START_TEST(empty_origin)
{
	struct row row = add(&(struct audit_origin){0}, AUDIT_LOGIN_FAILED, 0,
	    (struct str){0});

	assert_str(row.event, "login_failed");
	assert_str(row.level, "warning");
	ck_assert_uint_eq(row.actor_id, 0);
	ck_assert_uint_eq(row.target_id, 0);
	assert_str(row.message, "Login failed");
	assert_str(row.client_ip, "");
	assert_str(row.user_agent, "");
	assert_str(row.request_id, "");
}
END_TEST

START_TEST(foreign_text)
{
	char agent[600], detail[600];
	const struct audit_origin origin = {
	    .user_agent = {agent, sizeof(agent)},
	    .client_ip = STR("1\n2"),
	};
	struct str head = STR("Login failed: a??b?");
	struct row row;

	memset(agent, 'u', sizeof(agent));
	memset(detail, 'd', sizeof(detail));
	memcpy(detail, "a\r\nb\xc3", 5);
	memcpy(agent, "\0\x7f\xe2\x80\xae", 5);	    /* NUL, DEL, U+202E */
	memcpy(agent + 252, "\xf0\x9f\x98\x80", 4); /* ends as byte 256 */
	row = add(&origin, AUDIT_LOGIN_FAILED, 0,
	    (struct str){detail, sizeof(detail)});
	ck_assert_uint_eq(row.message.len, 255);
	ck_assert_mem_eq(row.message.p, head.p, head.len);
	/* Two of the controls are a byte, the third was three. */
	ck_assert_mem_eq(row.user_agent.p, "???u", 4);
	ck_assert_uint_eq(row.user_agent.len, 255);
	ck_assert_mem_eq(row.user_agent.p + 250, "\xf0\x9f\x98\x80u", 5);
	assert_str(row.client_ip, "1?2");
}
END_TEST

START_TEST(kinds)
{
	for (enum audit_event e = AUDIT_NONE; e < AUDIT_N_EVENTS; e++) {
		const struct audit_kind *kind = store_audit_kind(e);

		ck_assert_ptr_nonnull(kind->name);
		ck_assert(strlen(kind->name) <= 40);
		for (enum audit_event o = AUDIT_NONE; o < e; o++)
			ck_assert_str_ne(kind->name, store_audit_kind(o)->name);
		if (e == AUDIT_NONE)
			continue;
		ck_assert(kind->message[0] != '\0');
		/* Also: the level is one of the column's. */
		assert_ok(store_audit_add(db, &(struct audit_origin){0}, e, 0,
		    (struct str){0}, NOW));
	}
}
END_TEST

Suite *suite_store_audit(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/audit", &tcase);

	tcase_add_test(tcase, whole_row);
	tcase_add_test(tcase, empty_origin);
	tcase_add_test(tcase, foreign_text);
	tcase_add_test(tcase, kinds);
	return suite;
}
