/*
 * A database of its own for a test that needs one.
 *
 *	static struct test_database *t;
 *
 *	static void set_up(void)    { t = test_database_new("user"); }
 *	static void tear_down(void) { test_database_free(&t); }
 *
 * with tcase_add_checked_fixture: every test then begins with the migrated,
 * otherwise empty schema.  The server is the one T2O_TEST_DATABASE_URL names,
 * with an account that may create and drop databases; tests/with-mariadb
 * starts a private one and sets that, also in `make check`.
 *
 * Whatever goes wrong here fails the test.
 */
#ifndef T2O_TESTS_DATABASE_H
#define T2O_TESTS_DATABASE_H

#include "core/config.h"
#include "db/conn.h"

struct test_database {
	struct config
	    config;    /* database_url and its time-outs; the rest is 0 */
	struct db *db; /* connected when first used */
	char url[512]; /* what config.database_url points to */
	char name[64];
};

/*
 * Creates t2o_test_NAME_RANDOM and applies sql/ to it.  `name`: letters,
 * digits and _, at most 30.  Also does crypto_init.
 */
struct test_database *test_database_new(const char *name);

/* The same without migrations: no table at all. */
struct test_database *test_database_new_empty(const char *name);

/* Drops the database; a test that failed leaves it behind. */
void test_database_free(struct test_database **t);

/* One more connection to the same database; the caller db_conn_free()s it. */
struct db *test_database_connect(const struct test_database *t);

/* Runs one statement as text, on a connection of its own. */
void test_database_exec(const struct test_database *t, const char *sql);

/* The first column, a number, of the one row that `sql` selects. */
uint64_t test_database_u64(const struct test_database *t, const char *sql);

/* Where sql/ is in the source tree. */
const char *test_database_sql_dir(void);

#endif
