#include "core/base.h"

#include <stdalign.h>

#include "core/arena.h"

#include "suites.h"
#include "unit.h"

static bool all_zero(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != 0)
			return false;
	return true;
}

START_TEST(zeroed_and_aligned)
{
	struct arena *a = arena_new(4096);

	for (size_t size = 0; size < 40; size++) {
		unsigned char *p = arena_alloc(a, size);

		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % alignof(max_align_t), 0);
		ck_assert(all_zero(p, size));
		memset(p, 0xff, size);
	}
	arena_free(&a);
	ck_assert_ptr_null(a);
	arena_free(&a);
}
END_TEST

START_TEST(stops_at_the_cap)
{
	struct arena *a = arena_new(64);
	struct str s = STR("untouched");

	ck_assert_ptr_null(arena_alloc(a, 65));
	ck_assert_ptr_null(arena_alloc(a, SIZE_MAX));
	ck_assert_uint_eq(arena_used(a), 0);
	ck_assert_ptr_nonnull(arena_alloc(a, 63));
	ck_assert_ptr_null(arena_alloc(a, 1));
	ck_assert_uint_eq(arena_used(a), 63);
	assert_err(arena_dup(a, STR("x"), &s), ERR_LIMIT);
	assert_str(s, "untouched");
	arena_free(&a);

	a = arena_new(64);
	ck_assert_ptr_nonnull(arena_alloc(a, 64));
	ck_assert_ptr_null(arena_alloc(a, 1));
	arena_free(&a);
}
END_TEST

START_TEST(array_checks_the_product)
{
	struct arena *a = arena_new(1024);

	ck_assert_ptr_null(arena_array(a, SIZE_MAX / 2 + 1, 2));
	ck_assert_ptr_null(arena_array(a, 2, SIZE_MAX / 2 + 1));
	ck_assert_ptr_null(arena_array(a, 1025, 1));
	ck_assert_ptr_nonnull(arena_array(a, 0, 8));
	ck_assert_ptr_nonnull(arena_array(a, 128, 8));
	ck_assert_uint_eq(arena_used(a), 1024);
	arena_free(&a);
}
END_TEST

START_TEST(reset_wipes_and_takes_back)
{
	struct arena *a = arena_new(256);
	unsigned char *p = arena_alloc(a, 256);

	memset(p, 0xff, 256);
	arena_reset(a);
	ck_assert_uint_eq(arena_used(a), 0);
	ck_assert_ptr_eq(arena_alloc(a, 256), p);
	ck_assert(all_zero(p, 256));
	arena_free(&a);
}
END_TEST

START_TEST(dup_adds_a_nul)
{
	struct arena *a = arena_new(256);
	struct str s = STR("");

	assert_ok(arena_dup(a, STR("abc"), &s));
	ck_assert_uint_eq(s.len, 3);
	ck_assert_str_eq(s.p, "abc");
	assert_ok(arena_dup(a, (struct str){NULL, 0}, &s));
	ck_assert_uint_eq(s.len, 0);
	ck_assert_str_eq(s.p, "");
	assert_err(arena_dup(a, (struct str){"x", SIZE_MAX}, &s), ERR_LIMIT);
	arena_free(&a);
}
END_TEST

Suite *suite_core_arena(void)
{
	Suite *suite = suite_create("core/arena");
	TCase *tcase = tcase_create("arena");

	tcase_add_test(tcase, zeroed_and_aligned);
	tcase_add_test(tcase, stops_at_the_cap);
	tcase_add_test(tcase, array_checks_the_product);
	tcase_add_test(tcase, reset_wipes_and_takes_back);
	tcase_add_test(tcase, dup_adds_a_nul);
	suite_add_tcase(suite, tcase);
	return suite;
}
