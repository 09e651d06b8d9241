#include "core/base.h"

#include "auth/admin.h"
#include "auth/login.h"

#include <sys/wait.h>

#include "scene.h"
#include "store/credential.h"
#include "store/user.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static uint64_t user_id;
static struct auth_login_result result;

static void set_up(void)
{
	scene = scene_new("login");
	user_id = scene_add_user(scene, "ada", NULL);
}

static void tear_down(void)
{
	scene_free(&scene);
}

static enum auth_login_outcome log_in(const char *name, const char *password)
{
	struct auth_login login = {
	    .username_or_email = str_of(name),
	    .password = scene_secret(password),
	};

	result = (struct auth_login_result){0};
	assert_ok(auth_login(&scene->context, &login, &result));
	return result.outcome;
}

static const char *const names[] = {"ada", "ADA", "ada@example.org",
    "Ada@Example.org"};

START_TEST(a_right_password_begins_a_session)
{
	struct store_principal principal;

	ck_assert_int_eq(log_in(names[_i], SCENE_PASSWORD), AUTH_LOGIN_GRANTED);
	ck_assert_uint_eq(result.principal.user.id, user_id);
	assert_ok(scene_resolve(scene, &result.session_id, &principal));
	ck_assert_uint_eq(scene_count_events(scene, "login"), 1);
}
END_TEST

START_TEST(wrong_and_unknown_are_one_answer)
{
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD "x"), AUTH_LOGIN_INVALID);
	ck_assert_int_eq(log_in("nobody", SCENE_PASSWORD), AUTH_LOGIN_INVALID);
	ck_assert_int_eq(log_in("' OR 1=1 --", SCENE_PASSWORD),
	    AUTH_LOGIN_INVALID);
	ck_assert_uint_eq(scene_count_events(scene, "login_failed"), 3);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM sessions"),
	    0);
}
END_TEST

START_TEST(without_a_password_nobody_gets_in)
{
	test_database_exec(scene->database, "DELETE FROM credentials");
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), AUTH_LOGIN_INVALID);
	ck_assert_int_eq(log_in("ada", ""), AUTH_LOGIN_INVALID);
}
END_TEST

static const struct {
	const char *sql;
	enum auth_login_outcome outcome;
	const char *event;
} states[] = {
    {"UPDATE users SET verified_at = NULL", AUTH_LOGIN_UNVERIFIED,
	"login_blocked"},
    {"UPDATE users SET disabled_at = created_at", AUTH_LOGIN_DISABLED,
	"login_blocked"},
    {"INSERT INTO credentials (user_id, kind, secret, changed_at)"
     " SELECT id, 'totp', 'x', created_at FROM users",
	AUTH_LOGIN_TWOFA, "login_challenged"},
};

START_TEST(a_right_password_is_not_enough_for_these)
{
	test_database_exec(scene->database, states[_i].sql);
	ck_assert_int_eq(log_in("ada", "wrong password"), AUTH_LOGIN_INVALID);
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), states[_i].outcome);
	ck_assert_uint_eq(scene_count_events(scene, states[_i].event), 1);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM sessions"),
	    0);
}
END_TEST

static void fail_five_times(const char *name)
{
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(log_in(name, "wrong password"),
		    AUTH_LOGIN_INVALID);
}

static const char *const tried[] = {"ada", "nobody"};

START_TEST(failures_are_throttled_whoever_is_meant)
{
	fail_five_times(tried[_i]);
	ck_assert_int_eq(log_in(tried[_i], SCENE_PASSWORD),
	    AUTH_LOGIN_THROTTLED);
	ck_assert_int_eq(result.wait_s, 60);
	ck_assert_int_eq(log_in("bob", "wrong password"), AUTH_LOGIN_INVALID);
	scene_pass(scene, 60);
	ck_assert_int_eq(log_in(tried[_i], SCENE_PASSWORD),
	    _i == 0 ? AUTH_LOGIN_GRANTED : AUTH_LOGIN_INVALID);
}
END_TEST

