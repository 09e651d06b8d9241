#include "core/base.h"

#include "core/buf.h"
#include "http/body.h"

#include "suites.h"
#include "unit.h"

struct bound {
	struct str name;
	struct secret_str password;
};

static const struct field fields[] = {
    {"name", FIELD_TEXT, offsetof(struct bound, name), .len_max = 100},
    {"password", FIELD_PASSWORD, .offset = offsetof(struct bound, password)},
};
static const struct field_table table = FIELD_TABLE(fields, struct bound);

static enum err bind(struct str text, struct str boundary, struct bound *bound)
{
	struct field_binder b;

	field_begin(&b, &table, bound);
	return http_multipart_bind(text, boundary, &b);
}

#define DISPOSITION(name)                                                      \
	"Content-Disposition: form-data; name=\"" name "\"\r\n"
#define FIELD(name, value) "--b\r\n" DISPOSITION(name) "\r\n" value "\r\n"
#define WITH(fields, value)                                                    \
	"--b\r\n" DISPOSITION("name") fields "\r\n" value "\r\n--b--\r\n"
#define NAMED(disposition)                                                     \
	"--b\r\nContent-Disposition: " disposition "\r\n\r\na\r\n--b--\r\n"
#define END "--b--\r\n"

static const struct {
	struct str text;
	enum err err;
	const char *name, *password;
} bodies[] = {
    {STR(FIELD("name", "a") FIELD("password", "p") END), OK, "a", "p"},
    {STR(END), OK, "", ""},
    {STR("--b--"), OK, "", ""},
    {STR(FIELD("name", "") END), OK, "", ""},
    {STR(FIELD("name", "a\r\nb\r\n") END), OK, "a\r\nb\r\n", ""},
    {STR(FIELD("name", "x--b") END), OK, "x--b", ""},
    {STR(FIELD("name", "\r\n--c\r\n\r\n") END), OK, "\r\n--c\r\n\r\n", ""},
    {STR(FIELD("name", "+%41") END), OK, "+%41", ""},
    {STR(FIELD("other", "\xff") FIELD("name", "a") END), OK, "a", ""},
    {STR(FIELD("", "x") FIELD("name", "a") END), OK, "a", ""},
    {STR(FIELD("Name", "x") END), OK, "", ""},
    {STR(FIELD("na\\me", "x") FIELD("%6eame", "y") END), OK, "", ""},
    /* RFC 2046 section 5.1.1: padding, preamble and epilogue */
    {STR("--b \t\r\n" DISPOSITION("name") "\r\na\r\n--b--"), OK, "a", ""},
    {STR("ignore\r\nme\r\n" FIELD("name", "a") END), OK, "a", ""},
    {STR(FIELD("name", "a") END FIELD("name", "b")), OK, "a", ""},
    /* fields beside Content-Disposition */
    {STR(WITH("X: y\r\n", "a")), OK, "a", ""},
    {STR(WITH("Content-Type: text/plain; charset=utf-8\r\n", "a")), OK, "a",
	""},
    {STR(WITH("Content-Transfer-Encoding: 8BIT\r\n", "a")), OK, "a", ""},
    {STR(NAMED("Form-Data;NAME=name")), OK, "a", ""},
    {STR("--b\r\ncontent-disposition:form-data;name=name\r\n\r\na\r\n" END), OK,
	"a", ""},

    {STR(""), ERR_INVALID, NULL, NULL},
    {STR("--"), ERR_INVALID, NULL, NULL},
    {STR("--b"), ERR_INVALID, NULL, NULL},
    {STR("--b\r\n"), ERR_INVALID, NULL, NULL},
    {STR("--b-"), ERR_INVALID, NULL, NULL},
    {STR("--c--\r\n"), ERR_INVALID, NULL, NULL},
    {STR("x--b--\r\n"), ERR_INVALID, NULL, NULL},
    {STR("--b\r\n" END), ERR_INVALID, NULL, NULL},
    {STR("--b\r\n\r\n" END), ERR_INVALID, NULL, NULL},
    {STR("--b\r\n\r\na\r\n" END), ERR_INVALID, NULL, NULL},
    {STR("--bx\r\n" DISPOSITION("name") "\r\na\r\n--b--\r\n"), ERR_INVALID,
	NULL, NULL},
    /* cut: before the end, in the end, in a part's fields */
    {STR(FIELD("name", "a")), ERR_INVALID, NULL, NULL},
    {STR(FIELD("name", "a") "--b"), ERR_INVALID, NULL, NULL},
    {STR(FIELD("name", "a") "--b-"), ERR_INVALID, NULL, NULL},
    {STR("--b\r\n" DISPOSITION("name") "\r\na"), ERR_INVALID, NULL, NULL},
    {STR("--b\r\n" DISPOSITION("name")), ERR_INVALID, NULL, NULL},
    {STR("--b\r\n" DISPOSITION("name") END), ERR_INVALID, NULL, NULL},
    {STR("--b\nContent-Disposition: form-data; name=name\n\na\n--b--\n"),
	ERR_INVALID, NULL, NULL},
    /* twice */
    {STR(FIELD("name", "a") FIELD("name", "a") END), ERR_INVALID, NULL, NULL},
    {STR(WITH(DISPOSITION("name"), "a")), ERR_INVALID, NULL, NULL},
    {STR(NAMED("form-data; name=name; name=name")), ERR_INVALID, NULL, NULL},
    /* files */
    {STR(NAMED("form-data; name=name; filename=\"x\"")), ERR_INVALID, NULL,
	NULL},
    {STR(NAMED("form-data; name=name; FileName=")), ERR_INVALID, NULL, NULL},
    {STR(NAMED("form-data; name=name; filename*=utf-8''x")), ERR_INVALID, NULL,
	NULL},
    /* other dispositions */
    {STR(NAMED("attachment; name=name")), ERR_INVALID, NULL, NULL},
    {STR(NAMED("form-data")), ERR_INVALID, NULL, NULL},
    {STR(NAMED("form-data; name")), ERR_INVALID, NULL, NULL},
    {STR(NAMED("form-data; name=\"name")), ERR_INVALID, NULL, NULL},
    {STR(NAMED("form-data; name=name x")), ERR_INVALID, NULL, NULL},
    /* nested and encoded */
    {STR(WITH("Content-Type: multipart/mixed; boundary=c\r\n", "a")),
	ERR_INVALID, NULL, NULL},
    {STR(WITH("Content-Type: Multipart/Form-Data\r\n", "a")), ERR_INVALID, NULL,
	NULL},
    {STR(WITH("Content-Transfer-Encoding: base64\r\n", "YQ==")), ERR_INVALID,
	NULL, NULL},
    {STR(WITH("Content-Transfer-Encoding: quoted-printable\r\n", "a")),
	ERR_INVALID, NULL, NULL},
    /* no header fields */
    {STR(WITH("X\r\n", "a")), ERR_INVALID, NULL, NULL},
    {STR(WITH(": x\r\n", "a")), ERR_INVALID, NULL, NULL},
    {STR(WITH("X : y\r\n", "a")), ERR_INVALID, NULL, NULL},
    {STR(WITH("X: y\r\n folded\r\n", "a")), ERR_INVALID, NULL, NULL},
    {STR(WITH("X: y\r\n f: olded\r\n", "a")), ERR_INVALID, NULL, NULL},
    /* values */
    {STR(FIELD("name", "\xff") END), ERR_INVALID, NULL, NULL},
    {STR(FIELD("name", "a\0b") END), ERR_INVALID, NULL, NULL},
};

