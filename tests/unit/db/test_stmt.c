#include "core/base.h"

#include "suites.h"
#include "things.h"
#include "unit.h"

START_TEST(test_one)
{
	struct thing row = {.id = 77};

	assert_err(things_get(1, &row), ERR_NOT_FOUND);
	ck_assert_uint_eq(row.id, 77);
}
END_TEST

START_TEST(test_one_of_two)
{
	static const struct db_stmt any = {
	    .name = "any",
	    .sql = "SELECT id, n, flag, name, secret, hash, at FROM things",
	    DB_ROW(thing_columns, struct thing),
	};
	struct thing row = {.id = 77};

	things_insert("a");
	assert_ok(db_stmt_one(scene.t->db, &any, DB_NO_IN, scene.arena, &row));
	things_insert("b");
	row.id = 77;
	assert_err(db_stmt_one(scene.t->db, &any, DB_NO_IN, scene.arena, &row),
	    ERR_INTERNAL);
	ck_assert_uint_eq(row.id, 77);
}
END_TEST

START_TEST(test_all)
{
	struct thing *rows;
	size_t n = 77;

	assert_ok(db_stmt_all(scene.t->db, &things[THING_LIST],
	    DB_IN(db_u64(0)), scene.arena, 2, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_ptr_null(rows);
	things_insert("a");
	things_insert("b");
	assert_ok(db_stmt_all(scene.t->db, &things[THING_LIST],
	    DB_IN(db_u64(0)), scene.arena, 2, &rows, &n));
	ck_assert_uint_eq(n, 2);
	assert_str(rows[0].name, "a");
	assert_str(rows[1].name, "b");
	things_insert("c");
	assert_err(db_stmt_all(scene.t->db, &things[THING_LIST],
		       DB_IN(db_u64(0)), scene.arena, 2, &rows, &n),
	    ERR_LIMIT);
	ck_assert_uint_eq(n, 2);
}
END_TEST

START_TEST(test_changed_rows_are_those_that_matched)
{
	uint64_t rows;

	things_insert("same");
	assert_ok(db_stmt_change(scene.t->db, &things[THING_RENAME],
	    DB_IN(db_text(STR("same")), db_text(STR("same"))), &rows));
	ck_assert_uint_eq(rows, 1);
	assert_ok(db_stmt_change(scene.t->db, &things[THING_RENAME],
	    DB_IN(db_text(STR("x")), db_text(STR("other"))), &rows));
	ck_assert_uint_eq(rows, 0);
}
END_TEST

START_TEST(test_conflict_and_missing)
{
	struct digest hash = things_hash("");
	uint64_t id = things_insert("only"), none = 77;

	assert_err(db_stmt_insert(scene.t->db, &things[THING_INSERT],
		       DB_IN(db_null(), db_null(), db_text(STR("only")),
			   db_null(), db_digest(&hash), db_null()),
		       &none),
	    ERR_CONFLICT);
	ck_assert_uint_eq(none, 77);
	assert_err(db_stmt_run(scene.t->db, &things[THING_INSERT_PART],
		       DB_IN(db_u64(id + 1000))),
	    ERR_NOT_FOUND);
	assert_ok(db_stmt_run(scene.t->db, &things[THING_INSERT_PART],
	    DB_IN(db_u64(id))));
	assert_err(db_stmt_run(scene.t->db, &things[THING_INSERT_PART],
		       DB_IN(db_u64(id))),
	    ERR_CONFLICT);
	/* A row that others point to stays. */
	hash = things_hash("only");
	assert_err(db_stmt_one(scene.t->db, &things[THING_DELETE_RETURNING],
		       DB_IN(db_digest(&hash)), scene.arena,
		       &(struct thing){0}),
	    ERR_CONFLICT);
}
END_TEST

START_TEST(test_delete_returning)
{
	struct digest hash = things_hash("once");
	struct thing row;
	uint64_t id = things_insert("once");

	assert_ok(db_stmt_one(scene.t->db, &things[THING_DELETE_RETURNING],
	    DB_IN(db_digest(&hash)), scene.arena, &row));
	ck_assert_uint_eq(row.id, id);
	assert_str(row.name, "once");
	assert_err(db_stmt_one(scene.t->db, &things[THING_DELETE_RETURNING],
		       DB_IN(db_digest(&hash)), scene.arena, &row),
	    ERR_NOT_FOUND);
}
END_TEST

static const char *const broken[] = {
    "SELEKT 1",
    "INSERT INTO nowhere VALUES (1)",
    "INSERT INTO things (no_such_column) VALUES (1)",
    "INSERT INTO things (name) VALUES (REPEAT('x', 501))",
    "INSERT INTO things (at) VALUES ('0000-00-00')",
    "INSERT INTO things (n) VALUES ('12x')",
    "INSERT INTO things (n) VALUES (1 / 0)",
    "SELECT 1; SELECT 2",
};

/* Also shows that the SQL mode is strict and statements do not stack. */
START_TEST(test_broken)
{
	struct db_stmt stmt = {.name = "broken", .sql = broken[_i]};

	assert_err(db_stmt_run(scene.t->db, &stmt, DB_NO_IN), ERR_INTERNAL);
	db_conn_free(&scene.t->db);
}
END_TEST

static const struct {
	const char *sql;
	unsigned n_in;
	size_t n_columns;
	enum err err;
} checks[] = {
    {"SELECT id, n FROM things WHERE id = ?", 1, 2, OK},
    {"SELECT id, n FROM things WHERE id = ?", 0, 2, ERR_INVALID},
    {"SELECT id, n FROM things WHERE id = ?", 2, 2, ERR_INVALID},
    {"SELECT id, n FROM things WHERE id = ?", 1, 1, ERR_INVALID},
    {"SELECT id, n FROM things WHERE id = ?", 1, 3, ERR_INVALID},
    {"SELECT id, m FROM things WHERE id = ?", 1, 2, ERR_INVALID},
    {"SELECT id, n FROM thongs WHERE id = ?", 1, 2, ERR_INVALID},
    {"DELETE FROM things WHERE id = ? RETURNING id, n", 1, 2, OK},
    {"DELETE FROM things WHERE id = ? RETURNING id, n", 2, 2, ERR_INVALID},
    {"INSERT INTO things (n) VALUES (?) RETURNING id, n", 1, 2, OK},
    {"DELETE FROM things WHERE id = ?", 1, 0, OK},
    {"DELETE FORM things WHERE id = ?", 1, 0, ERR_INVALID},
};

START_TEST(test_check)
{
	struct db_stmt stmt = {
	    .name = "check",
	    .sql = checks[_i].sql,
	    .n_in = checks[_i].n_in,
	    .columns = thing_columns,
	    .n_columns = checks[_i].n_columns,
	    .row_size = sizeof(struct thing),
	};

	assert_err(db_stmt_check(scene.t->db, &stmt), checks[_i].err);
	/* One after the other on a connection. */
	assert_ok(db_stmt_check(scene.t->db, &things[THING_GET]));
	things_insert("after");
}
END_TEST

/* Statements are found again whatever else is prepared, and only once. */
START_TEST(test_many_statements)
{
	enum { N = 300 };
	static struct db_stmt many[N];
	struct thing row;

	for (int i = 0; i < N; i++)
		many[i] = things[THING_GET];
	things_insert("x");
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < N; i++)
			assert_ok(db_stmt_one(scene.t->db, &many[i],
			    DB_IN(db_u64(1)), scene.arena, &row));
	ck_assert_uint_eq(
	    test_database_u64(scene.t,
		"SELECT CAST(VARIABLE_VALUE AS"
		" UNSIGNED) FROM information_schema.GLOBAL_STATUS WHERE"
		" VARIABLE_NAME = 'Prepared_stmt_count'") /
		100,
	    3);
}
END_TEST

/* The table changed under a prepared statement. */
START_TEST(test_schema_change)
{
	struct thing row;
	uint64_t id = things_insert("x");

	assert_ok(things_get(id, &row));
	test_database_exec(scene.t, "ALTER TABLE things ADD other INT FIRST");
	assert_ok(things_get(id, &row));
	assert_str(row.name, "x");
}
END_TEST

START_TEST(test_counts)
{
	struct db_counts before, after;
	struct thing row;
	uint64_t id = things_insert("x");

	before = db_conn_counts(scene.t->db);
	assert_ok(things_get(id, &row));
	after = db_conn_counts(scene.t->db);
	ck_assert_uint_eq(after.statements - before.statements, 1);
	ck_assert_uint_eq(after.commits - before.commits, 0);
	things_insert("y");
	after = db_conn_counts(scene.t->db);
	ck_assert_uint_eq(after.statements - before.statements, 2);
	ck_assert_uint_eq(after.commits - before.commits, 1);
	ck_assert_uint_eq(after.connects, 1);
}
END_TEST

Suite *suite_db_stmt(void)
{
	Suite *suite = suite_create("db/stmt");
	TCase *tcase = tcase_create("stmt");

	tcase_add_checked_fixture(tcase, things_set_up, things_tear_down);
	tcase_add_test(tcase, test_one);
	tcase_add_test(tcase, test_one_of_two);
	tcase_add_test(tcase, test_all);
	tcase_add_test(tcase, test_changed_rows_are_those_that_matched);
	tcase_add_test(tcase, test_conflict_and_missing);
	tcase_add_test(tcase, test_delete_returning);
	tcase_add_loop_test(tcase, test_broken, 0, ARRAY_LEN(broken));
	tcase_add_loop_test(tcase, test_check, 0, ARRAY_LEN(checks));
	tcase_add_test(tcase, test_many_statements);
	tcase_add_test(tcase, test_schema_change);
	tcase_add_test(tcase, test_counts);
	suite_add_tcase(suite, tcase);
	return suite;
}
