#include "core/base.h"

#include "core/clock.h"
#include "database.h"
#include "db/stmt.h"
#include "suites.h"
#include "unit.h"

#define ARENA_MAX (1 << 20)

static struct test_database *t;
static struct arena *arena;

struct thing {
	uint64_t id;
	uint64_t n;
	bool flag;
	struct str name;
	struct secret_str secret;
	struct digest hash;
	int64_t at_us;
};

static const struct db_column thing_columns[] = {
    DB_COLUMN(struct thing, id, DB_U64),
    DB_COLUMN(struct thing, n, DB_U64),
    DB_COLUMN(struct thing, flag, DB_BOOL),
    DB_COLUMN(struct thing, name, DB_TEXT),
    DB_COLUMN(struct thing, secret, DB_SECRET),
    DB_COLUMN(struct thing, hash, DB_DIGEST),
    DB_COLUMN(struct thing, at_us, DB_TIME),
};

enum {
	INSERT,
	GET,
	LIST,
	RENAME,
	DELETE_RETURNING,
	INSERT_PART,
	N_STMTS,
};

static const struct db_stmt stmts[] = {
    [INSERT] =
	{
	    .name = "insert",
	    .sql = "INSERT INTO things (n, flag, name, secret, hash, at)"
		   " VALUES (?, ?, ?, ?, ?, ?)",
	    .n_in = 6,
	},
    [GET] =
	{
	    .name = "get",
	    .sql = "SELECT id, n, flag, name, secret, hash, at FROM things"
		   " WHERE id = ?",
	    .n_in = 1,
	    DB_ROW(thing_columns, struct thing),
	},
    [LIST] =
	{
	    .name = "list",
	    .sql = "SELECT id, n, flag, name, secret, hash, at FROM things"
		   " WHERE n >= ? ORDER BY id",
	    .n_in = 1,
	    DB_ROW(thing_columns, struct thing),
	},
    [RENAME] =
	{
	    .name = "rename",
	    .sql = "UPDATE things SET name = ? WHERE name = ?",
	    .n_in = 2,
	},
    [DELETE_RETURNING] =
	{
	    .name = "delete_returning",
	    .sql = "DELETE FROM things WHERE hash = ?"
		   " RETURNING id, n, flag, name, secret, hash, at",
	    .n_in = 1,
	    DB_ROW(thing_columns, struct thing),
	},
    [INSERT_PART] =
	{
	    .name = "insert_part",
	    .sql = "INSERT INTO parts (thing_id) VALUES (?)",
	    .n_in = 1,
	},
};

