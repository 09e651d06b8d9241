#include "core/base.h"

#include "auth/seal.h"
#include "suites.h"
#include "unit.h"

#define OLD_KEY "an old key that has thirty-two bytes"
#define NEW_KEY "a newer key that has forty bytes, if not"
#define TEXT "what is sealed"
#define TEXT_LEN (sizeof(TEXT) - 1)

static const struct secret_str old_key = {OLD_KEY, sizeof(OLD_KEY) - 1};
static const struct secret_str new_key = {NEW_KEY, sizeof(NEW_KEY) - 1};

static struct config config;
static struct buf sealed;

static void set_up(void)
{
	assert_ok(crypto_init());
	config = (struct config){.secret_key = old_key};
	buf_init(&sealed, AUTH_SEAL_LEN_MAX);
	assert_ok(auth_seal_put(&config, "thing", 7, TEXT, TEXT_LEN, &sealed));
}

static void tear_down(void)
{
	buf_done(&sealed);
}

static enum err open_as(const char *purpose, uint64_t user_id)
{
	char out[TEXT_LEN];
	enum err err = auth_seal_open(&config, purpose, user_id,
	    (struct secret_str){sealed.p, sealed.len}, out, sizeof(out));

	if (err == OK)
		ck_assert_mem_eq(out, TEXT, TEXT_LEN);
	return err;
}

static bool is_outdated(void)
{
	return auth_seal_outdated(&config,
	    (struct secret_str){sealed.p, sealed.len});
}

START_TEST(opens_for_the_same_user_and_purpose)
{
	assert_ok(open_as("thing", 7));
	assert_err(open_as("thing", 8), ERR_INTERNAL);
	assert_err(open_as("other", 7), ERR_INTERNAL);
}
END_TEST

START_TEST(never_twice_the_same)
{
	struct buf again;

	buf_init(&again, AUTH_SEAL_LEN_MAX);
	assert_ok(auth_seal_put(&config, "thing", 7, TEXT, TEXT_LEN, &again));
	ck_assert(!str_eq(buf_str(&sealed), buf_str(&again)));
	ck_assert(!str_contains(buf_str(&sealed), STR(TEXT)));
	buf_done(&again);
}
END_TEST

START_TEST(an_old_key_still_opens)
{
	ck_assert(!is_outdated());
	config.secret_key = new_key;
	assert_err(open_as("thing", 7), ERR_INTERNAL);
	config.secret_key_old = old_key;
	assert_ok(open_as("thing", 7));
	ck_assert(is_outdated());
	buf_reset(&sealed);
	assert_ok(auth_seal_put(&config, "thing", 7, TEXT, TEXT_LEN, &sealed));
	ck_assert(!is_outdated());
	config.secret_key_old = (struct secret_str){NULL, 0};
	assert_ok(open_as("thing", 7));
}
END_TEST

START_TEST(what_was_changed_does_not_open)
{
	for (size_t i = 0; i < sealed.len; i++) {
		char c = sealed.p[i];

		sealed.p[i] = c == 'A' ? 'B' : 'A';
		assert_err(open_as("thing", 7), ERR_INTERNAL);
		sealed.p[i] = c;
	}
	sealed.p[--sealed.len] = '\0';
	assert_err(open_as("thing", 7), ERR_INTERNAL);
	buf_reset(&sealed);
	ck_assert(is_outdated());
	assert_err(open_as("thing", 7), ERR_INTERNAL);
}
END_TEST

Suite *suite_auth_seal(void)
{
	Suite *suite = suite_create("auth/seal");
	TCase *tcase = tcase_create("seal");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, opens_for_the_same_user_and_purpose);
	tcase_add_test(tcase, never_twice_the_same);
	tcase_add_test(tcase, an_old_key_still_opens);
	tcase_add_test(tcase, what_was_changed_does_not_open);
	suite_add_tcase(suite, tcase);
	return suite;
}
