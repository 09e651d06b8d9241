#include "core/base.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "core/clock.h"
#include "database.h"
#include "db/migrate.h"
#include "db/script.h"
#include "db/stmt.h"
#include "suites.h"
#include "unit.h"

#define ARENA_MAX (1 << 20)

static struct test_database *t;
static struct arena *arena;
static char dir[] = "/tmp/t2o-migrate-XXXXXX";

static const struct db_column number_columns[] = {{DB_U64, 0}};

static const struct db_stmt lock = {
    .name = "lock",
    .sql = "SELECT GET_LOCK(CONCAT('t2o_migrate_', SHA1(DATABASE())), 0)",
    .columns = number_columns,
    .n_columns = 1,
    .row_size = sizeof(uint64_t),
};

static void put_path(struct buf *out, const char *name)
{
	buf_puts(out, dir);
	buf_putc(out, '/');
	buf_puts(out, name);
}

static void put_file(const char *name, const char *sql)
{
	struct buf path;
	int fd;

	buf_init(&path, PATH_MAX);
	put_path(&path, name);
	fd = open(path.p, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, sql, strlen(sql)), (ssize_t)strlen(sql));
	ck_assert_int_eq(close(fd), 0);
	buf_done(&path);
}

static void remove_file(const char *name)
{
	struct buf path;

	buf_init(&path, PATH_MAX);
	put_path(&path, name);
	ck_assert(unlink(path.p) == 0 || errno == ENOENT);
	buf_done(&path);
}

static const char *const names[] = {"0001_one.sql", "0002_two.sql",
    "0003_three.sql", "0004_four.sql", "README", "grants.sql"};

static void set_up(void)
{
	t = test_database_new_empty("migrate");
	arena = arena_new(ARENA_MAX);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	put_file("README", "not SQL");
	put_file("grants.sql", "not SQL");
	put_file("0001_one.sql",
	    "-- A comment; with a semicolon.\n"
	    "CREATE TABLE one (id INT PRIMARY KEY);\n"
	    "INSERT INTO one VALUES (1), (2);\nSELECT * FROM one;\n");
	put_file("0002_two.sql",
	    "ALTER TABLE one ADD two INT;\n"
	    "UPDATE one SET two = 2;\n-- the end\n");
}

static void tear_down(void)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		remove_file(names[i]);
	ck_assert_int_eq(rmdir(dir), 0);
	memset(dir + sizeof(dir) - 7, 'X', 6);
	arena_free(&arena);
	test_database_free(&t);
}

static enum err up(size_t *ret_n)
{
	return db_migrate_up(t->db, arena, dir, ret_n);
}

static size_t status(struct db_migration **list)
{
	size_t n;

	assert_ok(db_migrate_status(t->db, arena, dir, list, &n));
	return n;
}

START_TEST(test_up)
{
	struct db_migration *m;
	size_t n;

	ck_assert_uint_eq(status(&m), 2);
	assert_str(m[0].name, "0001_one");
	ck_assert_uint_eq(m[1].version, 2);
	ck_assert_int_eq(m[0].applied_us, 0);
	assert_ok(up(&n));
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(test_database_u64(t, "SELECT SUM(two) FROM one"), 4);
	assert_ok(up(&n));
	ck_assert_uint_eq(n, 0);
	put_file("0003_three.sql", "DROP TABLE one");
	assert_ok(up(&n));
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(status(&m), 3);
	for (size_t i = 0; i < 3; i++) {
		int64_t age_us = clock_now_us(&(struct clock){0}) -
		    m[i].applied_us;

		ck_assert(age_us >= 0 && age_us < 10 * SECOND_US);
		ck_assert(!m[i].edited && !m[i].missing);
	}
}
END_TEST

