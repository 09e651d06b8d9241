#include "core/base.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/clock.h"
#include "database.h"
#include "db/stmt.h"
#include "suites.h"
#include "unit.h"

static struct test_database *t;

struct number {
	uint64_t n;
};

static const struct db_column number_columns[] = {
    DB_COLUMN(struct number, n, DB_U64),
};

static const struct db_stmt connection_id = {
    .name = "connection_id",
    .sql = "SELECT CONNECTION_ID()",
    DB_ROW(number_columns, struct number),
};

static const struct db_stmt add = {
    .name = "add",
    .sql = "UPDATE counters SET n = n + 1",
};

static const struct db_stmt nap = {
    .name = "nap",
    .sql = "SELECT SLEEP(?)",
    .n_in = 1,
    DB_ROW(number_columns, struct number),
};

static const struct db_stmt write_nap = {
    .name = "write_nap",
    .sql = "UPDATE counters SET n = n + 1 + SLEEP(?)",
    .n_in = 1,
};

static const struct db_stmt no_server_limit = {
    .name = "no_server_limit",
    .sql = "SET max_statement_time = 0",
};

static void set_up(void)
{
	t = test_database_new_empty("conn");
	test_database_exec(t,
	    "CREATE TABLE counters (n BIGINT NOT NULL) ENGINE=InnoDB");
	test_database_exec(t, "INSERT INTO counters VALUES (0)");
}

static void tear_down(void)
{
	test_database_free(&t);
}

static uint64_t id_of(struct db *db)
{
	struct number id;

	assert_ok(db_stmt_one(db, &connection_id, DB_NO_IN, NULL, &id));
	return id.n;
}

/* And waits until the server is through with it. */
static void kill_connection(uint64_t id)
{
	struct buf sql;

	buf_init(&sql, 200);
	buf_puts(&sql, "KILL CONNECTION ");
	buf_put_u64(&sql, id);
	test_database_exec(t, sql.p);
	buf_reset(&sql);
	buf_puts(&sql,
	    "SELECT COUNT(*) FROM information_schema.processlist"
	    " WHERE id = ");
	buf_put_u64(&sql, id);
	while (test_database_u64(t, sql.p) > 0)
		(void)usleep(1000);
	buf_done(&sql);
}

/* A connection with DATABASE_URL and one-second time-outs. */
static struct db *impatient(const char *url)
{
	struct config config = {
	    .database_url = {url, strlen(url)},
	    .database_connect_timeout_s = 1,
	    .database_timeout_s = 1,
	};
	struct db *db;

	assert_ok(db_conn_new(&config, &db));
	return db;
}

START_TEST(test_bad_url)
{
	struct config config = {.database_url = {"mysql://", 8}};
	struct db *db = NULL;

	assert_err(db_conn_new(&config, &db), ERR_INVALID);
	ck_assert_ptr_null(db);
	db_conn_free(&db);
}
END_TEST

static const char *const session_truths[] = {
    "@@time_zone = '+00:00'",
    "@@tx_isolation = 'READ-COMMITTED'",
    "@@sql_mode LIKE '%STRICT_ALL_TABLES%'",
    "@@sql_mode LIKE '%NO_ZERO_DATE%'",
    "@@sql_mode NOT LIKE '%ANSI_QUOTES%'",
    "@@character_set_client = 'utf8mb4'",
    "@@character_set_connection = 'utf8mb4'",
    "@@character_set_results = 'utf8mb4'",
    "@@autocommit = 1",
    "@@max_statement_time = 10",
    "@@innodb_lock_wait_timeout = 5",
    "@@group_concat_max_len = 1048576",
};

/* Whatever the server's own are. */
START_TEST(test_session)
{
	struct buf sql;
	uint64_t truth;

	test_database_exec(t, "SET GLOBAL group_concat_max_len = 4");
	buf_init(&sql, 200);
	buf_puts(&sql, "SELECT ");
	buf_puts(&sql, session_truths[_i]);
	truth = test_database_u64(t, sql.p);
	buf_done(&sql);
	test_database_exec(t, "SET GLOBAL group_concat_max_len = DEFAULT");
	ck_assert_uint_eq(truth, 1);
}
END_TEST

/* Found out before anything is sent, so that a write is safe, too. */
START_TEST(test_killed_while_idle)
{
	assert_ok(db_stmt_run(t->db, &add, DB_NO_IN));
	for (int i = 0; i < 3; i++) {
		kill_connection(id_of(t->db));
		assert_ok(db_stmt_run(t->db, &add, DB_NO_IN));
	}
	ck_assert_uint_eq(test_database_u64(t, "SELECT n FROM counters"), 4);
	ck_assert_uint_eq(db_conn_counts(t->db).connects, 4);
}
END_TEST

/* The server gives up first, and the connection stays. */
START_TEST(test_slow_statement)
{
	struct db *db = impatient(t->url);
	uint64_t id = id_of(db);
	int64_t start_us = clock_monotonic_us();
	struct number row;

	assert_err(db_stmt_one(db, &nap, DB_IN(db_u64(9)), NULL, &row),
	    ERR_UNAVAILABLE);
	ck_assert_int_lt(clock_monotonic_us() - start_us, 2 * SECOND_US);
	ck_assert_uint_eq(id_of(db), id);
	db_conn_free(&db);
}
END_TEST