START_TEST(table_of_bodies)
{
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct bound bound;

		ck_assert_msg(bind(bodies[i].text, STR("b"), &bound) ==
			bodies[i].err,
		    "row %zu: %.*s", i, STR_ARG(bodies[i].text));
		if (bodies[i].err != OK)
			continue;
		assert_str(bound.name, bodies[i].name);
		assert_str(((struct str){bound.password.p, bound.password.len}),
		    bodies[i].password);
	}
}
END_TEST

/* Every beginning of a body is refused, and nothing beyond it is read. */
START_TEST(cut_anywhere)
{
	static const struct str whole = STR(
	    FIELD("name", "a") FIELD("password", "b") "--b--");

	for (size_t len = 0; len < whole.len; len++) {
		char *cut = malloc(len + 1);
		struct bound bound;

		ck_assert_ptr_nonnull(cut);
		cut = realloc(cut, MAX_OF(len, (size_t)1));
		ck_assert_ptr_nonnull(cut);
		memcpy(cut, whole.p, len);
		ck_assert_msg(bind((struct str){cut, len}, STR("b"), &bound) ==
			ERR_INVALID,
		    "length %zu", len);
		free(cut);
	}
}
END_TEST

static const struct {
	struct str boundary;
	enum err err;
} boundaries[] = {
    {STR("b"), OK},
    {STR("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"), OK},
    {STR("'()+_,-./:=?"), OK},
    {STR("a b"), OK},
    {STR("----WebKitFormBoundaryAbCdEf0123456789"), OK},
    {STR("1234567890123456789012345678901234567890123456789012345678901234567"
	 "890"),
	OK},
    {STR("1234567890123456789012345678901234567890123456789012345678901234567"
	 "8901"),
	ERR_INVALID},
    {STR(""), ERR_INVALID},
    {STR("b "), ERR_INVALID},
    {STR("b\r\n"), ERR_INVALID},
    {STR("b\\"), ERR_INVALID},
    {STR("b\0"), ERR_INVALID},
    {STR("b*"), ERR_INVALID},
    {STR("\xc3\xa4"), ERR_INVALID},
};

