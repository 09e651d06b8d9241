#include "core/base.h"

#include "auth/totp.h"
#include "core/clock.h"
#include "suites.h"
#include "unit.h"

/* RFC 6238 appendix B: the key for SHA-1. */
static const struct auth_totp_secret rfc = {"12345678901234567890"};

static void set_up(void)
{
	assert_ok(crypto_init());
}

static uint64_t match(struct str code, int64_t now_s)
{
	uint64_t step = 77;

	assert_ok(auth_totp_match(&rfc, (struct secret_str){code.p, code.len},
	    now_s * SECOND_US, &step));
	return step;
}

/* The last six of appendix B's eight digits. */
static const struct {
	int64_t time_s;
	const char *code;
} vectors[] = {
    {59, "287082"},
    {1111111109, "081804"},
    {1111111111, "050471"},
    {1234567890, "005924"},
    {2000000000, "279037"},
    {INT64_C(20000000000), "353130"},
};

START_TEST(known_answers)
{
	struct str code = str_of(vectors[_i].code);
	int64_t now_s = MAX_OF(vectors[_i].time_s, 60);
	uint64_t step = (uint64_t)vectors[_i].time_s / 30;

	ck_assert_uint_eq(match(code, now_s), step);
}
END_TEST

/* A code is good from 30 s before its step until 30 s after it. */
START_TEST(one_step_to_either_side)
{
	const int64_t start_s = 1111111110; /* of the step of "050471" */
	const struct str code = STR("050471");
	uint64_t step = (uint64_t)start_s / 30;

	ck_assert_uint_eq(match(code, start_s - 31), 0);
	ck_assert_uint_eq(match(code, start_s - 30), step);
	ck_assert_uint_eq(match(code, start_s), step);
	ck_assert_uint_eq(match(code, start_s + 59), step);
	ck_assert_uint_eq(match(code, start_s + 60), 0);
}
END_TEST

static const struct str not_codes[] = {
    STR(""),
    STR("05047"),
    STR("0504710"),
    STR("4050471"),
    STR("14050471"), /* what liboath takes: eight digits */
    STR("050471 "),
    STR(" 50471"),
    STR("+50471"),
    STR("05047\0"),
    STR("05047x"),
    STR("\xd9\xa0\xd9\xa5\xd9\xa0"), /* other digits, in six bytes */
    STR("000000"),
};

START_TEST(six_digits_and_nothing_else)
{
	ck_assert_uint_eq(match(not_codes[_i], 1111111111), 0);
}
END_TEST

START_TEST(secrets_differ)
{
	struct auth_totp_secret a, b;

	auth_totp_new(&a);
	auth_totp_new(&b);
	ck_assert_mem_ne(a.byte, b.byte, sizeof(a.byte));
}
END_TEST

START_TEST(uri)
{
	struct config config = {.site_name = STR("T2O: caf\xc3\xa9 & co?")};
	struct buf out;

	buf_init(&out, AUTH_TOTP_URI_LEN_MAX);
	assert_ok(auth_totp_uri(&config, &rfc, STR("ada_1"), &out));
	assert_str(buf_str(&out),
	    "otpauth://totp/T2O%3A%20caf%C3%A9%20%26%20co%3F:ada_1"
	    "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	    "&issuer=T2O%3A%20caf%C3%A9%20%26%20co%3F");
	buf_done(&out);
}
END_TEST

START_TEST(sealed_for_one_user)
{
	struct config config = {
	    .secret_key = {"0123456789abcdef0123456789abcdef", 32}};
	struct auth_totp_secret back;
	struct secret_str sealed;
	struct buf text;

	buf_init(&text, 255);
	assert_ok(auth_totp_seal(&config, 7, &rfc, &text));
	sealed = (struct secret_str){text.p, text.len};
	assert_ok(auth_totp_open(&config, 7, sealed, &back));
	ck_assert_mem_eq(back.byte, rfc.byte, sizeof(rfc.byte));
	assert_err(auth_totp_open(&config, 8, sealed, &back), ERR_INTERNAL);
	buf_done(&text);
}
END_TEST

Suite *suite_auth_totp(void)
{
	Suite *suite = suite_create("auth/totp");
	TCase *tcase = tcase_create("totp");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_loop_test(tcase, known_answers, 0, ARRAY_LEN(vectors));
	tcase_add_test(tcase, one_step_to_either_side);
	tcase_add_loop_test(tcase, six_digits_and_nothing_else, 0,
	    ARRAY_LEN(not_codes));
	tcase_add_test(tcase, secrets_differ);
	tcase_add_test(tcase, uri);
	tcase_add_test(tcase, sealed_for_one_user);
	suite_add_tcase(suite, tcase);
	return suite;
}