START_TEST(a_success_forgets_the_failures)
{
	for (int i = 0; i < 4; i++)
		(void)log_in("ada", "wrong password");
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), AUTH_LOGIN_GRANTED);
	for (int i = 0; i < 4; i++)
		(void)log_in("ada", "wrong password");
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(an_address_that_guesses_names_is_throttled)
{
	char name[16];

	for (int i = 0; i < 30; i++) {
		(void)snprintf(name, sizeof(name), "user%d", i);
		ck_assert_int_eq(log_in(name, "wrong password"),
		    AUTH_LOGIN_INVALID);
	}
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), AUTH_LOGIN_THROTTLED);
	scene->context.origin.client_ip = STR("192.0.2.2");
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(the_session_before_ends)
{
	struct store_principal principal;
	struct secret old;
	struct auth_login login = {
	    .username_or_email = STR("ada"),
	    .password = scene_secret(SCENE_PASSWORD),
	    .old = &principal,
	};

	(void)log_in("ada", SCENE_PASSWORD);
	old = result.session_id;
	assert_ok(scene_resolve(scene, &old, &principal));
	assert_ok(auth_login(&scene->context, &login, &result));
	ck_assert(!crypto_equal(&old, &result.session_id, sizeof(old)));
	assert_err(scene_resolve(scene, &old, &principal), ERR_NOT_FOUND);
	assert_ok(scene_resolve(scene, &result.session_id, &principal));
}
END_TEST

static uint64_t count_notices(void)
{
	return test_database_u64(scene->database,
	    "SELECT COUNT(*) FROM mail_outbox WHERE template = 'new_login'");
}

START_TEST(a_login_from_a_new_place_is_told)
{
	(void)log_in("ada", SCENE_PASSWORD);
	scene->context.origin.client_ip = STR("192.0.2.200");
	(void)log_in("ada", SCENE_PASSWORD);
	ck_assert_uint_eq(count_notices(), 0);
	scene->context.origin.client_ip = STR("198.51.100.7");
	(void)log_in("ada", "wrong password");
	ck_assert_uint_eq(count_notices(), 0);
	(void)log_in("ada", SCENE_PASSWORD);
	ck_assert_uint_eq(count_notices(), 1);
	(void)log_in("ada", SCENE_PASSWORD);
	ck_assert_uint_eq(count_notices(), 1);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM mail_outbox"
			      " WHERE detail = '198.51.100.7'"),
	    1);
}
END_TEST

/* werkzeug's, of SCENE_PASSWORD; see test_hash.c for how they are made. */
static const char *const foreign[] = {
    "pbkdf2:sha256:1000$saltsalt$"
    "4bd17f1da14754802eaddad4eb3f541103e6dcc2557b0fe9005992960b272b22",
    "scrypt:32768:8:1$saltsalt$"
    "ca6b48f80ca524402ab17c6dd95f17c16fe32cb77821f6dbdf7e34073b006823"
    "b05369eecaf58594e05a2c450dc722bcffe1064c185f838f2cfd5a694680afa8",
};

START_TEST(a_foreign_hash_is_replaced_at_login)
{
	char sql[512];

	(void)snprintf(sql, sizeof(sql), "UPDATE credentials SET secret = '%s'",
	    foreign[_i]);
	test_database_exec(scene->database, sql);
	ck_assert_int_eq(log_in("ada", "wrong password"), AUTH_LOGIN_INVALID);
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), AUTH_LOGIN_GRANTED);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM credentials WHERE"
			      " secret LIKE '$argon2id$v=19$m=64,t=1,p=1$%'"),
	    1);
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), AUTH_LOGIN_GRANTED);
	ck_assert_uint_eq(scene_count_events(scene, "password_rehashed"), 1);
}
END_TEST

START_TEST(a_cheaper_hash_is_replaced_when_the_cost_rises)
{
	scene->config.argon2_passes = 2;
	ck_assert_int_eq(log_in("ada", SCENE_PASSWORD), AUTH_LOGIN_GRANTED);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM credentials WHERE"
			      " secret LIKE '$argon2id$v=19$m=64,t=2,p=1$%'"),
	    1);
}
END_TEST

