#include "core/base.h"

#include <signal.h>

#include "core/buf.h"

#include "suites.h"
#include "unit.h"

START_TEST(nothing_is_allocated_before_it_is_needed)
{
	struct buf b;

	buf_init(&b, 10);
	ck_assert_ptr_null(buf_str(&b).p);
	ck_assert_uint_eq(buf_str(&b).len, 0);
	assert_ok(buf_err(&b));
	buf_reset(&b);
	buf_done(&b);

	buf_puts(&b, "");
	ck_assert_str_eq(buf_str(&b).p, "");
	buf_done(&b);
	ck_assert_ptr_null(buf_str(&b).p);
}
END_TEST

START_TEST(puts_things_one_after_the_other)
{
	struct buf b;

	buf_init(&b, 1000);
	buf_put(&b, STR("a\0b"));
	buf_putc(&b, '-');
	buf_puts(&b, NULL);
	buf_puts(&b, "z");
	buf_put_u64(&b, UINT64_MAX);
	buf_putc(&b, ' ');
	buf_put_i64(&b, INT64_MIN);
	buf_putf(&b, " %s/%05d", "x", 42);
	assert_ok(buf_err(&b));
	ck_assert(str_eq(buf_str(&b),
	    STR("a\0b-z18446744073709551615 -9223372036854775808 x/00042")));
	ck_assert_int_eq(b.p[b.len], '\0');
	buf_done(&b);
}
END_TEST

START_TEST(fills_up_to_the_maximum)
{
	for (size_t max = 0; max < 300; max++) {
		struct buf b;

		buf_init(&b, max);
		for (size_t i = 0; i < max; i++)
			buf_putc(&b, 'x');
		assert_ok(buf_err(&b));
		ck_assert_uint_eq(buf_str(&b).len, max);
		ck_assert_uint_le(b.size, max + 1);
		buf_putc(&b, 'x');
		assert_err(buf_err(&b), ERR_LIMIT);
		ck_assert_uint_eq(buf_str(&b).len, max);
		buf_done(&b);
	}
}
END_TEST

START_TEST(nothing_follows_what_did_not_fit)
{
	struct buf b;

	buf_init(&b, 5);
	buf_puts(&b, "abc");
	buf_puts(&b, "def");
	buf_puts(&b, "g");
	buf_putf(&b, "%d", 1);
	assert_str(buf_str(&b), "abc");
	assert_err(buf_err(&b), ERR_LIMIT);

	buf_reset(&b);
	assert_ok(buf_err(&b));
	assert_str(buf_str(&b), "");
	buf_putf(&b, "%s", "12345");
	assert_ok(buf_err(&b));
	assert_str(buf_str(&b), "12345");
	buf_putf(&b, "%s", "6");
	assert_err(buf_err(&b), ERR_LIMIT);

	buf_done(&b);
	assert_ok(buf_err(&b));
	buf_put(&b, (struct str){"x", SIZE_MAX});
	assert_err(buf_err(&b), ERR_LIMIT);
	buf_done(&b);
}
END_TEST

START_TEST(reset_wipes)
{
	struct buf b;

	buf_init(&b, 100);
	buf_puts(&b, "secret");
	buf_reset(&b);
	for (size_t i = 0; i < b.size; i++)
		ck_assert_int_eq(b.p[i], '\0');
	buf_done(&b);
}
END_TEST

START_TEST(uri)
{
	struct buf b;

	buf_init(&b, 100);
	buf_put_uri(&b, STR("AZaz09-._~ /?%\0\xc3\xa9+"));
	assert_str(buf_str(&b), "AZaz09-._~%20%2F%3F%25%00%C3%A9%2B");
	buf_done(&b);
}
END_TEST

START_TEST(no_room_for_the_nul)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
}
END_TEST

Suite *suite_core_buf(void)
{
	Suite *suite = suite_create("core/buf");
	TCase *tcase = tcase_create("buf");

	tcase_add_test(tcase, nothing_is_allocated_before_it_is_needed);
	tcase_add_test(tcase, puts_things_one_after_the_other);
	tcase_add_test(tcase, fills_up_to_the_maximum);
	tcase_add_test(tcase, nothing_follows_what_did_not_fit);
	tcase_add_test(tcase, reset_wipes);
	tcase_add_test(tcase, uri);
	tcase_add_test_raise_signal(tcase, no_room_for_the_nul, SIGABRT);
	suite_add_tcase(suite, tcase);
	return suite;
}
