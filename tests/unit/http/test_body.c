#include "core/base.h"

#include "http/body.h"

#include "suites.h"
#include "unit.h"

struct bound {
	struct str name;
};

static const struct field fields[] = {
    {"name", FIELD_TEXT, offsetof(struct bound, name), .required = true,
	.len_max = 5},
};
static const struct field_table table = FIELD_TABLE(fields, struct bound);

#define JSON HTTP_TAKES_JSON
#define FORMS HTTP_TAKES_JSON_AND_FORMS
#define NOTHING HTTP_TAKES_NOTHING

#define JSON_A "{'name':'a'}"
#define FORM_A "name=a"
#define PART_A                                                                 \
	"--b\r\nContent-Disposition: form-data; name=name\r\n\r\na\r\n"        \
	"--b--\r\n"

static const struct {
	enum http_body_kinds takes;
	const char *type, *body;
	enum err err;
	const char *name; /* what is bound, or what is wrong */
} bodies[] = {
    {JSON, "application/json", JSON_A, OK, "a"},
    {JSON, "Application/JSON", JSON_A, OK, "a"},
    {JSON, "application/json; charset=utf-8", JSON_A, OK, "a"},
    {JSON, "application/json;charset=\"UTF-8\"", JSON_A, OK, "a"},
    {JSON, "application/json; x=y", JSON_A, OK, "a"},
    {FORMS, "application/json", JSON_A, OK, "a"},
    {JSON, "application/json", "", OK, "is required"},
    {JSON, "text/plain", "", OK, "is required"},
    {JSON, "", "", OK, "is required"},
    {JSON, "application/json", "{'name':'abcdef'}", OK, "is too long"},
    {JSON, "application/json; charset=latin1", JSON_A, ERR_DENIED, NULL},
    {JSON, "application/json; charset=", JSON_A, ERR_DENIED, NULL},
    {JSON, "application/json; charset", JSON_A, ERR_DENIED, NULL},
    {JSON, "application/json, text/plain", JSON_A, ERR_DENIED, NULL},
    {JSON, "application/jsonx", JSON_A, ERR_DENIED, NULL},
    {JSON, "text/json", JSON_A, ERR_DENIED, NULL},
    {JSON, "text/plain", JSON_A, ERR_DENIED, NULL},
    {JSON, "", JSON_A, ERR_DENIED, NULL},
    {JSON, "application/x-www-form-urlencoded", FORM_A, ERR_DENIED, NULL},
    {JSON, "multipart/form-data; boundary=b", PART_A, ERR_DENIED, NULL},
    {JSON, "application/json", "{'name':'a'", ERR_INVALID, NULL},
    {JSON, "application/json", "[]", ERR_INVALID, NULL},
    {JSON, "application/json", FORM_A, ERR_INVALID, NULL},

    {FORMS, "application/x-www-form-urlencoded", FORM_A, OK, "a"},
    {FORMS, "Application/X-WWW-Form-Urlencoded;charset=utf-8", FORM_A, OK, "a"},
    {FORMS, "application/x-www-form-urlencoded", "x=y", OK, "is required"},
    {FORMS, "application/x-www-form-urlencoded", "name=abcdef", OK,
	"is too long"},
    {FORMS, "application/x-www-form-urlencoded", "", OK, "is required"},
    {FORMS, "application/x-www-form-urlencoded", "name=%", ERR_INVALID, NULL},
    {FORMS, "application/x-www-form-urlencoded;charset=x", FORM_A, ERR_DENIED,
	NULL},

    {FORMS, "multipart/form-data; boundary=b", PART_A, OK, "a"},
    {FORMS, "multipart/form-data; x=y; boundary=\"b\"", PART_A, OK, "a"},
    {FORMS, "multipart/form-data; boundary=b", "--b--", OK, "is required"},
    {FORMS, "multipart/form-data", PART_A, ERR_INVALID, NULL},
    {FORMS, "multipart/form-data; boundary=", PART_A, ERR_INVALID, NULL},
    {FORMS, "multipart/form-data; boundary", PART_A, ERR_INVALID, NULL},
    {FORMS, "multipart/form-data; boundary=c", PART_A, ERR_INVALID, NULL},
    {FORMS, "multipart/form-data; boundary=b; boundary=c", PART_A, ERR_INVALID,
	NULL},
    {FORMS, "multipart/mixed; boundary=b", PART_A, ERR_DENIED, NULL},
    {FORMS, "text/plain", FORM_A, ERR_DENIED, NULL},

    {NOTHING, "text/plain", "anything", OK, "is required"},
    {NOTHING, "", "", OK, "is required"},
};

START_TEST(table_of_bodies)
{
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct arena *arena = arena_new(4096);
		const char *body = J(bodies[i].body);
		struct http_request request = {
		    .arena = arena,
		    .content_type = str_of(bodies[i].type),
		    .body_state = HTTP_BODY_WHOLE,
		    .body = str_of(body),
		};
		struct field_errors errors;
		struct bound bound;

		ck_assert_msg(http_body_bind(&request, bodies[i].takes, &table,
				  &bound, &errors) == bodies[i].err,
		    "row %zu", i);
		if (bodies[i].err == OK)
			assert_str(errors.n == 0 ? bound.name
						 : str_of(errors.list[0].why),
			    bodies[i].name);
		arena_free(&arena);
	}
}
END_TEST

START_TEST(not_whole)
{
	static const struct {
		enum http_body_kinds takes;
		enum http_body_state state;
		enum err err;
	} cases[] = {
	    {JSON, HTTP_BODY_TOO_LARGE, ERR_LIMIT},
	    {FORMS, HTTP_BODY_TOO_LARGE, ERR_LIMIT},
	    {JSON, HTTP_BODY_BROKEN, ERR_INVALID},
	    {FORMS, HTTP_BODY_BROKEN, ERR_INVALID},
	    {NOTHING, HTTP_BODY_BROKEN, OK},
	    {NOTHING, HTTP_BODY_TOO_LARGE, OK},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new(4096);
		struct http_request request = {
		    .arena = arena,
		    .content_type = STR("application/json"),
		    .body_state = cases[i].state,
		};
		struct field_errors errors;
		struct bound bound;

		ck_assert_msg(http_body_bind(&request, cases[i].takes, &table,
				  &bound, &errors) == cases[i].err,
		    "row %zu", i);
		arena_free(&arena);
	}
}
END_TEST

START_TEST(arena_full)
{
	static const struct {
		const char *type, *body;
	} cases[] = {
	    {"application/json", "{'name':'a'}"},
	    {"application/x-www-form-urlencoded", FORM_A},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new(1);
		const char *body = J(cases[i].body);
		struct http_request request = {
		    .arena = arena,
		    .content_type = str_of(cases[i].type),
		    .body_state = HTTP_BODY_WHOLE,
		    .body = str_of(body),
		};
		struct field_errors errors;
		struct bound bound;

		assert_err(http_body_bind(&request, FORMS, &table, &bound,
			       &errors),
		    ERR_LIMIT);
		arena_free(&arena);
	}
}
END_TEST

Suite *suite_http_body(void)
{
	Suite *suite = suite_create("http/body");
	TCase *tcase = tcase_create("body");

	tcase_add_test(tcase, table_of_bodies);
	tcase_add_test(tcase, not_whole);
	tcase_add_test(tcase, arena_full);
	suite_add_tcase(suite, tcase);
	return suite;
}
