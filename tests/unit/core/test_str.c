#include "core/base.h"

#include "core/str.h"

#include "suites.h"
#include "unit.h"

static const struct str none = {NULL, 0};

START_TEST(of_null_is_empty)
{
	ck_assert_uint_eq(str_of(NULL).len, 0);
	ck_assert_ptr_null(str_of(NULL).p);
	ck_assert_uint_eq(str_of("abc").len, 3);
	ck_assert_uint_eq(STR("a\0b").len, 3);
}
END_TEST

static const struct {
	struct str a, b;
	bool same, same_nocase;
} equal[] = {
    {STR(""), STR(""), true, true},
    {STR(""), {NULL, 0}, true, true},
    {STR("a"), STR(""), false, false},
    {STR("abc"), STR("abc"), true, true},
    {STR("abc"), STR("aBC"), false, true},
    {STR("abc"), STR("abd"), false, false},
    {STR("abc"), STR("ab"), false, false},
    {STR("a\0b"), STR("a\0c"), false, false},
    {STR("@"), STR("`"), false, false},
    {STR("["), STR("{"), false, false},
    {STR("\xc3\x84"), STR("\xc3\xa4"), false, false},
};

START_TEST(equality)
{
	for (size_t i = 0; i < ARRAY_LEN(equal); i++) {
		struct str a = equal[i].a, b = equal[i].b;

		ck_assert_msg(str_eq(a, b) == equal[i].same, "row %zu", i);
		ck_assert_msg(str_eq(b, a) == equal[i].same, "row %zu", i);
		ck_assert_msg(str_eq_nocase(a, b) == equal[i].same_nocase,
		    "row %zu", i);
	}
}
END_TEST

static const struct {
	struct str s, part;
	bool starts, ends, contains;
} parts[] = {
    {STR("abcab"), STR("ab"), true, true, true},
    {STR("abcab"), STR("ca"), false, false, true},
    {STR("abcab"), STR("abcabc"), false, false, false},
    {STR("abcab"), STR("abcab"), true, true, true},
    {STR("abcab"), STR("x"), false, false, false},
    {STR("abcab"), {NULL, 0}, true, true, true},
    {{NULL, 0}, {NULL, 0}, true, true, true},
    {{NULL, 0}, STR("a"), false, false, false},
};

START_TEST(starts_ends_contains)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct str s = parts[i].s, part = parts[i].part;

		ck_assert_msg(str_starts(s, part) == parts[i].starts, "row %zu",
		    i);
		ck_assert_msg(str_ends(s, part) == parts[i].ends, "row %zu", i);
		ck_assert_msg(str_contains(s, part) == parts[i].contains,
		    "row %zu", i);
	}
}
END_TEST

START_TEST(trim)
{
	assert_str(str_trim(STR(" \t\r\n a b \r\n")), "a b");
	assert_str(str_trim(STR("a")), "a");
	assert_str(str_trim(STR(" \t ")), "");
	assert_str(str_trim(none), "");
	assert_str(str_trim(STR("\v\f")), "\v\f");
}
END_TEST

START_TEST(next_walks_all_parts)
{
	static const struct {
		const char *text;
		const char *parts[4];
		size_t n;
	} rows[] = {
	    {NULL, {NULL}, 0},
	    {"", {""}, 1},
	    {"a", {"a"}, 1},
	    {";", {"", ""}, 2},
	    {"a;b;c", {"a", "b", "c"}, 3},
	    {";a;", {"", "a", ""}, 3},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str rest = str_of(rows[i].text), part = none;
		size_t n = 0;

		while (str_next(&rest, ';', &part)) {
			ck_assert_uint_lt(n, rows[i].n);
			assert_str(part, rows[i].parts[n]);
			n++;
		}
		ck_assert_uint_eq(n, rows[i].n);
		ck_assert_ptr_null(rest.p);
	}
}
END_TEST

START_TEST(split_at_the_first)
{
	struct str left = STR("untouched"), right = STR("untouched");

	ck_assert(!str_split(STR("abc"), '=', &left, &right));
	ck_assert(!str_split(none, '=', &left, &right));
	assert_str(left, "untouched");
	assert_str(right, "untouched");

	ck_assert(str_split(STR("a=b=c"), '=', &left, &right));
	assert_str(left, "a");
	assert_str(right, "b=c");
	ck_assert(str_split(STR("="), '=', &left, &right));
	assert_str(left, "");
	assert_str(right, "");
}
END_TEST

