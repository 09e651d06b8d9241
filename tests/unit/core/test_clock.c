#include "core/base.h"

#include "core/clock.h"

#include "suites.h"
#include "unit.h"

static const struct {
	int64_t time_us;
	const char *rfc3339, *rfc5322;
} moments[] = {
    {0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"},
    {999999, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"},
    {-1, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000"},
    {-1000000, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000"},
    {-1000001, "1969-12-31T23:59:58Z", "Wed, 31 Dec 1969 23:59:58 +0000"},
    {951782400 * SECOND_US, "2000-02-29T00:00:00Z",
	"Tue, 29 Feb 2000 00:00:00 +0000"},
    {INT64_C(1795502700) * SECOND_US, "2026-11-24T06:45:00Z",
	"Tue, 24 Nov 2026 06:45:00 +0000"},
    {INT64_C(4102444799) * SECOND_US, "2099-12-31T23:59:59Z",
	"Thu, 31 Dec 2099 23:59:59 +0000"},
    {INT64_MAX, "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 +0000"},
    {INT64_MIN, "0000-01-01T00:00:00Z", "Sat, 01 Jan 0000 00:00:00 +0000"},
};

START_TEST(as_text)
{
	for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
		char rfc3339[CLOCK_RFC3339_LEN], rfc5322[CLOCK_RFC5322_LEN];

		clock_rfc3339(moments[i].time_us, rfc3339);
		ck_assert_str_eq(rfc3339, moments[i].rfc3339);
		ck_assert_uint_eq(strlen(rfc3339) + 1, sizeof(rfc3339));
		clock_rfc5322(moments[i].time_us, rfc5322);
		ck_assert_str_eq(rfc5322, moments[i].rfc5322);
		ck_assert_uint_eq(strlen(rfc5322) + 1, sizeof(rfc5322));
	}
}
END_TEST

START_TEST(now_can_be_moved)
{
	struct clock real = {0}, moved = {.offset_us = DAY_S * SECOND_US};
	int64_t before_us = clock_now_us(&real);
	int64_t moved_us = clock_now_us(&moved);
	int64_t after_us = clock_now_us(&real);

	ck_assert_int_ge(moved_us, before_us + DAY_S * SECOND_US);
	ck_assert_int_le(moved_us, after_us + DAY_S * SECOND_US);
	/* time() reads a coarser clock, which lags behind by some ms. */
	ck_assert_int_le(before_us / SECOND_US, time(NULL) + 1);
	ck_assert_int_ge(after_us / SECOND_US, time(NULL) - 60);
}
END_TEST

START_TEST(monotonic_never_goes_back)
{
	int64_t last_us = clock_monotonic_us();

	for (int i = 0; i < 1000; i++) {
		int64_t now_us = clock_monotonic_us();

		ck_assert_int_ge(now_us, last_us);
		last_us = now_us;
	}
}
END_TEST

static const struct {
	const char *text;
	int64_t time_s; /* < 0: not valid */
} readings[] = {
    {"1970-01-01", 0},
    {"1970-01-01T00:00:00Z", 0},
    {"2026-11-24T06:45:00Z", 1795502700},
    {"2024-02-29", 1709164800},
    {"2026-02-29", -1},
    {"2026-13-01", -1},
    {"2026-00-01", -1},
    {"2026-11-24T24:00:00Z", -1},
    {"2026-11-24T06:45:60Z", -1},
    {"2026-11-24T06:45:00", -1},
    {"2026-11-24T06:45:00+01:00", -1},
    {"2026-11-24 06:45:00Z", -1},
    {"26-11-24", -1},
    {"2026-11-2x", -1},
    {"", -1},
};

START_TEST(moments_are_read)
{
	int64_t time_us = -1;
	enum err err = clock_parse(str_of(readings[_i].text), &time_us);

	if (readings[_i].time_s < 0) {
		assert_err(err, ERR_INVALID);
		return;
	}
	assert_ok(err);
	ck_assert_int_eq(time_us, readings[_i].time_s * SECOND_US);
}
END_TEST

Suite *suite_core_clock(void)
{
	Suite *suite = suite_create("core/clock");
	TCase *tcase = tcase_create("clock");

	tcase_add_test(tcase, as_text);
	tcase_add_test(tcase, now_can_be_moved);
	tcase_add_test(tcase, monotonic_never_goes_back);
	tcase_add_loop_test(tcase, moments_are_read, 0, ARRAY_LEN(readings));
	suite_add_tcase(suite, tcase);
	return suite;
}
