#include "core/base.h"

#include <check.h>

#include "core/crypto.h"
#include "database.h"
#include "db/migrate.h"
#include "db/stmt.h"
#include "unit.h"

#define MIGRATE_ARENA_MAX (1 << 20)

struct number {
	uint64_t n;
};

static const struct db_column number_columns[] = {
    DB_COLUMN(struct number, n, DB_U64),
};

/* The URL with its database's name replaced. */
static void put_url(struct buf *out, struct str url, const char *database)
{
	struct str head, tail, scheme = STR("mysql://"), old, query;

	ck_assert_msg(str_starts(url, scheme),
	    "T2O_TEST_DATABASE_URL is not "
	    "set: run this through tests/with-mariadb");
	tail = (struct str){url.p + scheme.len, url.len - scheme.len};
	ck_assert(str_split(tail, '/', &head, &tail));
	buf_put(out, scheme);
	buf_put(out, head);
	buf_putc(out, '/');
	buf_puts(out, database);
	if (str_split(tail, '?', &old, &query)) {
		buf_putc(out, '?');
		buf_put(out, query);
	}
}

static struct db *connect_url(const char *url)
{
	struct config config = {
	    .database_url = {url, strlen(url)},
	    .database_connect_timeout_s = 5,
	    .database_timeout_s = 10,
	};
	struct db *db;

	assert_ok(db_conn_new(&config, &db));
	return db;
}

/* On a connection that ends with the text: statements are known by address. */
static void exec_url(const char *url, const char *sql)
{
	struct db_stmt stmt = {.name = sql, .sql = sql};
	struct db *db = connect_url(url);

	ck_assert_msg(db_stmt_run(db, &stmt, DB_NO_IN) == OK, "%s", sql);
	db_conn_free(&db);
}

static void exec_admin(const char *verb, const char *database)
{
	struct buf sql;

	buf_init(&sql, 256);
	buf_puts(&sql, verb);
	buf_putc(&sql, ' ');
	buf_puts(&sql, database);
	assert_ok(buf_err(&sql));
	exec_url(getenv("T2O_TEST_DATABASE_URL"), sql.p);
	buf_done(&sql);
}

/* Once a process, which without CK_FORK is all tests'. */
static void init_crypto(void)
{
	static bool done;

	if (!done)
		assert_ok(crypto_init());
	done = true;
}

static void copy(char *out, size_t size, const struct buf *from)
{
	ck_assert(buf_err(from) == OK && from->len < size);
	memcpy(out, from->p, from->len + 1);
}

struct test_database *test_database_new_empty(const char *name)
{
	struct test_database *t = calloc(1, sizeof(*t));
	unsigned char random[6];
	char hex[HEX_LEN(sizeof(random))];
	struct buf text;

	ck_assert_ptr_nonnull(t);
	init_crypto();
	crypto_random(random, sizeof(random));
	hex_encode(random, sizeof(random), hex);
	buf_init(&text, sizeof(t->url));
	buf_puts(&text, "t2o_test_");
	buf_puts(&text, name);
	buf_putc(&text, '_');
	buf_puts(&text, hex);
	copy(t->name, sizeof(t->name), &text);
	buf_reset(&text);
	put_url(&text, str_of(getenv("T2O_TEST_DATABASE_URL")), t->name);
	copy(t->url, sizeof(t->url), &text);
	buf_done(&text);
	exec_admin("CREATE DATABASE", t->name);
	t->config.database_url = (struct secret_str){t->url, strlen(t->url)};
	t->config.database_connect_timeout_s = 5;
	t->config.database_timeout_s = 10;
	t->db = test_database_connect(t);
	return t;
}

const char *test_database_sql_dir(void)
{
	static char dir[PATH_MAX];
	const char *srcdir = getenv("srcdir");
	struct buf path;

	buf_init(&path, sizeof(dir) - 1);
	buf_puts(&path, srcdir != NULL ? srcdir : ".");
	buf_puts(&path, "/sql");
	copy(dir, sizeof(dir), &path);
	buf_done(&path);
	return dir;
}

struct test_database *test_database_new(const char *name)
{
	struct test_database *t = test_database_new_empty(name);
	struct arena *arena = arena_new(MIGRATE_ARENA_MAX);
	size_t n;

	assert_ok(db_migrate_up(t->db, arena, test_database_sql_dir(), &n));
	arena_free(&arena);
	return t;
}

void test_database_free(struct test_database **t)
{
	if (*t == NULL)
		return;
	db_conn_free(&(*t)->db);
	exec_admin("DROP DATABASE", (*t)->name);
	free(*t);
	*t = NULL;
}

struct db *test_database_connect(const struct test_database *t)
{
	return connect_url(t->url);
}

void test_database_exec(const struct test_database *t, const char *sql)
{
	exec_url(t->url, sql);
}

uint64_t test_database_u64(const struct test_database *t, const char *sql)
{
	const struct db_stmt stmt = {
	    .name = sql,
	    .sql = sql,
	    DB_ROW(number_columns, struct number),
	};
	struct db *db = connect_url(t->url);
	struct number row;

	ck_assert_msg(db_stmt_one(db, &stmt, DB_NO_IN, NULL, &row) == OK, "%s",
	    sql);
	db_conn_free(&db);
	return row.n;
}
