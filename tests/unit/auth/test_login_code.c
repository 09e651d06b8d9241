/* Logins of somebody who has a second factor. */
#include "core/base.h"

#include <sys/wait.h>

#include "auth/admin.h"
#include "auth/login.h"
#include "auth/twofa.h"
#include "core/phc.h"
#include "factor_scene.h"
#include "store/challenge.h"
#include "suites.h"
#include "unit.h"

static struct factor_scene *f;
static struct auth_login_result result;

static void set_up(void)
{
	f = factor_scene_new("login_code");
	factor_scene_enable(f);
	/* The code that it took is used up, and nothing is in the way. */
	scene_pass(f->scene, 60);
}

static void tear_down(void)
{
	factor_scene_free(&f);
}

static enum auth_login_outcome log_in(const struct auth_login *login)
{
	result = (struct auth_login_result){0};
	assert_ok(auth_login(&f->scene->context, login, &result));
	return result.outcome;
}

static enum auth_login_outcome by_password(const char *password,
    struct secret_str code)
{
	return log_in(&(struct auth_login){.username_or_email = STR("ada"),
	    .password = scene_secret(password),
	    .code = code});
}

static const struct secret_str no_code = {NULL, 0};

/* The challenge of a right password, as text. */
static struct str challenge(char text[SECRET_TEXT_LEN + 1])
{
	ck_assert_int_eq(by_password(SCENE_PASSWORD, no_code),
	    AUTH_LOGIN_TWOFA);
	secret_text(&result.challenge, text);
	return str_of(text);
}

static enum auth_login_outcome by_challenge(struct str id,
    struct secret_str code)
{
	return log_in(&(struct auth_login){.challenge = id, .code = code});
}

/* As the mailer does for the newest login that waits. */
static struct secret_str mail_code(const char *code)
{
	uint64_t id = test_database_u64(f->scene->database,
	    "SELECT MAX(challenge_id) FROM mail_outbox");
	struct buf hash;

	buf_init(&hash, PHC_LEN_MAX);
	assert_ok(phc_new(&f->scene->config, scene_secret(code), &hash));
	assert_ok(store_challenge_set_mailed(f->scene->app.db, id, f->user.id,
	    (struct secret_str){hash.p, hash.len}, f->scene->context.now_us));
	buf_done(&hash);
	return scene_secret(code);
}

static uint64_t count_sessions(void)
{
	return test_database_u64(f->scene->database,
	    "SELECT COUNT(*) FROM sessions");
}

START_TEST(a_challenge_and_its_code)
{
	char text[SECRET_TEXT_LEN + 1];
	struct store_principal principal;
	struct str id = challenge(text);

	ck_assert(result.mailed);
	ck_assert_uint_eq(count_sessions(), 0);
	ck_assert_uint_eq(factor_scene_count_mails(f, "login_code"), 1);
	ck_assert_int_eq(by_challenge(id, factor_scene_wrong_code(f)),
	    AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_challenge(id, factor_scene_code(f, 0)),
	    AUTH_LOGIN_GRANTED);
	assert_ok(scene_resolve(f->scene, &result.session_id, &principal));
	ck_assert_int_eq(principal.session.confirmed_us,
	    f->scene->context.now_us);
	/* Answered once. */
	ck_assert_int_eq(by_challenge(id, factor_scene_code(f, 1)),
	    AUTH_LOGIN_OVER);
	ck_assert_uint_eq(count_sessions(), 1);
}
END_TEST

START_TEST(all_in_one_go)
{
	struct secret_str code = factor_scene_code(f, 0);

	ck_assert_int_eq(by_password("wrong", code), AUTH_LOGIN_INVALID);
	ck_assert_int_eq(by_password(SCENE_PASSWORD,
			     factor_scene_wrong_code(f)),
	    AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, code), AUTH_LOGIN_GRANTED);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, code),
	    AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, factor_scene_code(f, -1)),
	    AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_password(SCENE_PASSWORD,
			     factor_scene_recovery(f, 0)),
	    AUTH_LOGIN_GRANTED);
	ck_assert_int_eq(by_password(SCENE_PASSWORD,
			     factor_scene_recovery(f, 0)),
	    AUTH_LOGIN_BAD_CODE);
	ck_assert_uint_eq(count_sessions(), 2);
	ck_assert_uint_eq(factor_scene_count_mails(f, "recovery_code_used"), 1);
}
END_TEST

