#include "core/base.h"

#include "fixture.h"
#include "store/housekeep.h"
#include "suites.h"

/* A row of each kind that is of no more use, and one that is. */
static const struct {
	const char *table;
	const char *sql; /* with when it was last of use */
} rows[] = {
    {"sessions",
	"INSERT INTO sessions (id_hash, user_id, created_at,"
	" last_seen_at, confirmed_at, expires_at, client_ip,"
	" user_agent) SELECT RANDOM_BYTES(32), id, created_at,"
	" created_at, created_at, '%s', '', '' FROM users LIMIT 1"},
    {"tokens",
	"REPLACE INTO tokens SELECT id, 'verify_email', '',"
	" RANDOM_BYTES(32), created_at, '%s' FROM users LIMIT 1"},
    {"throttle",
	"INSERT INTO throttle (bucket, hits, penalty, expires_at)"
	" VALUES (RANDOM_BYTES(32), 0, 0, '%s')"},
    {"mail_outbox",
	"INSERT INTO mail_outbox (state, template, recipient,"
	" created_at, next_at) SELECT 'sent', 'x', 'a@b',"
	" created_at, '%s' FROM users LIMIT 1"},
    {"email_changes",
	"INSERT INTO email_changes SELECT id, RAND(), 'a@b', '%s', NULL"
	" FROM users LIMIT 1"},
    {"login_networks",
	"INSERT INTO login_networks SELECT id,"
	" RANDOM_BYTES(32), '%s' FROM users LIMIT 1"},
    {"login_challenges",
	"INSERT INTO login_challenges (id_hash, user_id, created_at,"
	" expires_at) SELECT RANDOM_BYTES(32), id, created_at, '%s'"
	" FROM users LIMIT 1"},
};

static void put(size_t i, int64_t time_us)
{
	char when[CLOCK_RFC3339_LEN];
	struct buf sql;
	struct str head, tail;

	clock_rfc3339(time_us, when);
	when[10] = ' '; /* as SQL has it */
	when[19] = '\0';
	ck_assert(str_split(str_of(rows[i].sql), '%', &head, &tail));
	buf_init(&sql, 1024);
	buf_put(&sql, head);
	buf_puts(&sql, when);
	buf_puts(&sql, tail.p + 1);
	assert_ok(buf_err(&sql));
	test_database_exec(t, sql.p);
	buf_done(&sql);
}

static uint64_t count(size_t i)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s",
	    rows[i].table);
	return test_database_u64(t, sql);
}

START_TEST(only_what_is_of_no_more_use_goes)
{
	const struct store_chore *chore = store_housekeep_chore((size_t)_i);
	int64_t limit_us = NOW - chore->keep_s * SECOND_US;
	uint64_t n;

	fixture_user("eve");
	put((size_t)_i, limit_us + 2 * SECOND_US);
	assert_ok(store_housekeep_delete(db, (size_t)_i, NOW, 10, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_uint_eq(count((size_t)_i), 1);
	put((size_t)_i, limit_us - 2 * SECOND_US);
	assert_ok(store_housekeep_delete(db, (size_t)_i, NOW, 10, &n));
	ck_assert_uint_eq(n, 1);
}
END_TEST

START_TEST(mail_that_waits_is_kept)
{
	uint64_t n;

	fixture_user("eve");
	put(3, NOW - 365 * DAY_S * SECOND_US);
	test_database_exec(t, "UPDATE mail_outbox SET state = 'parked'");
	assert_ok(store_housekeep_delete(db, 3, NOW, 10, &n));
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(batches_are_bounded)
{
	uint64_t n;

	for (int i = 0; i < 5; i++)
		put(2, NOW - SECOND_US);
	assert_ok(store_housekeep_delete(db, 2, NOW, 3, &n));
	ck_assert_uint_eq(n, 3);
	assert_ok(store_housekeep_delete(db, 2, NOW, 3, &n));
	ck_assert_uint_eq(n, 2);
}
END_TEST

START_TEST(every_chore_is_tested)
{
	ck_assert_ptr_nonnull(store_housekeep_chore(ARRAY_LEN(rows) - 1));
	ck_assert_ptr_null(store_housekeep_chore(ARRAY_LEN(rows)));
}
END_TEST

Suite *suite_store_housekeep(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/housekeep", &tcase);

	tcase_add_loop_test(tcase, only_what_is_of_no_more_use_goes, 0,
	    ARRAY_LEN(rows));
	tcase_add_test(tcase, mail_that_waits_is_kept);
	tcase_add_test(tcase, batches_are_bounded);
	tcase_add_test(tcase, every_chore_is_tested);
	return suite;
}
