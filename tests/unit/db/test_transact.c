#include "core/base.h"

#include <sys/wait.h>

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

static const struct db_stmt add = {
    .name = "add",
    .sql = "UPDATE counters SET n = n + 1 WHERE id = ?",
    .n_in = 1,
};

static const struct db_stmt insert = {
    .name = "insert",
    .sql = "INSERT INTO counters (id, n) VALUES (?, 0)",
    .n_in = 1,
};

static const struct db_stmt connection_id = {
    .name = "connection_id",
    .sql = "SELECT CONNECTION_ID()",
    DB_ROW(number_columns, struct number),
};

static const struct db_stmt kill_connection = {
    .name = "kill_connection",
    .sql = "KILL CONNECTION ?",
    .n_in = 1,
};

static void set_up(void)
{
	t = test_database_new_empty("transact");
	test_database_exec(t,
	    "CREATE TABLE counters ("
	    " id BIGINT UNSIGNED PRIMARY KEY, n BIGINT NOT NULL"
	    ") ENGINE=InnoDB");
	test_database_exec(t, "INSERT INTO counters VALUES (1, 0), (2, 0)");
}

static void tear_down(void)
{
	test_database_free(&t);
}

static uint64_t sum(void)
{
	return test_database_u64(t, "SELECT SUM(n) FROM counters");
}

static enum err add_to(struct db *db, uint64_t id)
{
	return db_stmt_run(db, &add, DB_IN(db_u64(id)));
}

/* What a body is to do, and how often it was run. */
struct plan {
	enum err result;
	unsigned runs;
	unsigned kills;	 /* how many runs lose their connection */
	bool kill_first; /* before the first statement, else after it */
	bool deaf;	 /* returns OK whatever the statements say */
};

static void kill_own(struct db *db)
{
	struct db *killer = test_database_connect(t);
	struct number id;

	assert_ok(db_stmt_one(db, &connection_id, DB_NO_IN, NULL, &id));
	assert_ok(db_stmt_run(killer, &kill_connection, DB_IN(db_u64(id.n))));
	/* The server tells the victim before the connection is gone. */
	while (
	    test_database_u64(t,
		"SELECT COUNT(*) FROM"
		" information_schema.processlist WHERE command = 'Killed'") > 0)
		(void)usleep(1000);
	db_conn_free(&killer);
}

static enum err add_both(struct db *db, void *arg)
{
	struct plan *plan = arg;
	bool kill = plan->runs++ < plan->kills;
	enum err first, second;

	if (kill && plan->kill_first)
		kill_own(db);
	first = add_to(db, 1);
	if (kill && !plan->kill_first)
		kill_own(db);
	second = add_to(db, 2);
	if (plan->deaf)
		return OK;
	if (first != OK)
		return first;
	return second != OK ? second : plan->result;
}

START_TEST(test_commit)
{
	struct plan plan = {0};

	assert_ok(db_conn_transact(t->db, add_both, &plan));
	ck_assert_uint_eq(sum(), 2);
	ck_assert_uint_eq(plan.runs, 1);
	ck_assert_uint_eq(db_conn_counts(t->db).commits, 1);
	ck_assert_uint_eq(db_conn_counts(t->db).statements, 2);
}
END_TEST

START_TEST(test_roll_back)
{
	struct plan plan = {.result = ERR_DENIED};

	assert_err(db_conn_transact(t->db, add_both, &plan), ERR_DENIED);
	ck_assert_uint_eq(sum(), 0);
	ck_assert_uint_eq(plan.runs, 1);
	ck_assert_uint_eq(db_conn_counts(t->db).commits, 0);
	/* Nothing of it is left behind on the connection. */
	assert_ok(add_to(t->db, 1));
	ck_assert_uint_eq(sum(), 1);
}
END_TEST

static enum err insert_twice(struct db *db, void *arg)
{
	(void)arg;
	assert_ok(db_stmt_run(db, &insert, DB_IN(db_u64(3))));
	assert_err(db_stmt_run(db, &insert, DB_IN(db_u64(3))), ERR_CONFLICT);
	return OK;
}

/* A conflict is the body's business: the transaction goes on. */
START_TEST(test_conflict_within)
{
	assert_ok(db_conn_transact(t->db, insert_twice, NULL));
	ck_assert_uint_eq(test_database_u64(t, "SELECT COUNT(*) FROM counters"),
	    3);
}
END_TEST

static enum err nest(struct db *db, void *arg)
{
	return db_conn_transact(db, add_both, arg);
}

START_TEST(test_no_nesting)
{
	struct plan plan = {0};
	enum err err = db_conn_transact(t->db, nest, &plan);

	ck_abort_msg("nested: %d", err);
}
END_TEST

