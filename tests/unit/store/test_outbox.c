#include "core/base.h"

#include "fixture.h"
#include "store/outbox.h"
#include "suites.h"

#define LEASE_US (5 * MINUTE_S * SECOND_US)

static struct digest lease;
static struct store_mail *list;
static size_t n;

static void add(const char *recipient, int64_t now_us)
{
	assert_ok(store_outbox_add(db, MAIL_VERIFY_EMAIL, 0, str_of(recipient),
	    STR(""), now_us));
}

/* Into list and n, with a lease of its own. */
static void claim(const char *name, int64_t now_us, size_t max)
{
	lease = fixture_digest(name);
	assert_ok(store_outbox_claim(db, arena, &lease, now_us, LEASE_US, max,
	    &list, &n));
}

static int64_t next_due(void)
{
	int64_t due_us;

	assert_ok(store_outbox_next_due(db, arena, &due_us));
	return due_us;
}

START_TEST(add_and_list)
{
	uint64_t id = fixture_user("eve");

	assert_ok(store_outbox_add(db, MAIL_SIGNUP_TAKEN, id,
	    STR("eve@example.org"), STR("192.0.2.1"), NOW));
	assert_err(store_outbox_add(db, MAIL_SIGNUP_TAKEN, id + 1,
		       STR("x@example.org"), STR(""), NOW),
	    ERR_NOT_FOUND);
	add("bob@example.org", NOW + 1);
	assert_ok(store_outbox_list(db, arena, STR(""), 0, 10, &list, &n));
	ck_assert_uint_eq(n, 2);
	assert_str(list[0].state, "queued");
	assert_str(list[0].template, "signup_taken");
	ck_assert_uint_eq(list[0].user_id, id);
	assert_str(list[0].recipient, "eve@example.org");
	ck_assert_int_eq(list[0].created_us, NOW);
	ck_assert_int_eq(list[0].next_us, NOW);
	ck_assert_uint_eq(list[0].attempts, 0);
	ck_assert_ptr_null(list[0].last_error.p);
	ck_assert_int_eq(list[0].sent_us, 0);
	ck_assert_uint_eq(list[1].user_id, 0);
	assert_ok(store_outbox_list(db, arena, STR("queued"), list[0].id, 1,
	    &list, &n));
	ck_assert_uint_eq(n, 1);
	assert_str(list[0].recipient, "bob@example.org");
}
END_TEST

