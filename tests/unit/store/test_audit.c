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

/* Rows of three users, a second apart; the third is about the second. */
static void fill(void)
{
	const struct {
		enum audit_event event;
		uint64_t actor_id;
		uint64_t target_id;
	} rows[] = {{AUDIT_LOGIN, 1, 1}, {AUDIT_LOGIN_FAILED, 0, 2},
	    {AUDIT_USER_DISABLED, 3, 2}, {AUDIT_LOGIN, 3, 3},
	    {AUDIT_LOGOUT, 3, 3}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct audit_origin from = {.actor_id = rows[i].actor_id};

		assert_ok(
		    store_audit_add(db, &from, rows[i].event, rows[i].target_id,
			STR("50%"), NOW + (int64_t)i * SECOND_US));
	}
}

static const struct {
	struct store_log_filter filter;
	const char *events; /* newest first */
	uint64_t n;
} filters[] = {
    {{0}, "logout login user_disabled login_failed login", 5},
    {{.user_id = 2}, "user_disabled login_failed", 2},
    {{.user_id = 3}, "logout login user_disabled", 3},
    {{.user_id = 9}, "", 0},
    {{.level = STR("warning")}, "user_disabled login_failed", 2},
    {{.event = STR("login")}, "login login", 2},
    {{.user_id = 3, .event = STR("login")}, "login", 1},
    {{.from_us = NOW + 3 * SECOND_US}, "logout login", 2},
    {{.to_us = NOW + SECOND_US}, "login", 1},
    {{.q = STR("disabled")}, "user_disabled", 1},
    {{.q = STR("%")}, "logout login user_disabled login_failed login", 5},
    {{.q = STR("' OR 1=1 --")}, "", 0},
    {{.before_id = 3}, "login_failed login", 5},
    {{.user_id = 3, .before_id = 5}, "login user_disabled", 3},
};

static struct str events_of(const struct store_log *list, size_t n,
    struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		buf_puts(out, i == 0 ? "" : " ");
		buf_put(out, list[i].event);
	}
	return buf_str(out);
}

START_TEST(filters_narrow)
{
	struct store_log *list;
	struct buf events;
	uint64_t total;
	size_t n;

	fill();
	buf_init(&events, 500);
	assert_ok(
	    store_audit_list(db, arena, &filters[_i].filter, 0, 10, &list, &n));
	assert_str(events_of(list, n, &events), filters[_i].events);
	assert_ok(
	    store_audit_count(db, arena, &filters[_i].filter, 10, &total));
	ck_assert_uint_eq(total, filters[_i].n);
	buf_done(&events);
}
END_TEST

START_TEST(pages_and_counts_are_bounded)
{
	const struct store_log_filter all = {0}, third = {.user_id = 3};
	struct store_log *list;
	uint64_t total;
	size_t n;

	fill();
	assert_ok(store_audit_list(db, arena, &all, 1, 2, &list, &n));
	ck_assert_uint_eq(n, 2);
	assert_str(list[0].event, "login");
	assert_str(list[1].event, "user_disabled");
	assert_ok(store_audit_list(db, arena, &third, 2, 2, &list, &n));
	ck_assert_uint_eq(n, 1);
	assert_str(list[0].event, "user_disabled");
	assert_ok(store_audit_count(db, arena, &all, 3, &total));
	ck_assert_uint_eq(total, 3);
	assert_ok(store_audit_count(db, arena, &third, 2, &total));
	ck_assert_uint_eq(total, 2);
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
	tcase_add_loop_test(tcase, filters_narrow, 0, ARRAY_LEN(filters));
	tcase_add_test(tcase, pages_and_counts_are_bounded);
	return suite;
}