/* The connection is lost in the body: all of it runs again, elsewhere. */
static const struct {
	struct plan plan;
	enum err err;
	uint64_t sum;
	unsigned runs;
} losses[] = {
    {{.kills = 1, .kill_first = true}, OK, 2, 2},
    {{.kills = 1}, OK, 2, 2},
    {{.kills = 1, .deaf = true}, OK, 2, 2},
    {{.kills = 3}, OK, 2, 4},
    {{.kills = 5}, ERR_UNAVAILABLE, 0, 5},
    {{.kills = 1, .result = ERR_DENIED}, ERR_DENIED, 0, 2},
};

START_TEST(test_lost)
{
	struct plan plan = losses[_i].plan;

	assert_err(db_conn_transact(t->db, add_both, &plan), losses[_i].err);
	ck_assert_uint_eq(sum(), losses[_i].sum);
	ck_assert_uint_eq(plan.runs, losses[_i].runs);
	assert_ok(add_to(t->db, 1));
}
END_TEST

/* ---- two processes that lock in opposite order -------------------------- */

struct rival {
	uint64_t first, second;
	int to_other, from_other;
	unsigned runs;
	bool deaf;
};

static enum err cross(struct db *db, void *arg)
{
	struct rival *r = arg;
	enum err err = add_to(db, r->first);
	char c = 'x';

	if (err != OK)
		return err;
	/* Each has its first lock before either asks for the second. */
	if (r->runs++ == 0) {
		ck_assert_int_eq(write(r->to_other, &c, 1), 1);
		ck_assert_int_eq(read(r->from_other, &c, 1), 1);
	}
	err = add_to(db, r->second);
	return r->deaf ? OK : err;
}

static void race(bool deaf)
{
	int a[2], b[2], status;
	struct rival mine, other;
	unsigned runs;
	pid_t pid;

	ck_assert(pipe(a) == 0 && pipe(b) == 0);
	mine = (struct rival){1, 2, a[1], b[0], 0, deaf};
	other = (struct rival){2, 1, b[1], a[0], 0, deaf};
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct db *db = test_database_connect(t);
		enum err err = db_conn_transact(db, cross, &other);

		db_conn_free(&db);
		_exit(err == OK ? (int)other.runs : 100);
	}
	assert_ok(db_conn_transact(t->db, cross, &mine));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	runs = mine.runs + (unsigned)WEXITSTATUS(status);
	ck_assert_uint_eq(runs, 3);
	ck_assert_uint_eq(sum(), 4);
}

START_TEST(test_deadlock)
{
	race(false);
}
END_TEST

/* The server has rolled back: a body that does not look must not commit. */
START_TEST(test_deadlock_unseen)
{
	race(true);
}
END_TEST

/* ---- a lock that is not let go ------------------------------------------ */

static enum err hold_and_try(struct db *db, void *arg)
{
	struct plan *plan = arg;
	struct test_database impatient = *t;
	struct plan other = {0};
	struct db *rival;

	plan->runs++;
	assert_ok(add_to(db, 1));
	impatient.config.database_timeout_s = 2;
	assert_ok(db_conn_new(&impatient.config, &rival));
	assert_err(db_conn_transact(rival, add_both, &other), ERR_UNAVAILABLE);
	ck_assert_uint_eq(other.runs, 5);
	db_conn_free(&rival);
	return OK;
}

START_TEST(test_lock_wait_is_bounded)
{
	struct plan plan = {0};
	int64_t start_us = clock_monotonic_us(), took_us;

	assert_ok(db_conn_transact(t->db, hold_and_try, &plan));
	took_us = clock_monotonic_us() - start_us;
	ck_assert(took_us > 4 * SECOND_US && took_us < 9 * SECOND_US);
	ck_assert_uint_eq(sum(), 1);
}
END_TEST

Suite *suite_db_transact(void)
{
	Suite *suite = suite_create("db/transact");
	TCase *tcase = tcase_create("transact");

	tcase_set_timeout(tcase, 20);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_commit);
	tcase_add_test(tcase, test_roll_back);
	tcase_add_test(tcase, test_conflict_within);
	tcase_add_test_raise_signal(tcase, test_no_nesting, SIGABRT);
	tcase_add_loop_test(tcase, test_lost, 0, ARRAY_LEN(losses));
	tcase_add_test(tcase, test_deadlock);
	tcase_add_test(tcase, test_deadlock_unseen);
	tcase_add_test(tcase, test_lock_wait_is_bounded);
	suite_add_tcase(suite, tcase);
	return suite;
}