START_TEST(templates)
{
	enum mail_template got = MAIL_N_TEMPLATES;

	for (enum mail_template i = 1; i < MAIL_N_TEMPLATES; i++) {
		assert_ok(
		    store_outbox_template_parse(str_of(
						    store_outbox_template_name(
							i)),
			&got));
		ck_assert_int_eq(got, i);
	}
	assert_err(store_outbox_template_parse(STR("verify"), &got),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(sent)
{
	add("eve@example.org", NOW);
	claim("a", NOW, 5);
	ck_assert_uint_eq(n, 1);
	assert_ok(store_outbox_sent(db, list[0].id, &lease, NOW + 9));
	assert_err(store_outbox_sent(db, list[0].id, &lease, NOW + 9),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(next_due(), 0);
	assert_err(store_outbox_retry(db, list[0].id, NOW), ERR_NOT_FOUND);
	assert_err(store_outbox_drop(db, list[0].id), ERR_NOT_FOUND);
	assert_ok(store_outbox_list(db, arena, STR(""), 0, 5, &list, &n));
	ck_assert_uint_eq(n, 0);
	assert_ok(store_outbox_list(db, arena, STR("sent"), 0, 5, &list, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(list[0].sent_us, NOW + 9);
	ck_assert_uint_eq(list[0].attempts, 1);
	claim("b", NOW + DAY_S * SECOND_US, 5);
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(defer)
{
	add("eve@example.org", NOW);
	claim("a", NOW, 5);
	assert_ok(store_outbox_defer(db, list[0].id, &lease, NOW + 60,
	    STR("451 later\r\n")));
	assert_err(store_outbox_defer(db, list[0].id, &lease, NOW + 70,
		       STR("again")),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(next_due(), NOW + 60);
	claim("b", NOW + 59, 5);
	ck_assert_uint_eq(n, 0);
	claim("c", NOW + 60, 5);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].attempts, 1);
	assert_str(list[0].last_error, "451 later??");
}
END_TEST

/* As due as before, and not counted. */
START_TEST(release)
{
	add("eve@example.org", NOW);
	claim("a", NOW + 9, 5);
	assert_ok(
	    store_outbox_release(db, list[0].id, &lease, STR("no connection")));
	assert_err(store_outbox_release(db, list[0].id, &lease, STR("")),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(next_due(), NOW);
	claim("b", NOW + 9, 5);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].attempts, 0);
	assert_str(list[0].last_error, "no connection");
}
END_TEST

START_TEST(park_retry_drop)
{
	uint64_t id;

	add("eve@example.org", NOW);
	claim("a", NOW, 5);
	id = list[0].id;
	assert_ok(store_outbox_park(db, id, &lease, STR("550 no")));
	assert_err(store_outbox_park(db, id, &lease, STR("550 no")),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(next_due(), 0);
	assert_ok(store_outbox_list(db, arena, STR("parked"), 0, 5, &list, &n));
	ck_assert_uint_eq(n, 1);
	assert_str(list[0].last_error, "550 no");
	claim("b", NOW + DAY_S * SECOND_US, 5);
	ck_assert_uint_eq(n, 0);

	assert_ok(store_outbox_retry(db, id, NOW + 5));
	ck_assert_int_eq(next_due(), NOW + 5);
	claim("c", NOW + 5, 5);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].attempts, 0);
	assert_ok(store_outbox_drop(db, id));
	assert_err(store_outbox_drop(db, id), ERR_NOT_FOUND);
	assert_err(store_outbox_retry(db, id, NOW), ERR_NOT_FOUND);
	assert_err(store_outbox_sent(db, id, &lease, NOW), ERR_NOT_FOUND);
}
END_TEST

START_TEST(long_error)
{
	char why[2000];

	memset(why, 'w', sizeof(why));
	memcpy(why + 254, "\xc3\xa9", 2);
	add("eve@example.org", NOW);
	claim("a", NOW, 5);
	assert_ok(store_outbox_park(db, list[0].id, &lease,
	    (struct str){why, sizeof(why)}));
	assert_ok(store_outbox_list(db, arena, STR(""), 0, 5, &list, &n));
	ck_assert_uint_eq(list[0].last_error.len, 254);
}
END_TEST

Suite *suite_store_outbox(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/outbox", &tcase);

	tcase_add_test(tcase, add_and_list);
	tcase_add_test(tcase, templates);
	tcase_add_test(tcase, sent);
	tcase_add_test(tcase, defer);
	tcase_add_test(tcase, release);
	tcase_add_test(tcase, park_retry_drop);
	tcase_add_test(tcase, long_error);
	return suite;
}

START_TEST(oldest_due_first)
{
	add("c@example.org", NOW - 1);
	add("a@example.org", NOW - 3);
	add("b@example.org", NOW - 2);
	add("d@example.org", NOW + 1);
	claim("a", NOW, 2);
	ck_assert_uint_eq(n, 2);
	assert_str(list[0].recipient, "a@example.org");
	assert_str(list[1].recipient, "b@example.org");
	claim("b", NOW, 2);
	ck_assert_uint_eq(n, 1);
	assert_str(list[0].recipient, "c@example.org");
	ck_assert_int_eq(next_due(), NOW + 1);
}
END_TEST

/* A claimer that died: another has its rows when the lease is over. */
START_TEST(lease_runs_out)
{
	struct digest old;
	uint64_t id;

	add("eve@example.org", NOW);
	claim("a", NOW, 5);
	old = lease;
	id = list[0].id;
	ck_assert_int_eq(next_due(), NOW + LEASE_US);
	claim("b", NOW + LEASE_US - 1, 5);
	ck_assert_uint_eq(n, 0);
	claim("c", NOW + LEASE_US, 5);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].id, id);

	assert_err(store_outbox_sent(db, id, &old, NOW), ERR_NOT_FOUND);
	assert_err(store_outbox_park(db, id, &old, STR("")), ERR_NOT_FOUND);
	assert_err(store_outbox_release(db, id, &old, STR("")), ERR_NOT_FOUND);
	assert_err(store_outbox_defer(db, id, &old, NOW, STR("")),
	    ERR_NOT_FOUND);
	assert_ok(store_outbox_list(db, arena, STR("queued"), 0, 5, &list, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].attempts, 0);
	ck_assert_ptr_null(list[0].last_error.p);
	assert_ok(store_outbox_sent(db, id, &lease, NOW));
}
END_TEST

/* By hand, while it is being sent: not sent twice for that. */
START_TEST(retry_leaves_the_lease)
{
	add("eve@example.org", NOW);
	claim("a", NOW, 5);
	assert_ok(store_outbox_retry(db, list[0].id, NOW));
	claim("b", NOW, 5);
	ck_assert_uint_eq(n, 0);
	lease = fixture_digest("a");
	assert_ok(store_outbox_list(db, arena, STR(""), 0, 5, &list, &n));
	assert_ok(store_outbox_sent(db, list[0].id, &lease, NOW));
}
END_TEST

/* Each claims until there is nothing, and notes who had what. */
static bool claim_rival(struct db *own, struct arena *memory, size_t number)
{
	static const struct db_stmt note = {
	    .name = "note",
	    .sql = "INSERT INTO claims VALUES (?, ?)",
	    .n_in = 2,
	};

	do {
		crypto_random(&lease, sizeof(lease));
		assert_ok(store_outbox_claim(own, memory, &lease, NOW, LEASE_US,
		    7, &list, &n));
		for (size_t i = 0; i < n; i++) {
			assert_ok(db_stmt_run(own, &note,
			    DB_IN(db_u64(list[i].id), db_u64(number))));
			assert_ok(
			    store_outbox_sent(own, list[i].id, &lease, NOW));
		}
		arena_reset(memory);
	} while (n > 0);
	return true;
}

START_TEST(claimers_share_no_row)
{
	test_database_exec(t,
	    "CREATE TABLE claims ("
	    "id BIGINT UNSIGNED NOT NULL PRIMARY KEY,"
	    " claimer BIGINT UNSIGNED NOT NULL)");
	test_database_exec(t,
	    "INSERT INTO mail_outbox"
	    " (template, recipient, created_at, next_at)"
	    " SELECT 'verify_email', 'eve@example.org', '2026-01-01',"
	    " '2026-01-01' + INTERVAL seq SECOND FROM seq_1_to_200");
	ck_assert_uint_eq(fixture_rivals(4, claim_rival), 4);
	ck_assert_uint_eq(test_database_u64(t, "SELECT COUNT(*) FROM claims"),
	    200);
	ck_assert_uint_eq(test_database_u64(t,
			      "SELECT COUNT(*) FROM"
			      " mail_outbox WHERE state ="
			      " 'sent' AND attempts = 1"),
	    200);
}
END_TEST

/* Rows that the server looked at since the connection began. */
static uint64_t rows_read(void)
{
	static const struct db_column column[] = {{DB_U64, 0}};
	static const struct db_stmt stmt = {
	    .name = "rows_read",
	    .sql = "SELECT CAST(SUM(variable_value) AS UNSIGNED)"
		   " FROM information_schema.session_status"
		   " WHERE variable_name LIKE 'Handler_read_%'",
	    DB_ROW(column, uint64_t),
	};
	uint64_t n_rows;

	assert_ok(db_stmt_one(db, &stmt, DB_NO_IN, arena, &n_rows));
	return n_rows;
}

/* What the server does by itself after a while. */
static void analyze(void)
{
	static const struct db_column columns[] = {
	    {DB_TEXT, 0},
	    {DB_TEXT, 0},
	    {DB_TEXT, 0},
	    {DB_TEXT, 0},
	};
	static const struct db_stmt stmt = {
	    .name = "analyze",
	    .sql = "ANALYZE TABLE mail_outbox",
	    DB_ROW(columns, struct str),
	};
	struct str result;

	assert_ok(db_stmt_one(db, &stmt, DB_NO_IN, arena, &result));
	assert_str(result, "OK");
}

/* Neither what was sent nor what waits makes a claim slow. */
START_TEST(cost)
{
	uint64_t before, asking;

	test_database_exec(t,
	    "INSERT INTO mail_outbox"
	    " (state, template, recipient, created_at, next_at)"
	    " SELECT IF(seq > 5000, 'sent', 'queued'), 'verify_email',"
	    " 'eve@example.org', '2026-01-01',"
	    " '2026-01-01' + INTERVAL seq SECOND FROM seq_1_to_100000");
	analyze();
	before = rows_read();
	asking = rows_read() - before;
	before = rows_read();
	claim("a", NOW, 10);
	ck_assert_uint_eq(n, 10);
	ck_assert_uint_le(rows_read() - before - asking, 50);
	before = rows_read();
	ck_assert_int_ne(next_due(), 0);
	ck_assert_uint_le(rows_read() - before - asking, 50);
}
END_TEST

Suite *suite_store_outbox_claim(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/outbox claims", &tcase);

	tcase_add_test(tcase, oldest_due_first);
	tcase_add_test(tcase, lease_runs_out);
	tcase_add_test(tcase, retry_leaves_the_lease);
	tcase_add_test(tcase, claimers_share_no_row);
	tcase_add_test(tcase, cost);
	return suite;
}
