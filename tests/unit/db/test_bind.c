#include "core/base.h"

#include "core/clock.h"
#include "suites.h"
#include "things.h"
#include "unit.h"

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
	struct digest hash = things_hash(values[_i].name);
	struct secret_str secret = {values[_i].secret,
	    strlen(values[_i].secret)};
	struct thing row;
	uint64_t id;

	assert_ok(db_stmt_insert(scene.t->db, &things[THING_INSERT],
	    DB_IN(db_u64(values[_i].n), db_bool(values[_i].flag),
		db_text(str_of(values[_i].name)), db_secret(secret),
		db_digest(&hash), db_time(values[_i].at_us)),
	    &id));
	ck_assert_uint_eq(id, 1);
	assert_ok(things_get(id, &row));
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
	struct digest hash = things_hash("");
	struct thing row;
	uint64_t id;

	memset(&row, 0x5a, sizeof(row));
	assert_ok(db_stmt_insert(scene.t->db, &things[THING_INSERT],
	    DB_IN(db_id(0), db_null(), db_text((struct str){0}),
		db_secret((struct secret_str){0}), db_digest(&hash),
		db_time(0)),
	    &id));
	ck_assert_uint_eq(
	    test_database_u64(scene.t,
		"SELECT COUNT(*) FROM things"
		" WHERE n IS NULL AND flag IS NULL AND name IS NULL AND"
		" secret IS NULL AND at IS NULL"),
	    1);
	assert_ok(things_get(id, &row));
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
	struct digest hash = things_hash("");
	uint64_t id;

	assert_ok(db_stmt_insert(scene.t->db, &things[THING_INSERT],
	    DB_IN(db_null(), db_null(), db_null(), db_null(), db_digest(&hash),
		db_time(at_us)),
	    &id));
	ck_assert_uint_eq(test_database_u64(scene.t,
			      "SELECT COUNT(*) FROM things"
			      " WHERE at = '2026-11-24 06:45:00.000007'"),
	    1);
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

	assert_err(db_stmt_one(scene.t->db, &stmt, DB_NO_IN, scene.arena, &row),
	    ERR_INTERNAL);
	/* The connection is as good as before. */
	things_insert("after");
	db_conn_free(&scene.t->db);
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
	id = things_insert(name);
	assert_err(db_stmt_one(scene.t->db, &things[THING_GET],
		       DB_IN(db_u64(id)), small, &row),
	    ERR_LIMIT);
	ck_assert_uint_eq(row.id, 77);
	arena_free(&small);
	assert_ok(things_get(id, &row));
	assert_str(row.name, name);
}
END_TEST

Suite *suite_db_bind(void)
{
	Suite *suite = suite_create("db/bind");
	TCase *tcase = tcase_create("bind");

	tcase_add_checked_fixture(tcase, things_set_up, things_tear_down);
	tcase_add_loop_test(tcase, test_round_trip, 0, ARRAY_LEN(values));
	tcase_add_test(tcase, test_null);
	tcase_add_test(tcase, test_time_is_utc_for_the_server);
	tcase_add_test(tcase, test_arena_full);
	tcase_add_loop_test(tcase, test_misfit, 0, ARRAY_LEN(misfits));
	suite_add_tcase(suite, tcase);
	return suite;
}