START_TEST(a_used_code_is_used_for_all_logins)
{
	char first[SECRET_TEXT_LEN + 1], second[SECRET_TEXT_LEN + 1];
	struct str a = challenge(first), b = challenge(second);
	struct secret_str code = factor_scene_code(f, 0);

	ck_assert_int_eq(by_challenge(a, code), AUTH_LOGIN_GRANTED);
	ck_assert_int_eq(by_challenge(b, code), AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_challenge(b, factor_scene_code(f, 1)),
	    AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(a_mailed_code_is_for_one_login)
{
	char first[SECRET_TEXT_LEN + 1], second[SECRET_TEXT_LEN + 1];
	struct str a = challenge(first), b;
	struct secret_str code = mail_code("042042");

	/* There was a mail within the minute. */
	b = challenge(second);
	ck_assert(!result.mailed);
	ck_assert_int_eq(by_challenge(b, code), AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, code),
	    AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_challenge(a, code), AUTH_LOGIN_GRANTED);
	ck_assert_int_eq(by_challenge(a, code), AUTH_LOGIN_OVER);
}
END_TEST

START_TEST(mailed_codes_can_be_turned_off)
{
	f->scene->config.twofa_email_otp = false;
	ck_assert_int_eq(by_password(SCENE_PASSWORD, no_code),
	    AUTH_LOGIN_TWOFA);
	ck_assert(!result.mailed);
	ck_assert_uint_eq(factor_scene_count_mails(f, "login_code"), 0);
}
END_TEST

START_TEST(five_mails_an_hour)
{
	for (int i = 0; i < 8; i++) {
		ck_assert_int_eq(by_password(SCENE_PASSWORD, no_code),
		    AUTH_LOGIN_TWOFA);
		ck_assert_int_eq(result.mailed, i < 5);
		scene_pass(f->scene, 61);
	}
	ck_assert_uint_eq(factor_scene_count_mails(f, "login_code"), 5);
}
END_TEST

START_TEST(it_waits_for_ten_minutes)
{
	char text[SECRET_TEXT_LEN + 1];
	struct str id = challenge(text);
	struct secret_str code = mail_code("042042");

	scene_pass(f->scene, -3600);
	ck_assert_int_eq(by_challenge(id, code), AUTH_LOGIN_OVER);
	scene_pass(f->scene, 3600 + 600);
	ck_assert_int_eq(by_challenge(id, code), AUTH_LOGIN_OVER);
	scene_pass(f->scene, -1);
	ck_assert_int_eq(by_challenge(id, code), AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(five_wrong_codes_and_then_a_pause)
{
	char first[SECRET_TEXT_LEN + 1], second[SECRET_TEXT_LEN + 1];
	struct str a = challenge(first), b = challenge(second);

	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(by_challenge(i % 2 == 0 ? a : b,
				     factor_scene_wrong_code(f)),
		    AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_challenge(a, factor_scene_code(f, 0)),
	    AUTH_LOGIN_THROTTLED);
	ck_assert_int_eq(result.wait_s, 900);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, factor_scene_code(f, 0)),
	    AUTH_LOGIN_THROTTLED);
	/* That is about codes alone. */
	ck_assert_int_eq(by_password(SCENE_PASSWORD, no_code),
	    AUTH_LOGIN_TWOFA);
	scene_pass(f->scene, 900);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, factor_scene_code(f, 0)),
	    AUTH_LOGIN_GRANTED);
}
END_TEST

/* Somebody else's success does not give a challenge more tries. */
START_TEST(a_challenge_takes_five_codes)
{
	char text[SECRET_TEXT_LEN + 1];
	struct str id = challenge(text);

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(by_challenge(id, factor_scene_wrong_code(f)),
		    AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, factor_scene_code(f, 0)),
	    AUTH_LOGIN_GRANTED);
	ck_assert_int_eq(by_challenge(id, factor_scene_wrong_code(f)),
	    AUTH_LOGIN_BAD_CODE);
	ck_assert_int_eq(by_challenge(id, factor_scene_code(f, 1)),
	    AUTH_LOGIN_OVER);
}
END_TEST

static const char *const not_challenges[] = {
    "x",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
};

START_TEST(what_is_no_challenge)
{
	ck_assert_int_eq(by_challenge(str_of(not_challenges[_i]),
			     factor_scene_code(f, 0)),
	    AUTH_LOGIN_OVER);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, factor_scene_code(f, 0)),
	    AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(a_new_password_ends_what_waits)
{
	char text[SECRET_TEXT_LEN + 1];
	struct str id = challenge(text);
	const char *why;

	assert_ok(auth_admin_set_password(&f->scene->context, f->user.id,
	    scene_secret("harbour lantern nine"), &why));
	ck_assert_int_eq(by_challenge(id, factor_scene_code(f, 0)),
	    AUTH_LOGIN_OVER);
}
END_TEST

START_TEST(so_does_turning_it_off)
{
	char text[SECRET_TEXT_LEN + 1];
	struct auth_twofa_result off = {0};
	struct str id = challenge(text);

	assert_ok(auth_twofa_disable(&f->scene->context, &f->user,
	    factor_scene_code(f, 0), &off));
	ck_assert_int_eq(by_challenge(id, factor_scene_code(f, 1)),
	    AUTH_LOGIN_OVER);
	/* And nobody asks for a code, or minds one. */
	ck_assert_int_eq(by_password(SCENE_PASSWORD, factor_scene_code(f, 1)),
	    AUTH_LOGIN_GRANTED);
}
END_TEST