START_TEST(test_edited)
{
	struct db_migration *m;
	size_t n = 77;

	assert_ok(up(&n));
	n = 77;
	put_file("0001_one.sql", "CREATE TABLE one (id BIGINT PRIMARY KEY)");
	put_file("0003_three.sql", "DROP TABLE one");
	assert_err(up(&n), ERR_CONFLICT);
	ck_assert_uint_eq(n, 77);
	ck_assert_uint_eq(status(&m), 3);
	ck_assert(m[0].edited && !m[1].edited && !m[2].edited);
	ck_assert_int_eq(m[2].applied_us, 0);
}
END_TEST

START_TEST(test_missing)
{
	struct db_migration *m;
	size_t n;

	assert_ok(up(&n));
	remove_file("0002_two.sql");
	assert_err(up(&n), ERR_CONFLICT);
	ck_assert_uint_eq(status(&m), 2);
	ck_assert(!m[0].missing && m[1].missing);
	assert_str(m[1].name, "0002_two");
}
END_TEST

START_TEST(test_gap)
{
	size_t n;

	put_file("0004_four.sql", "DROP TABLE one");
	assert_err(up(&n), ERR_CONFLICT);
	ck_assert_uint_eq(
	    test_database_u64(t,
		"SELECT COUNT(*) FROM information_schema.tables"
		" WHERE table_schema = DATABASE() AND table_name = 'one'"),
	    0);
}
END_TEST

START_TEST(test_out_of_order)
{
	size_t n;

	assert_ok(up(&n));
	test_database_exec(t,
	    "DELETE FROM schema_migrations WHERE version = 1");
	assert_err(up(&n), ERR_CONFLICT);
}
END_TEST

static const char *const bad_names[] = {"0003-three.sql", "0003_.sql",
    "3_three.sql", "0003_three.SQL", "00003_three.sql", "0002_again.sql",
    "0000_zero.sql", "0003_Three.sql", "0003_three.sql~"};

START_TEST(test_bad_name)
{
	struct db_migration *m;
	size_t n;

	put_file(bad_names[_i], "SELECT 1");
	assert_err(db_migrate_status(t->db, arena, dir, &m, &n), ERR_INVALID);
	assert_err(up(&n), ERR_INVALID);
	remove_file(bad_names[_i]);
	assert_ok(up(&n));
}
END_TEST

START_TEST(test_no_directory)
{
	size_t n;

	assert_err(db_migrate_up(t->db, arena, "/nonexistent", &n),
	    ERR_INTERNAL);
}
END_TEST

/* What stands before the mistake is done; the file counts as not applied. */
START_TEST(test_broken_file)
{
	struct db_migration *m;
	size_t n;

	put_file("0003_three.sql",
	    "INSERT INTO one VALUES (7, 7);\n"
	    "INSERT INTO nowhere VALUES (1);\nDROP TABLE one;\n");
	assert_err(up(&n), ERR_INTERNAL);
	ck_assert_uint_eq(test_database_u64(t, "SELECT COUNT(*) FROM one"), 3);
	ck_assert_uint_eq(status(&m), 3);
	ck_assert(m[1].applied_us != 0 && m[2].applied_us == 0);
	put_file("0003_three.sql", "DROP TABLE one;\n");
	assert_ok(up(&n));
	ck_assert_uint_eq(n, 1);
}
END_TEST

/* Longer than any statement may otherwise take. */
START_TEST(test_slow_file)
{
	struct test_database impatient = *t;
	struct db *db;
	size_t n;

	impatient.config.database_timeout_s = 1;
	assert_ok(db_conn_new(&impatient.config, &db));
	put_file("0003_three.sql", "SELECT SLEEP(3)");
	assert_ok(db_migrate_up(db, arena, dir, &n));
	ck_assert_uint_eq(n, 3);
	db_conn_free(&db);
}
END_TEST

/* Two at once: one waits for the other, and each file is applied once. */
START_TEST(test_rivals)
{
	size_t mine = 0, other = 0;
	int status_of_child;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct db *db = test_database_connect(t);
		enum err err = db_migrate_up(db, arena, dir, &other);

		db_conn_free(&db);
		_exit(err == OK ? (int)other : 100);
	}
	assert_ok(up(&mine));
	ck_assert_int_eq(waitpid(pid, &status_of_child, 0), pid);
	ck_assert(WIFEXITED(status_of_child));
	ck_assert_uint_eq(mine + (size_t)WEXITSTATUS(status_of_child), 2);
}
END_TEST