/* The server does not give up: we do, and do not ask it again at once. */
START_TEST(test_silent_server)
{
	struct db *db = impatient(t->url);
	int64_t start_us;
	struct number row;

	assert_ok(db_stmt_run(db, &no_server_limit, DB_NO_IN));
	start_us = clock_monotonic_us();
	assert_err(db_stmt_one(db, &nap, DB_IN(db_u64(9)), NULL, &row),
	    ERR_UNAVAILABLE);
	ck_assert_int_lt(clock_monotonic_us() - start_us, 3 * SECOND_US);
	assert_err(db_conn_ensure(db), ERR_UNAVAILABLE);
	(void)usleep(110000);
	assert_ok(db_conn_ensure(db));
	db_conn_free(&db);
}
END_TEST

/* Sent and not answered: it may have taken effect, so it is not sent twice. */
START_TEST(test_lost_write)
{
	struct db *db = impatient(t->url);

	assert_ok(db_stmt_run(db, &no_server_limit, DB_NO_IN));
	assert_err(db_stmt_run(db, &write_nap, DB_IN(db_u64(3))),
	    ERR_UNAVAILABLE);
	ck_assert_uint_eq(db_conn_counts(db).statements, 2);
	db_conn_free(&db);
}
END_TEST

/* ---- servers that are not there ----------------------------------------- */

/* A Unix socket that takes connections and says nothing. */
static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_uint_lt(strlen(path), sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path));
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address,
			     sizeof(address)),
	    0);
	ck_assert_int_eq(listen(fd, 5), 0);
	return fd;
}

START_TEST(test_mute_server)
{
	char dir[] = "/tmp/t2o-conn-XXXXXX";
	int64_t start_us = clock_monotonic_us();
	struct buf path, url;
	struct db *db;
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	buf_init(&path, 100);
	buf_puts(&path, dir);
	buf_puts(&path, "/s");
	buf_init(&url, 200);
	buf_puts(&url, "mysql://u:p@localhost/d?socket=");
	buf_put(&url, buf_str(&path));
	fd = listen_at(path.p);
	db = impatient(url.p);
	assert_err(db_conn_ensure(db), ERR_UNAVAILABLE);
	ck_assert_int_lt(clock_monotonic_us() - start_us, 3 * SECOND_US);
	db_conn_free(&db);
	(void)close(fd);
	ck_assert(unlink(path.p) == 0 && rmdir(dir) == 0);
	buf_done(&path);
	buf_done(&url);
}
END_TEST

/* While it runs, the back-off costs no attempt and no time; then it doubles. */
START_TEST(test_back_off)
{
	struct db *db = impatient(
	    "mysql://u:p@localhost/d?socket=/nonexistent/sock");
	int64_t wait_us = 100000, start_us;

	for (int i = 0; i < 3; i++, wait_us *= 2) {
		assert_err(db_conn_ensure(db), ERR_UNAVAILABLE);
		start_us = clock_monotonic_us();
		for (int k = 0; k < 1000; k++)
			assert_err(db_conn_ensure(db), ERR_UNAVAILABLE);
		ck_assert_int_lt(clock_monotonic_us() - start_us, 50000);
		(void)usleep((useconds_t)wait_us + 1000);
	}
	ck_assert_uint_eq(db_conn_counts(db).connects, 0);
	db_conn_free(&db);
}
END_TEST

static void replace_user(struct buf *out, const char *user)
{
	struct str url = str_of(t->url), head, tail;

	ck_assert(str_split(url, '@', &head, &tail));
	buf_puts(out, "mysql://");
	buf_puts(out, user);
	buf_putc(out, '@');
	buf_put(out, tail);
}

START_TEST(test_access_denied)
{
	struct buf url;
	struct db *db;

	buf_init(&url, sizeof(t->url) + 100);
	replace_user(&url, "nobody_here:wrong");
	db = impatient(url.p);
	assert_err(db_conn_ensure(db), ERR_UNAVAILABLE);
	db_conn_free(&db);
	buf_done(&url);
}
END_TEST

Suite *suite_db_conn(void)
{
	Suite *suite = suite_create("db/conn");
	TCase *tcase = tcase_create("conn");

	tcase_set_timeout(tcase, 20);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_bad_url);
	tcase_add_loop_test(tcase, test_session, 0, ARRAY_LEN(session_truths));
	tcase_add_test(tcase, test_killed_while_idle);
	tcase_add_test(tcase, test_slow_statement);
	tcase_add_test(tcase, test_silent_server);
	tcase_add_test(tcase, test_lost_write);
	tcase_add_test(tcase, test_mute_server);
	tcase_add_test(tcase, test_back_off);
	tcase_add_test(tcase, test_access_denied);
	suite_add_tcase(suite, tcase);
	return suite;
}
