#include "core/base.h"

#include "http/media.h"

#include "suites.h"
#include "unit.h"

START_TEST(values)
{
	static const struct {
		const char *field, *value, *params;
	} cases[] = {
	    {"", "", ""},
	    {"text/html", "text/html", ""},
	    {" text/html ; a=b; c=d", "text/html", " a=b; c=d"},
	    {"text/html;", "text/html", ""},
	    {";a=b", "", "a=b"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str params;

		assert_str(http_media_value(str_of(cases[i].field), &params),
		    cases[i].value);
		assert_str(params, cases[i].params);
	}
}
END_TEST

START_TEST(params)
{
	static const struct {
		const char *params;
		enum err err;
		const char *value;
	} cases[] = {
	    {"", ERR_NOT_FOUND, NULL},
	    {"x=1", ERR_NOT_FOUND, NULL},
	    {"name=a", OK, "a"},
	    {"NAME=a", OK, "a"},
	    {" x=1 ; name=a ; y=2 ", OK, "a"},
	    {"name=a;", OK, "a"},
	    {"name=", OK, ""},
	    {"name=\"\"", OK, ""},
	    {"name=\"a b\"", OK, "a b"},
	    {"name=\"a;x=\"", OK, "a;x="},
	    {"x=\"a;name=c\"; name=b", OK, "b"},
	    {"x=\"a\\\";name=c\"; name=b", OK, "b"},
	    {"name=\"a\\\"b\"", OK, "a\\\"b"},
	    {"name=\"a\\\\\"", OK, "a\\\\"},
	    {"name=a; name=b", ERR_INVALID, NULL},
	    {"name=a; Name=a", ERR_INVALID, NULL},
	    {"name", ERR_INVALID, NULL},
	    {"name =a", ERR_INVALID, NULL},
	    {"name= a", ERR_INVALID, NULL},
	    {"=a", ERR_INVALID, NULL},
	    {"name=a b", ERR_INVALID, NULL},
	    {"name=a\"b\"", ERR_INVALID, NULL},
	    {"name=\"a", ERR_INVALID, NULL},
	    {"name=\"", ERR_INVALID, NULL},
	    {"name=\"\\", ERR_INVALID, NULL},
	    {"name=\"a\\\"", ERR_INVALID, NULL},
	    {"name=\"a\"b", ERR_INVALID, NULL},
	    {"name=a; x", ERR_INVALID, NULL},
	    {"x; name=a", ERR_INVALID, NULL},
	    {";name=a", ERR_INVALID, NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		/* Not a NUL is read beyond the end. */
		size_t len = strlen(cases[i].params);
		char *copy = malloc(len + 1);
		struct str value = STR("untouched");

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, cases[i].params, len);
		copy[len] = '"';
		ck_assert_msg(http_media_param((struct str){copy, len},
				  STR("name"), &value) == cases[i].err,
		    "row %zu", i);
		assert_str(value,
		    cases[i].err == OK ? cases[i].value : "untouched");
		free(copy);
	}
}
END_TEST

Suite *suite_http_media(void)
{
	Suite *suite = suite_create("http/media");
	TCase *tcase = tcase_create("media");

	tcase_add_test(tcase, values);
	tcase_add_test(tcase, params);
	suite_add_tcase(suite, tcase);
	return suite;
}