static void set_up(void)
{
	t = test_database_new_empty("stmt");
	arena = arena_new(ARENA_MAX);
	test_database_exec(t,
	    "CREATE TABLE things ("
	    " id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,"
	    " n BIGINT UNSIGNED, flag BOOLEAN,"
	    " name VARCHAR(500) UNIQUE, secret VARBINARY(100),"
	    " hash BINARY(32), at DATETIME(6)"
	    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
	test_database_exec(t,
	    "CREATE TABLE parts ("
	    " thing_id BIGINT UNSIGNED PRIMARY KEY,"
	    " FOREIGN KEY (thing_id) REFERENCES things (id)) ENGINE=InnoDB");
}

static void tear_down(void)
{
	arena_free(&arena);
	test_database_free(&t);
}

static struct digest hash_of(const char *z)
{
	struct digest d;

	crypto_sha256(z, strlen(z), &d);
	return d;
}

static uint64_t insert_named(const char *name)
{
	struct digest hash = hash_of(name);
	uint64_t id;

	assert_ok(db_stmt_insert(t->db, &stmts[INSERT],
	    DB_IN(db_u64(1), db_bool(true), db_text(str_of(name)), db_null(),
		db_digest(&hash), db_null()),
	    &id));
	return id;
}

static enum err get(uint64_t id, struct thing *ret)
{
	return db_stmt_one(t->db, &stmts[GET], DB_IN(db_u64(id)), arena, ret);
}

static const struct {
	uint64_t n;
	bool flag;
	const char *name, *secret;
	int64_t at_us;
} values[] = {
    {0, false, "", "", 1},
    {1, true, "x", "\x01\xff\xfe", SECOND_US},
    {UINT64_MAX, true, "\xf0\x9f\x91\xbb boo", "'; DROP TABLE things; --",
	INT64_C(1795502700123456)},
    {INT64_MAX, true, "quote ' \" \\ ? % \n", "\xc3\x28", -1},
    {UINT32_MAX, true, "e\xcc\x81", "\\", -INT64_C(62135596800000000)},
    {42, false, "last second", "s", INT64_C(253402300799999999)},
};

START_TEST(test_round_trip)
{
	struct digest hash = hash_of(values[_i].name);
	struct secret_str secret = {values[_i].secret,
	    strlen(values[_i].secret)};
	struct thing row;
	uint64_t id;

	assert_ok(db_stmt_insert(t->db, &stmts[INSERT],
	    DB_IN(db_u64(values[_i].n), db_bool(values[_i].flag),
		db_text(str_of(values[_i].name)), db_secret(secret),
		db_digest(&hash), db_time(values[_i].at_us)),
	    &id));
	ck_assert_uint_eq(id, 1);
	assert_ok(get(id, &row));
	ck_assert_uint_eq(row.id, id);
	ck_assert_uint_eq(row.n, values[_i].n);
	ck_assert_int_eq(row.flag, values[_i].flag);
	assert_str(row.name, values[_i].name);
	ck_assert_ptr_nonnull(row.name.p);
	ck_assert_int_eq(row.name.p[row.name.len], '\0');
	ck_assert_uint_eq(row.secret.len, secret.len);
	ck_assert_mem_eq(row.secret.p, secret.p, secret.len);
	ck_assert_mem_eq(&row.hash, &hash, sizeof(hash));
	ck_assert_int_eq(row.at_us, values[_i].at_us);
}
END_TEST

START_TEST(test_null)
{
	struct digest hash = hash_of("");
	struct thing row;
	uint64_t id;

	memset(&row, 0x5a, sizeof(row));
	assert_ok(db_stmt_insert(t->db, &stmts[INSERT],
	    DB_IN(db_id(0), db_null(), db_text((struct str){0}),
		db_secret((struct secret_str){0}), db_digest(&hash),
		db_time(0)),
	    &id));
	ck_assert_uint_eq(
	    test_database_u64(t,
		"SELECT COUNT(*) FROM things"
		" WHERE n IS NULL AND flag IS NULL AND name IS NULL AND"
		" secret IS NULL AND at IS NULL"),
	    1);
	assert_ok(get(id, &row));
	ck_assert_uint_eq(row.n, 0);
	ck_assert(!row.flag);
	ck_assert_ptr_null(row.name.p);
	ck_assert_uint_eq(row.name.len, 0);
	ck_assert_ptr_null(row.secret.p);
	ck_assert_int_eq(row.at_us, 0);
}
END_TEST

START_TEST(test_time_is_utc_for_the_server)
{
	const int64_t at_us = INT64_C(1795502700) * SECOND_US + 7;
	struct digest hash = hash_of("");
	uint64_t id;

	assert_ok(db_stmt_insert(t->db, &stmts[INSERT],
	    DB_IN(db_null(), db_null(), db_null(), db_null(), db_digest(&hash),
		db_time(at_us)),
	    &id));
	ck_assert_uint_eq(test_database_u64(t,
			      "SELECT COUNT(*) FROM things"
			      " WHERE at = '2026-11-24 06:45:00.000007'"),
	    1);
}
END_TEST

START_TEST(test_one)
{
	struct thing row = {.id = 77};

	assert_err(get(1, &row), ERR_NOT_FOUND);
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

	insert_named("a");
	assert_ok(db_stmt_one(t->db, &any, DB_NO_IN, arena, &row));
	insert_named("b");
	row.id = 77;
	assert_err(db_stmt_one(t->db, &any, DB_NO_IN, arena, &row),
	    ERR_INTERNAL);
	ck_assert_uint_eq(row.id, 77);
}
END_TEST

START_TEST(test_all)
{
	struct thing *rows;
	size_t n = 77;

	assert_ok(db_stmt_all(t->db, &stmts[LIST], DB_IN(db_u64(0)), arena, 2,
	    &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_ptr_null(rows);
	insert_named("a");
	insert_named("b");
	assert_ok(db_stmt_all(t->db, &stmts[LIST], DB_IN(db_u64(0)), arena, 2,
	    &rows, &n));
	ck_assert_uint_eq(n, 2);
	assert_str(rows[0].name, "a");
	assert_str(rows[1].name, "b");
	insert_named("c");
	assert_err(db_stmt_all(t->db, &stmts[LIST], DB_IN(db_u64(0)), arena, 2,
		       &rows, &n),
	    ERR_LIMIT);
	ck_assert_uint_eq(n, 2);
}
END_TEST

START_TEST(test_arena_full)
{
	struct arena *small = arena_new(64);
	struct thing row = {.id = 77};
	char name[401];
	uint64_t id;

	memset(name, 'x', 400);
	name[400] = '\0';
	id = insert_named(name);
	assert_err(db_stmt_one(t->db, &stmts[GET], DB_IN(db_u64(id)), small,
		       &row),
	    ERR_LIMIT);
	ck_assert_uint_eq(row.id, 77);
	arena_free(&small);
	assert_ok(get(id, &row));
	assert_str(row.name, name);
}
END_TEST

START_TEST(test_changed_rows_are_those_that_matched)
{
	uint64_t rows;

	insert_named("same");
	assert_ok(db_stmt_change(t->db, &stmts[RENAME],
	    DB_IN(db_text(STR("same")), db_text(STR("same"))), &rows));
	ck_assert_uint_eq(rows, 1);
	assert_ok(db_stmt_change(t->db, &stmts[RENAME],
	    DB_IN(db_text(STR("x")), db_text(STR("other"))), &rows));
	ck_assert_uint_eq(rows, 0);
}
END_TEST

START_TEST(test_conflict_and_missing)
{
	struct digest hash = hash_of("");
	uint64_t id = insert_named("only"), none = 77;

	assert_err(db_stmt_insert(t->db, &stmts[INSERT],
		       DB_IN(db_null(), db_null(), db_text(STR("only")),
			   db_null(), db_digest(&hash), db_null()),
		       &none),
	    ERR_CONFLICT);
	ck_assert_uint_eq(none, 77);
	assert_err(db_stmt_run(t->db, &stmts[INSERT_PART],
		       DB_IN(db_u64(id + 1000))),
	    ERR_NOT_FOUND);
	assert_ok(db_stmt_run(t->db, &stmts[INSERT_PART], DB_IN(db_u64(id))));
	assert_err(db_stmt_run(t->db, &stmts[INSERT_PART], DB_IN(db_u64(id))),
	    ERR_CONFLICT);
	/* A row that others point to stays. */
	hash = hash_of("only");
	assert_err(db_stmt_one(t->db, &stmts[DELETE_RETURNING],
		       DB_IN(db_digest(&hash)), arena, &(struct thing){0}),
	    ERR_CONFLICT);
}
END_TEST

START_TEST(test_delete_returning)
{
	struct digest hash = hash_of("once");
	struct thing row;
	uint64_t id = insert_named("once");

	assert_ok(db_stmt_one(t->db, &stmts[DELETE_RETURNING],
	    DB_IN(db_digest(&hash)), arena, &row));
	ck_assert_uint_eq(row.id, id);
	assert_str(row.name, "once");
	assert_err(db_stmt_one(t->db, &stmts[DELETE_RETURNING],
		       DB_IN(db_digest(&hash)), arena, &row),
	    ERR_NOT_FOUND);
}
END_TEST

/* What does not fit is our mistake or a broken schema, and never cut. */
static const char *const misfits[] = {
    "SELECT -1, 1, 1, 'a', 'b', REPEAT('x', 32), NOW()",
    "SELECT 1, 18446744073709551616, 1, 'a', 'b', REPEAT('x', 32), NOW()",
    "SELECT 1, 1, 1, 'a', 'b', REPEAT('x', 31), NOW()",
    "SELECT 1, 1, 1, 'a', 'b', REPEAT('x', 33), NOW()",
    "SELECT 1, 1, 1, 'a', 'b', NULL, NOW()",
};

START_TEST(test_misfit)
{
	struct db_stmt stmt = {
	    .name = "misfit",
	    .sql = misfits[_i],
	    DB_ROW(thing_columns, struct thing),
	};
	struct thing row;

	assert_err(db_stmt_one(t->db, &stmt, DB_NO_IN, arena, &row),
	    ERR_INTERNAL);
	/* The connection is as good as before. */
	insert_named("after");
	db_conn_free(&t->db);
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

	assert_err(db_stmt_run(t->db, &stmt, DB_NO_IN), ERR_INTERNAL);
	db_conn_free(&t->db);
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

	assert_err(db_stmt_check(t->db, &stmt), checks[_i].err);
	/* One after the other on a connection. */
	assert_ok(db_stmt_check(t->db, &stmts[GET]));
	insert_named("after");
}
END_TEST

/* Statements are found again whatever else is prepared, and only once. */
START_TEST(test_many_statements)
{
	enum { N = 300 };
	static struct db_stmt many[N];
	struct thing row;

	for (int i = 0; i < N; i++)
		many[i] = stmts[GET];
	insert_named("x");
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < N; i++)
			assert_ok(db_stmt_one(t->db, &many[i], DB_IN(db_u64(1)),
			    arena, &row));
	ck_assert_uint_eq(
	    test_database_u64(t,
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
	uint64_t id = insert_named("x");

	assert_ok(get(id, &row));
	test_database_exec(t, "ALTER TABLE things ADD other INT FIRST");
	assert_ok(get(id, &row));
	assert_str(row.name, "x");
}
END_TEST

START_TEST(test_counts)
{
	struct db_counts before, after;
	struct thing row;
	uint64_t id = insert_named("x");

	before = db_conn_counts(t->db);
	assert_ok(get(id, &row));
	after = db_conn_counts(t->db);
	ck_assert_uint_eq(after.statements - before.statements, 1);
	ck_assert_uint_eq(after.commits - before.commits, 0);
	insert_named("y");
	after = db_conn_counts(t->db);
	ck_assert_uint_eq(after.statements - before.statements, 2);
	ck_assert_uint_eq(after.commits - before.commits, 1);
	ck_assert_uint_eq(after.connects, 1);
}
END_TEST

Suite *suite_db_stmt(void)
{
	Suite *suite = suite_create("db/stmt");
	TCase *tcase = tcase_create("stmt");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, test_round_trip, 0, ARRAY_LEN(values));
	tcase_add_test(tcase, test_null);
	tcase_add_test(tcase, test_time_is_utc_for_the_server);
	tcase_add_test(tcase, test_one);
	tcase_add_test(tcase, test_one_of_two);
	tcase_add_test(tcase, test_all);
	tcase_add_test(tcase, test_arena_full);
	tcase_add_test(tcase, test_changed_rows_are_those_that_matched);
	tcase_add_test(tcase, test_conflict_and_missing);
	tcase_add_test(tcase, test_delete_returning);
	tcase_add_loop_test(tcase, test_misfit, 0, ARRAY_LEN(misfits));
	tcase_add_loop_test(tcase, test_broken, 0, ARRAY_LEN(broken));
	tcase_add_loop_test(tcase, test_check, 0, ARRAY_LEN(checks));
	tcase_add_test(tcase, test_many_statements);
	tcase_add_test(tcase, test_schema_change);
	tcase_add_test(tcase, test_counts);
	suite_add_tcase(suite, tcase);
	return suite;
}