START_TEST(table_of_boundaries)
{
	for (size_t i = 0; i < ARRAY_LEN(boundaries); i++) {
		struct bound bound;
		struct buf text;

		buf_init(&text, 1000);
		buf_puts(&text, "--");
		buf_put(&text, boundaries[i].boundary);
		buf_puts(&text, "\r\n" DISPOSITION("name") "\r\na\r\n--");
		buf_put(&text, boundaries[i].boundary);
		buf_puts(&text, "--\r\n");
		ck_assert_msg(bind(buf_str(&text), boundaries[i].boundary,
				  &bound) == boundaries[i].err,
		    "row %zu", i);
		buf_done(&text);
	}
}
END_TEST

START_TEST(how_many)
{
	for (int n = HTTP_FORM_PARTS_MAX; n <= HTTP_FORM_PARTS_MAX + 1; n++) {
		struct bound bound;
		struct buf text;

		buf_init(&text, HTTP_BODY_MAX);
		for (int i = 0; i < n; i++)
			buf_puts(&text, FIELD("x", "y"));
		buf_puts(&text, END);
		assert_err(bind(buf_str(&text), STR("b"), &bound),
		    n <= HTTP_FORM_PARTS_MAX ? OK : ERR_INVALID);
		buf_done(&text);
	}
}
END_TEST

START_TEST(large_part_headers)
{
	static const struct {
		int n_lines; /* of 1024 bytes */
		enum err err;
	} cases[] = {{7, OK}, {8, ERR_INVALID}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bound bound;
		struct buf text;

		buf_init(&text, HTTP_BODY_MAX);
		buf_puts(&text, "--b\r\n" DISPOSITION("name"));
		for (int k = 0; k < cases[i].n_lines; k++)
			buf_putf(&text, "X: %01021d\r\n", k);
		buf_puts(&text, "\r\na\r\n" END);
		assert_err(bind(buf_str(&text), STR("b"), &bound),
		    cases[i].err);
		buf_done(&text);
	}
}
END_TEST

Suite *suite_http_multipart(void)
{
	Suite *suite = suite_create("http/multipart");
	TCase *tcase = tcase_create("multipart");

	tcase_add_test(tcase, table_of_bodies);
	tcase_add_test(tcase, cut_anywhere);
	tcase_add_test(tcase, table_of_boundaries);
	tcase_add_test(tcase, how_many);
	tcase_add_test(tcase, large_part_headers);
	suite_add_tcase(suite, tcase);
	return suite;
}
