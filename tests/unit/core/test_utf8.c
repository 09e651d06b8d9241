#include "core/base.h"

#include "core/utf8.h"

#include "suites.h"
#include "unit.h"

/* The encoding as RFC 3629 writes it down, to compare with. */
static struct str encode(uint32_t c, char out[4])
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint32_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (char)(lead[len] | c);
	return (struct str){out, len};
}

/* Whether utf8_next does with `c`, scalar value or not, what it should. */
static bool handled(uint32_t c)
{
	bool is_scalar = c < 0xd800 || (c > 0xdfff && c < 0x110000);
	char text[4];
	struct str whole = encode(c, text), s = whole;
	uint32_t got = UINT32_MAX;

	if (!is_scalar)
		return utf8_next(&s, &got) == ERR_INVALID && s.p == whole.p &&
		    s.len == whole.len && got == UINT32_MAX;
	return utf8_next(&s, &got) == OK && got == c && s.len == 0 &&
	    utf8_next(&s, &got) == ERR_NOT_FOUND && got == c;
}

START_TEST(every_code_point)
{
	/* An assertion in each round would take a minute under valgrind. */
	for (uint32_t c = 0; c <= 0x110000; c++)
		if (!handled(c))
			ck_abort_msg("U+%04" PRIX32, c);
}
END_TEST

static const struct {
	struct str s;
	size_t len; /* SIZE_MAX: malformed */
} texts[] = {
    {{NULL, 0}, 0},
    {STR(""), 0},
    {STR("abc"), 3},
    {STR("a\0b"), 3},
    {STR("J\xc3\xb6rg"), 4},
    {STR("\xe2\x82\xac\xf0\x9f\x98\x80"), 2},
    {STR("\x80"), SIZE_MAX},		 /* continuation first */
    {STR("\xc3"), SIZE_MAX},		 /* cut */
    {STR("\xe2\x82"), SIZE_MAX},	 /* cut */
    {STR("\xf0\x9f\x98"), SIZE_MAX},	 /* cut */
    {STR("\xc3\x28"), SIZE_MAX},	 /* no continuation */
    {STR("\xe2\x28\xa1"), SIZE_MAX},	 /* no continuation */
    {STR("\xc0\x80"), SIZE_MAX},	 /* overlong NUL */
    {STR("\xc1\xbf"), SIZE_MAX},	 /* overlong */
    {STR("\xe0\x80\xaf"), SIZE_MAX},	 /* overlong slash */
    {STR("\xe0\x9f\xbf"), SIZE_MAX},	 /* overlong */
    {STR("\xf0\x80\x80\xaf"), SIZE_MAX}, /* overlong slash */
    {STR("\xf0\x8f\xbf\xbf"), SIZE_MAX}, /* overlong */
    {STR("\xed\xa0\x80"), SIZE_MAX},	 /* surrogate */
    {STR("\xf4\x90\x80\x80"), SIZE_MAX}, /* over U+10FFFF */
    {STR("\xf5\x80\x80\x80"), SIZE_MAX},
    {STR("\xf8\x88\x80\x80\x80"), SIZE_MAX},
    {STR("\xff"), SIZE_MAX},
    {STR("ok\xfe"), SIZE_MAX},
};

START_TEST(length_and_validity)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		bool valid = texts[i].len != SIZE_MAX;

		ck_assert_msg(utf8_len(texts[i].s) == texts[i].len, "row %zu",
		    i);
		ck_assert_msg(utf8_valid(texts[i].s) == valid, "row %zu", i);
	}
}
END_TEST

static const struct {
	uint32_t c;
	bool is_control;
} points[] = {
    {0x0000, true},
    {'\n', true},
    {0x001f, true},
    {' ', false},
    {'~', false},
    {0x007f, true},
    {0x0085, true},
    {0x009f, true},
    {0x00a0, false},
    {0x00ad, true},
    {0x00e9, false},
    {0x0301, false}, /* combining acute: names have it */
    {0x200b, true},
    {0x200f, true},
    {0x2010, false},
    {0x2028, true},
    {0x2029, true},
    {0x202e, true},
    {0x202f, false},
    {0x2066, true},
    {0x20ac, false},
    {0x3164, true},
    {0x4e2d, false},
    {0xfdcf, false},
    {0xfdd0, true},
    {0xfe0f, false},
    {0xfeff, true},
    {0xfffd, false},
    {0xfffe, true},
    {0xffff, true},
    {0x1f600, false},
    {0x1fffe, true},
    {0xe0041, true},
    {0xe0100, false},
    {0x10fffd, false},
    {0x10ffff, true},
};

START_TEST(control)
{
	for (size_t i = 0; i < ARRAY_LEN(points); i++)
		ck_assert_msg(utf8_is_control(points[i].c) ==
			points[i].is_control,
		    "U+%04" PRIX32, points[i].c);
}
END_TEST

START_TEST(cut)
{
	struct str s = STR("a\xc3\xa9\xe2\x82\xac");
	static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6};

	for (size_t max = 0; max < ARRAY_LEN(want); max++) {
		struct str got = utf8_cut(s, max);

		ck_assert_ptr_eq(got.p, s.p);
		ck_assert_uint_eq(got.len, want[max]);
	}
	assert_str(utf8_cut(STR("ab\xffyz"), 100), "ab");
	ck_assert_uint_eq(utf8_cut((struct str){NULL, 0}, 5).len, 0);
}
END_TEST

static const struct {
	struct str in;
	const char *out;
} dirty[] = {
    {{NULL, 0}, ""}, {STR("plain"), "plain"},
    {STR("J\xc3\xb6rg \xe2\x82\xac"), "J\xc3\xb6rg \xe2\x82\xac"},
    {STR("a\0b\r\nc"), "a?b??c"}, {STR("x\xe2\x80\xaey"), "x?y"}, /* U+202E */
    {STR("x\xc0\x80y"), "x??y"}, /* malformed, byte by byte */
    {STR("\xe2\x82"), "??"}, {STR("0123456789ab"), "0123456789"},
    {STR("012345678\xc3\xa9z"), "012345678"}, /* never half of one */
};

START_TEST(clean)
{
	for (size_t i = 0; i < ARRAY_LEN(dirty); i++) {
		char out[10];
		size_t n = utf8_clean(dirty[i].in, out, sizeof(out));

		assert_str(((struct str){out, n}), dirty[i].out);
	}
	ck_assert_uint_eq(utf8_clean(STR("a"), NULL, 0), 0);
}
END_TEST

Suite *suite_core_utf8(void)
{
	Suite *suite = suite_create("core/utf8");
	TCase *tcase = tcase_create("utf8");

	tcase_add_test(tcase, every_code_point);
	tcase_add_test(tcase, length_and_validity);
	tcase_add_test(tcase, control);
	tcase_add_test(tcase, cut);
	tcase_add_test(tcase, clean);
	suite_add_tcase(suite, tcase);
	return suite;
}