START_TEST(a_hash_of_no_known_form_is_an_error_of_ours)
{
	struct auth_login login = {
	    .username_or_email = STR("ada"),
	    .password = scene_secret(SCENE_PASSWORD),
	};

	test_database_exec(scene->database,
	    "UPDATE credentials SET secret = 'md5$x'");
	assert_err(auth_login(&scene->context, &login, &result), ERR_INTERNAL);
}
END_TEST

/* ---- changes while a login is under way --------------------------------- */

/* Long enough for a login to find the lock, and short enough for a test. */
#define LOGIN_US 300000

/* Exits with the outcome, or 0 when there was none. */
static pid_t log_in_elsewhere(void)
{
	struct auth_login login = {
	    .username_or_email = STR("ada"),
	    .password = scene_secret(SCENE_PASSWORD),
	};
	pid_t child = fork();

	if (child != 0)
		return child;
	scene->app.db = test_database_connect(scene->database);
	result = (struct auth_login_result){0};
	if (auth_login(&scene->context, &login, &result) != OK)
		_exit(0);
	_exit((int)result.outcome);
}

static enum err change_password(struct db *db)
{
	return store_credential_set_password(db, user_id,
	    scene_secret("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$"
			 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
	    scene->context.now_us);
}

/* As a login does that was faster. */
static enum err renew_hash(struct db *db)
{
	return store_credential_set_password(db, user_id,
	    scene_secret(foreign[0]), scene->context.now_us);
}

static enum err disable(struct db *db)
{
	return store_user_disable(db, user_id, scene->context.now_us);
}

static const struct {
	enum err (*change)(struct db *db);
	enum auth_login_outcome outcome;
	uint64_t n_sessions;
} changes[] = {
    {change_password, AUTH_LOGIN_INVALID, 0},
    {disable, AUTH_LOGIN_DISABLED, 0},
    {renew_hash, AUTH_LOGIN_GRANTED, 1},
};

struct changing {
	int row;
	pid_t login;
};

/* The login sees what was before the commit, as one that was faster would. */
static enum err change_in_transaction(struct db *db, void *arg)
{
	struct changing *c = arg;
	uint64_t n;
	enum err err = store_user_lock(db, user_id);

	if (err == OK)
		err = changes[c->row].change(db);
	if (err == OK)
		err = store_session_delete_of(db, user_id, 0, &n);
	c->login = log_in_elsewhere();
	usleep(LOGIN_US);
	return err;
}

START_TEST(no_session_outlives_a_change_made_meanwhile)
{
	struct changing c = {.row = _i};
	int status;

	assert_ok(db_conn_transact(scene->app.db, change_in_transaction, &c));
	ck_assert_int_eq(waitpid(c.login, &status, 0), c.login);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), changes[_i].outcome);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM sessions"),
	    changes[_i].n_sessions);
}
END_TEST

Suite *suite_auth_login(void)
{
	Suite *suite = suite_create("auth/login");
	TCase *tcase = tcase_create("login");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, a_right_password_begins_a_session, 0,
	    ARRAY_LEN(names));
	tcase_add_test(tcase, wrong_and_unknown_are_one_answer);
	tcase_add_test(tcase, without_a_password_nobody_gets_in);
	tcase_add_loop_test(tcase, a_right_password_is_not_enough_for_these, 0,
	    ARRAY_LEN(states));
	tcase_add_loop_test(tcase, failures_are_throttled_whoever_is_meant, 0,
	    ARRAY_LEN(tried));
	tcase_add_test(tcase, a_success_forgets_the_failures);
	tcase_add_test(tcase, an_address_that_guesses_names_is_throttled);
	tcase_add_test(tcase, the_session_before_ends);
	tcase_add_test(tcase, a_login_from_a_new_place_is_told);
	tcase_add_loop_test(tcase, a_foreign_hash_is_replaced_at_login, 0,
	    ARRAY_LEN(foreign));
	tcase_add_test(tcase, a_cheaper_hash_is_replaced_when_the_cost_rises);
	tcase_add_test(tcase, a_hash_of_no_known_form_is_an_error_of_ours);
	tcase_add_loop_test(tcase, no_session_outlives_a_change_made_meanwhile,
	    0, ARRAY_LEN(changes));
	suite_add_tcase(suite, tcase);
	return suite;
}
