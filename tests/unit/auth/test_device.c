#include "core/base.h"

#include "auth/device.h"
#include "suites.h"
#include "unit.h"

static const char key[] = "0123456789abcdef0123456789abcdef";
static struct config config = {.secret_key = {key, sizeof(key) - 1}};
static struct buf text;
static struct auth_device device;

static void set_up(void)
{
	assert_ok(crypto_init());
	buf_init(&text, AUTH_DEVICE_LEN_MAX);
	auth_device_new(&config, 17, &text);
	device = (struct auth_device){0};
}

static void tear_down(void)
{
	buf_done(&text);
}

START_TEST(says_whose_it_is)
{
	ck_assert(auth_device_parse(&config, buf_str(&text), &device));
	ck_assert_uint_eq(device.user_id, 17);
	ck_assert(str_starts(device.name, STR("17.")));
	ck_assert_uint_eq(device.name.len, 3 + SECRET_TEXT_LEN);
}
END_TEST

START_TEST(the_longest_fits)
{
	buf_reset(&text);
	auth_device_new(&config, UINT64_MAX, &text);
	ck_assert(auth_device_parse(&config, buf_str(&text), &device));
	ck_assert_uint_eq(device.user_id, UINT64_MAX);
}
END_TEST

START_TEST(each_is_another)
{
	struct buf other;

	buf_init(&other, AUTH_DEVICE_LEN_MAX);
	auth_device_new(&config, 17, &other);
	ck_assert(!str_eq(buf_str(&text), buf_str(&other)));
	buf_done(&other);
}
END_TEST

START_TEST(no_byte_may_differ)
{
	for (size_t i = 0; i < text.len; i++) {
		text.p[i] ^= 1;
		ck_assert_msg(!auth_device_parse(&config, buf_str(&text),
				  &device),
		    "%s", text.p);
		text.p[i] ^= 1;
	}
	for (size_t len = 0; len < text.len; len++)
		ck_assert(!auth_device_parse(&config, (struct str){text.p, len},
		    &device));
	ck_assert_uint_eq(device.user_id, 0);
}
END_TEST

#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const char *const nonsense[] = {"", ".", "..", "17..", "17.x.x", "...",
    "17." ZEROS "." ZEROS};

START_TEST(nonsense_is_refused)
{
	ck_assert(!auth_device_parse(&config, str_of(nonsense[_i]), &device));
}
END_TEST

START_TEST(another_key_knows_none)
{
	static const char other[] = "fedcba9876543210fedcba9876543210";
	const struct config elsewhere = {
	    .secret_key = {other, sizeof(other) - 1}};

	ck_assert(!auth_device_parse(&elsewhere, buf_str(&text), &device));
}
END_TEST

Suite *suite_auth_device(void)
{
	Suite *suite = suite_create("auth/device");
	TCase *tcase = tcase_create("device");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, says_whose_it_is);
	tcase_add_test(tcase, the_longest_fits);
	tcase_add_test(tcase, each_is_another);
	tcase_add_test(tcase, no_byte_may_differ);
	tcase_add_loop_test(tcase, nonsense_is_refused, 0, ARRAY_LEN(nonsense));
	tcase_add_test(tcase, another_key_knows_none);
	suite_add_tcase(suite, tcase);
	return suite;
}