START_TEST(test_locked)
{
	struct db *holder = test_database_connect(t);
	uint64_t got;
	size_t n;

	assert_ok(db_stmt_one(holder, &lock, DB_NO_IN, NULL, &got));
	ck_assert_uint_eq(got, 1);
	assert_err(up(&n), ERR_UNAVAILABLE);
	db_conn_free(&holder);
	assert_ok(up(&n));
}
END_TEST

/* Nothing goes on behind a lock that was lost with its connection. */
START_TEST(test_hold)
{
	static const struct db_stmt id_stmt = {
	    .name = "id",
	    .sql = "SELECT CONNECTION_ID()",
	    .columns = number_columns,
	    .n_columns = 1,
	    .row_size = sizeof(uint64_t),
	};
	struct buf sql;
	uint64_t id;

	buf_init(&sql, 100);
	assert_ok(db_conn_hold(t->db));
	assert_ok(db_stmt_one(t->db, &id_stmt, DB_NO_IN, NULL, &id));
	buf_puts(&sql, "KILL CONNECTION ");
	buf_put_u64(&sql, id);
	test_database_exec(t, sql.p);
	for (int i = 0; i < 2; i++)
		assert_err(db_stmt_one(t->db, &id_stmt, DB_NO_IN, NULL, &id),
		    ERR_UNAVAILABLE);
	assert_err(db_script_run(t->db, STR("x"), STR("SELECT 1")),
	    ERR_UNAVAILABLE);
	db_conn_release(t->db);
	assert_ok(db_stmt_one(t->db, &id_stmt, DB_NO_IN, NULL, &id));
	buf_done(&sql);
}
END_TEST

START_TEST(test_require)
{
	assert_err(db_migrate_require(t->db, 1), ERR_CONFLICT);
	test_database_exec(t, "CREATE TABLE schema_migrations (version INT)");
	assert_err(db_migrate_require(t->db, 1), ERR_CONFLICT);
	test_database_exec(t, "INSERT INTO schema_migrations VALUES (1), (2)");
	assert_err(db_migrate_require(t->db, 1), ERR_CONFLICT);
	assert_ok(db_migrate_require(t->db, 2));
	assert_err(db_migrate_require(t->db, 3), ERR_CONFLICT);
}
END_TEST

/* The real ones can be applied, to the last. */
START_TEST(test_own)
{
	struct test_database *own = test_database_new("own");
	struct db_migration *m;
	size_t n;

	assert_ok(
	    db_migrate_status(own->db, arena, test_database_sql_dir(), &m, &n));
	ck_assert_uint_gt(n, 0);
	assert_ok(db_migrate_require(own->db, m[n - 1].version));
	test_database_free(&own);
}
END_TEST

Suite *suite_db_migrate(void)
{
	Suite *suite = suite_create("db/migrate");
	TCase *tcase = tcase_create("migrate");

	tcase_set_timeout(tcase, 30);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_up);
	tcase_add_test(tcase, test_edited);
	tcase_add_test(tcase, test_missing);
	tcase_add_test(tcase, test_gap);
	tcase_add_test(tcase, test_out_of_order);
	tcase_add_loop_test(tcase, test_bad_name, 0, ARRAY_LEN(bad_names));
	tcase_add_test(tcase, test_no_directory);
	tcase_add_test(tcase, test_broken_file);
	tcase_add_test(tcase, test_slow_file);
	tcase_add_test(tcase, test_rivals);
	tcase_add_test(tcase, test_locked);
	tcase_add_test(tcase, test_hold);
	tcase_add_test(tcase, test_require);
	tcase_add_test(tcase, test_own);
	suite_add_tcase(suite, tcase);
	return suite;
}