static const struct {
	struct str s;
	uint64_t max, n;
	enum err err;
} numbers[] = {
    {STR("0"), 0, 0, OK},
    {STR("0"), UINT64_MAX, 0, OK},
    {STR("007"), 7, 7, OK},
    {STR("00000000000000000000000000001"), 1, 1, OK},
    {STR("65535"), 65535, 65535, OK},
    {STR("65536"), 65535, 0, ERR_INVALID},
    {STR("5"), 4, 0, ERR_INVALID},
    {STR("18446744073709551615"), UINT64_MAX, UINT64_MAX, OK},
    {STR("18446744073709551616"), UINT64_MAX, 0, ERR_INVALID},
    {STR("99999999999999999999"), UINT64_MAX, 0, ERR_INVALID},
    {STR(""), 9, 0, ERR_INVALID},
    {{NULL, 0}, 9, 0, ERR_INVALID},
    {STR("-1"), 9, 0, ERR_INVALID},
    {STR("+1"), 9, 0, ERR_INVALID},
    {STR(" 1"), 9, 0, ERR_INVALID},
    {STR("1 "), 9, 0, ERR_INVALID},
    {STR("1\0"), 9, 0, ERR_INVALID},
    {STR("0x1"), 9, 0, ERR_INVALID},
    {STR("1.0"), 99, 0, ERR_INVALID},
};

START_TEST(to_u64)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		uint64_t n = 4711;
		enum err err = str_to_u64(numbers[i].s, numbers[i].max, &n);

		ck_assert_msg(err == numbers[i].err, "row %zu", i);
		ck_assert_msg(n == (err == OK ? numbers[i].n : 4711), "row %zu",
		    i);
	}
}
END_TEST

START_TEST(from_u64)
{
	char storage[STR_U64_LEN];

	assert_str(str_u64(0, storage), "0");
	assert_str(str_u64(10, storage), "10");
	assert_str(str_u64(UINT64_MAX, storage), "18446744073709551615");
	ck_assert_str_eq(str_u64(7, storage).p, "7");
}
END_TEST

static const struct {
	const char *text;
	const char *mark;
	const char *taken; /* NULL: there is no mark */
	const char *rest;
} takings[] = {
    {"a--b--c", "--", "a", "b--c"},
    {"--b", "--", "", "b"},
    {"a--", "--", "a", ""},
    {"a-b", "--", NULL, "a-b"},
    {"", "--", NULL, ""},
};

START_TEST(take_until)
{
	struct str rest = str_of(takings[_i].text);
	struct str taken;

	ck_assert(str_take_until(&rest, str_of(takings[_i].mark), &taken) ==
	    (takings[_i].taken != NULL));
	if (takings[_i].taken != NULL)
		assert_str(taken, takings[_i].taken);
	assert_str(rest, takings[_i].rest);
}
END_TEST

START_TEST(skip)
{
	assert_str(str_skip(STR("abc"), 0), "abc");
	assert_str(str_skip(STR("abc"), 2), "c");
	assert_str(str_skip(STR("abc"), 3), "");
	assert_str(str_skip((struct str){NULL, 0}, 0), "");
}
END_TEST

Suite *suite_core_str(void)
{
	Suite *suite = suite_create("core/str");
	TCase *tcase = tcase_create("str");

	tcase_add_test(tcase, of_null_is_empty);
	tcase_add_test(tcase, equality);
	tcase_add_test(tcase, starts_ends_contains);
	tcase_add_test(tcase, trim);
	tcase_add_test(tcase, next_walks_all_parts);
	tcase_add_test(tcase, split_at_the_first);
	tcase_add_test(tcase, to_u64);
	tcase_add_test(tcase, from_u64);
	tcase_add_loop_test(tcase, take_until, 0, ARRAY_LEN(takings));
	tcase_add_test(tcase, skip);
	suite_add_tcase(suite, tcase);
	return suite;
}
