#include "core/base.h"

#include <sys/wait.h>

#include "core/buf.h"
#include "fixture.h"

#define ARENA_MAX (1 << 20)

struct test_database *t;
struct db *db;
struct arena *arena;

static void set_up(void)
{
	t = test_database_new("store");
	db = t->db;
	arena = arena_new(ARENA_MAX);
}

static void tear_down(void)
{
	arena_free(&arena);
	test_database_free(&t);
}

Suite *fixture_suite(const char *name, TCase **ret_tcase)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 120); /* slow under valgrind */
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	suite_add_tcase(suite, tcase);
	*ret_tcase = tcase;
	return suite;
}

uint64_t fixture_user(const char *name)
{
	struct buf email;
	struct store_user user = {
	    .username = str_of(name),
	    .first_name = STR("J\xc3\xb6rg"),
	    .last_name = STR("O'Neill"),
	    .verified_us = NOW - SECOND_US,
	    .created_us = NOW - DAY_S * SECOND_US,
	};
	uint64_t id;

	buf_init(&email, 254);
	buf_putf(&email, "%s@example.org", name);
	user.email = buf_str(&email);
	assert_ok(store_user_add(db, &user, &id));
	buf_done(&email);
	return id;
}

struct digest fixture_digest(const char *text)
{
	struct digest digest;

	crypto_sha256(text, strlen(text), &digest);
	return digest;
}

static _Noreturn void rival(int gate,
    bool (*body)(struct db *own, struct arena *memory, size_t number),
    size_t number)
{
	struct db *own = test_database_connect(t);
	struct arena *memory = arena_new(ARENA_MAX);
	bool won;
	char c;

	assert_ok(db_conn_ensure(own));
	/* Opens, by its end, once the last rival is there. */
	ck_assert_int_eq(read(gate, &c, 1), 0);
	won = body(own, memory, number);
	arena_free(&memory);
	db_conn_free(&own);
	_exit(won ? 0 : 1);
}

size_t fixture_rivals(size_t n,
    bool (*body)(struct db *own, struct arena *memory, size_t number))
{
	size_t n_won = 0;
	int gate[2];

	ck_assert_int_eq(pipe(gate), 0);
	for (size_t i = 0; i < n; i++) {
		pid_t pid = fork();

		ck_assert_int_ge(pid, 0);
		if (pid > 0)
			continue;
		(void)close(gate[1]);
		rival(gate[0], body, i);
	}
	(void)usleep(200000);
	(void)close(gate[0]);
	(void)close(gate[1]);
	for (size_t i = 0; i < n; i++) {
		int status;

		ck_assert_int_gt(wait(&status), 0);
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) < 2,
		    "a rival died");
		n_won += WEXITSTATUS(status) == 0;
	}
	return n_won;
}