static const struct {
	const char *sql;
	enum auth_login_outcome outcome;
} states[] = {
    {"UPDATE users SET verified_at = NULL", AUTH_LOGIN_UNVERIFIED},
    {"UPDATE users SET disabled_at = created_at", AUTH_LOGIN_DISABLED},
};

START_TEST(a_code_is_not_enough_for_these)
{
	char text[SECRET_TEXT_LEN + 1];
	struct str id = challenge(text);
	struct secret_str code = factor_scene_code(f, 0);

	test_database_exec(f->scene->database, states[_i].sql);
	ck_assert_int_eq(by_challenge(id, code), states[_i].outcome);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, code), states[_i].outcome);
	ck_assert_uint_eq(count_sessions(), 0);
	/* And the code was not spent on it. */
	test_database_exec(f->scene->database,
	    "UPDATE users SET verified_at = created_at, disabled_at = NULL");
	ck_assert_int_eq(by_challenge(id, code), AUTH_LOGIN_GRANTED);
}
END_TEST

START_TEST(failures_of_the_password_are_forgotten_at_the_end)
{
	char text[SECRET_TEXT_LEN + 1];
	struct str id;

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(by_password("wrong", no_code),
		    AUTH_LOGIN_INVALID);
	id = challenge(text);
	ck_assert_int_eq(by_password("wrong", no_code), AUTH_LOGIN_INVALID);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, no_code),
	    AUTH_LOGIN_THROTTLED);
	/* Who has shown the password before is not locked out by others. */
	ck_assert_int_eq(by_challenge(id, factor_scene_code(f, 0)),
	    AUTH_LOGIN_GRANTED);
	ck_assert_int_eq(by_password(SCENE_PASSWORD, no_code),
	    AUTH_LOGIN_TWOFA);
}
END_TEST

static pid_t rival(struct secret_str code)
{
	struct auth_login login = {
	    .username_or_email = STR("ada"),
	    .password = scene_secret(SCENE_PASSWORD),
	    .code = code,
	};
	pid_t child = fork();

	if (child != 0)
		return child;
	f->scene->app.db = test_database_connect(f->scene->database);
	result = (struct auth_login_result){0};
	if (auth_login(&f->scene->context, &login, &result) != OK)
		_exit(0);
	_exit((int)result.outcome);
}

/* A step and a recovery code, by fifty at once. */
START_TEST(one_of_many_gets_in)
{
	struct secret_str code = _i == 0 ? factor_scene_code(f, 0)
					 : factor_scene_recovery(f, 0);
	size_t n_granted = 0;

	for (size_t i = 0; i < 50; i++)
		ck_assert_int_gt(rival(code), 0);
	for (size_t i = 0; i < 50; i++) {
		int status;

		ck_assert_int_gt(wait(&status), 0);
		ck_assert(WIFEXITED(status));
		ck_assert_int_ne(WEXITSTATUS(status), 0);
		n_granted += WEXITSTATUS(status) == AUTH_LOGIN_GRANTED;
	}
	ck_assert_uint_eq(n_granted, 1);
	ck_assert_uint_eq(count_sessions(), 1);
}
END_TEST

Suite *suite_auth_login_code(void)
{
	Suite *suite = suite_create("auth/login_code");
	TCase *tcase = tcase_create("login_code");

	tcase_set_timeout(tcase, 120); /* fifty processes, slow under valgrind
					*/
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_challenge_and_its_code);
	tcase_add_test(tcase, all_in_one_go);
	tcase_add_test(tcase, a_used_code_is_used_for_all_logins);
	tcase_add_test(tcase, a_mailed_code_is_for_one_login);
	tcase_add_test(tcase, mailed_codes_can_be_turned_off);
	tcase_add_test(tcase, five_mails_an_hour);
	tcase_add_test(tcase, it_waits_for_ten_minutes);
	tcase_add_test(tcase, five_wrong_codes_and_then_a_pause);
	tcase_add_test(tcase, a_challenge_takes_five_codes);
	tcase_add_loop_test(tcase, what_is_no_challenge, 0,
	    ARRAY_LEN(not_challenges));
	tcase_add_test(tcase, a_new_password_ends_what_waits);
	tcase_add_test(tcase, so_does_turning_it_off);
	tcase_add_loop_test(tcase, a_code_is_not_enough_for_these, 0,
	    ARRAY_LEN(states));
	tcase_add_test(tcase,
	    failures_of_the_password_are_forgotten_at_the_end);
	tcase_add_loop_test(tcase, one_of_many_gets_in, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
