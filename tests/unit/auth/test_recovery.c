#include "core/base.h"

#include "auth/factor.h"
#include "auth/recovery.h"
#include "db/conn.h"
#include "scene.h"
#include "store/recovery.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static uint64_t user_id;
static struct auth_recovery_codes codes;

static enum err renew_in_transaction(struct db *db, void *arg)
{
	(void)db;
	return auth_recovery_renew(&scene->context, user_id, arg);
}

static void renew(void)
{
	assert_ok(
	    db_conn_transact(scene->app.db, renew_in_transaction, &codes));
}

static void set_up(void)
{
	scene = scene_new("recovery");
	user_id = scene_add_user(scene, "ada", NULL);
	renew();
}

static void tear_down(void)
{
	scene_free(&scene);
}

static enum err redeem(const char *text)
{
	struct digest digest;
	enum err err = auth_recovery_digest(scene_secret(text), &digest);

	return err == OK
	    ? store_recovery_redeem(scene->app.db, user_id, &digest)
	    : err;
}

START_TEST(ten_that_are_readable)
{
	for (size_t i = 0; i < AUTH_RECOVERY_CODES; i++) {
		const char *text = codes.text[i];

		ck_assert_uint_eq(strlen(text), AUTH_RECOVERY_TEXT_LEN - 1);
		for (size_t at = 0; at < AUTH_RECOVERY_TEXT_LEN - 1; at++)
			ck_assert(at % 5 == 4
				? text[at] == '-'
				: strchr("abcdefghijklmnopqrstuvwxyz234567",
				      text[at]) != NULL);
		for (size_t other = 0; other < i; other++)
			ck_assert_str_ne(text, codes.text[other]);
		assert_ok(redeem(text));
		assert_err(redeem(text), ERR_NOT_FOUND);
	}
}
END_TEST

START_TEST(new_ones_kill_the_old)
{
	struct auth_recovery_codes old = codes;

	renew();
	assert_err(redeem(old.text[0]), ERR_NOT_FOUND);
	assert_ok(redeem(codes.text[0]));
}
END_TEST

START_TEST(as_people_type_them)
{
	struct buf text;

	buf_init(&text, 100);
	for (const char *p = codes.text[0]; *p != '\0'; p++)
		if (*p != '-')
			buf_putc(&text, (char)toupper((unsigned char)*p));
	assert_ok(redeem(text.p));
	buf_reset(&text);
	for (const char *p = codes.text[1]; *p != '\0'; p++)
		buf_putc(&text, *p == '-' ? ' ' : *p);
	buf_putc(&text, ' ');
	assert_ok(redeem(text.p));
	buf_done(&text);
}
END_TEST

static const char *const not_codes[] = {
    "",
    "123456",
    "aaaa-aaaa-aaaa-aaaa-aaaa-aaa",
    "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-a",
    "aaaa-aaaa-aaaa-aaaa-aaaa-aaa1",
    "aaaa-aaaa-aaaa-aaaa-aaaa-aaa=",
    "aaaa_aaaa-aaaa-aaaa-aaaa-aaaa",
    "aaaa\naaaa-aaaa-aaaa-aaaa-aaaa",
};

START_TEST(what_is_none)
{
	assert_err(redeem(not_codes[_i]), ERR_INVALID);
}
END_TEST

START_TEST(stored_as_digests_alone)
{
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM recovery_codes"
			      " WHERE LENGTH(code_hash) = 32"),
	    AUTH_RECOVERY_CODES);
}
END_TEST

Suite *suite_auth_recovery(void)
{
	Suite *suite = suite_create("auth/recovery");
	TCase *tcase = tcase_create("recovery");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, ten_that_are_readable);
	tcase_add_test(tcase, new_ones_kill_the_old);
	tcase_add_test(tcase, as_people_type_them);
	tcase_add_loop_test(tcase, what_is_none, 0, ARRAY_LEN(not_codes));
	tcase_add_test(tcase, stored_as_digests_alone);
	suite_add_tcase(suite, tcase);
	return suite;
}
