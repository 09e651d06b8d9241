#include "core/base.h"

#include "core/str.h"

#include "suites.h"
#include "unit.h"

#define BYTES_MAX 64

START_TEST(hex)
{
	static const unsigned char bytes[] = {0x00, 0x7f, 0xab, 0xff};
	unsigned char back[sizeof(bytes)];
	char text[HEX_LEN(sizeof(bytes))];

	hex_encode(bytes, sizeof(bytes), text);
	ck_assert_str_eq(text, "007fabff");
	assert_ok(hex_decode(STR("007FabFF"), back, sizeof(back)));
	ck_assert_mem_eq(back, bytes, sizeof(bytes));

	hex_encode(bytes, 0, text);
	ck_assert_str_eq(text, "");
	assert_ok(hex_decode((struct str){NULL, 0}, back, 0));
}
END_TEST

START_TEST(hex_refused)
{
	static const struct str rows[] = {
	    STR(""),
	    STR("00"),
	    STR("000"),
	    STR("00000"),
	    STR("000000"),
	    STR("0g00"),
	    STR("00 0"),
	    STR("00\0g"),
	    STR("0x00"),
	    STR("00:0"),
	    STR("00@0"),
	    STR("00`0"),
	};
	unsigned char out[2] = {1, 2};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_msg(hex_decode(rows[i], out, 2) == ERR_INVALID,
		    "row %zu", i);
	ck_assert_mem_eq(out, "\1\2", 2);
}
END_TEST

/* The vectors of RFC 4648 section 10, and what tells the alphabets apart. */
static const struct {
	struct str bytes;
	const char *url, *standard;
} vectors[] = {
    {STR(""), "", ""},
    {STR("f"), "Zg", "Zg"},
    {STR("fo"), "Zm8", "Zm8"},
    {STR("foo"), "Zm9v", "Zm9v"},
    {STR("foob"), "Zm9vYg", "Zm9vYg"},
    {STR("fooba"), "Zm9vYmE", "Zm9vYmE"},
    {STR("foobar"), "Zm9vYmFy", "Zm9vYmFy"},
    {STR("\xfb\xff\xfe"), "-__-", "+//+"},
    {STR("\0\0\0\0"), "AAAAAA", "AAAAAA"},
    {STR("\xff\xff\xff\xff"), "_____w", "/////w"},
};

START_TEST(base64_vectors)
{
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct str bytes = vectors[i].bytes;
		char text[BASE64URL_LEN(BYTES_MAX)], back[BYTES_MAX];

		base64url_encode(bytes.p, bytes.len, text);
		ck_assert_str_eq(text, vectors[i].url);
		assert_ok(base64url_decode(str_of(text), back, bytes.len));
		ck_assert(str_eq(bytes, (struct str){back, bytes.len}));

		base64_encode(bytes.p, bytes.len, text);
		ck_assert_str_eq(text, vectors[i].standard);
		assert_ok(base64_decode(str_of(text), back, bytes.len));
		ck_assert(str_eq(bytes, (struct str){back, bytes.len}));
		ck_assert_uint_eq(base64_decoded_len(str_of(text)), bytes.len);
	}
}
END_TEST

START_TEST(base64_every_length)
{
	unsigned char bytes[BYTES_MAX], back[BYTES_MAX];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 37 + 11);
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		char text[BASE64URL_LEN(BYTES_MAX)];

		base64url_encode(bytes, len, text);
		ck_assert_uint_eq(strlen(text) + 1, BASE64URL_LEN(len));
		assert_ok(base64url_decode(str_of(text), back, len));
		ck_assert_mem_eq(back, bytes, len);
	}
}
END_TEST

static const struct {
	struct str text;
	size_t len;
} refused[] = {
    {STR("Zg"), 0},
    {STR("Zg"), 2},
    {STR(""), 1},
    {STR("Z"), 0},
    {STR("Z"), 1},
    {STR("Zm9vY"), 3},
    {STR("Zm9vY"), 4},
    {STR("Zg=="), 1},
    {STR("Zg=="), 3},
    {STR("Zm8="), 2},
    {STR("Zh"), 1},  /* spare bits */
    {STR("Zm9"), 2}, /* spare bits */
    {STR("Zm9\0"), 3},
    {STR("Zm 9v"), 3},
    {STR("Zm9\n"), 3},
    {STR("+//+"), 3}, /* the other alphabet */
    {STR("Zm9\xe9"), 3},
};

START_TEST(base64url_refused)
{
	unsigned char out[4] = {1, 2, 3, 4};

	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		ck_assert_msg(base64url_decode(refused[i].text, out,
				  refused[i].len) == ERR_INVALID,
		    "row %zu", i);
	assert_err(base64_decode(STR("-__-"), out, 3), ERR_INVALID);
	ck_assert_mem_eq(out, "\1\2\3\4", 4);
}
END_TEST

/* One value has one form: of all texts of a length, 2^bits decode. */
START_TEST(base64_is_canonical)
{
	size_t n_accepted = 0;

	for (int a = 0; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			char text[2] = {(char)a, (char)b};
			unsigned char out;

			if (base64_decode((struct str){text, 2}, &out, 1) == OK)
				n_accepted++;
		}
	}
	ck_assert_uint_eq(n_accepted, 256);
}
END_TEST

/* RFC 4648 section 10. */
START_TEST(base32_vectors)
{
	static const char *const texts[] = {"", "MY", "MZXQ", "MZXW6",
	    "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"};

	for (size_t len = 0; len < ARRAY_LEN(texts); len++) {
		char text[BASE32_LEN(ARRAY_LEN(texts))];

		base32_encode("foobar", len, text);
		ck_assert_str_eq(text, texts[len]);
		ck_assert_uint_eq(strlen(text) + 1, BASE32_LEN(len));
	}
}
END_TEST

Suite *suite_core_encode(void)
{
	Suite *suite = suite_create("core/encode");
	TCase *tcase = tcase_create("encode");

	tcase_add_test(tcase, hex);
	tcase_add_test(tcase, hex_refused);
	tcase_add_test(tcase, base64_vectors);
	tcase_add_test(tcase, base64_every_length);
	tcase_add_test(tcase, base64url_refused);
	tcase_add_test(tcase, base64_is_canonical);
	tcase_add_test(tcase, base32_vectors);
	suite_add_tcase(suite, tcase);
	return suite;
}
