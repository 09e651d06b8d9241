#include "core/base.h"

#include <signal.h>

#include "core/buf.h"
#include "core/field.h"

#include "suites.h"
#include "unit.h"

#define TOKEN "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

struct body {
	struct str name;
	struct secret_str password;
	struct secret token;
	uint64_t id;
	bool enabled;
};

static const char *no_x(struct str text)
{
	return str_contains(text, STR("x")) ? "has an x" : NULL;
}

#define AT(member) .name = #member, .offset = offsetof(struct body, member)

static const struct field fields[] = {
    {AT(name), .type = FIELD_TEXT, .required = true, .len_max = 5,
	.check = no_x},
    {AT(password), .type = FIELD_PASSWORD, .check = no_x},
    {AT(token), .type = FIELD_TOKEN},
    {AT(id), .type = FIELD_ID},
    {AT(enabled), .type = FIELD_BOOL},
};

static const struct field_table table = FIELD_TABLE(fields, struct body);

static struct body body;
static struct field_binder binder;

static void begin(void)
{
	memset(&body, 0xff, sizeof(body));
	field_begin(&binder, &table, &body);
}

static enum err bind(const char *name, const char *value)
{
	return field_bind_text(&binder, str_of(name), str_of(value));
}

/* "name: why; …", as kept in the binder. */
static const char *errors(void)
{
	static struct buf text;

	buf_init(&text, 1000);
	for (size_t i = 0; i < binder.errors.n; i++)
		buf_putf(&text, "%s: %s;", binder.errors.list[i].name,
		    binder.errors.list[i].why);
	return text.p != NULL ? text.p : "";
}

START_TEST(starts_from_zero)
{
	static const struct body zero;

	ck_assert_ptr_null(body.name.p);
	ck_assert_uint_eq(body.name.len, 0);
	ck_assert_ptr_null(body.password.p);
	ck_assert_mem_eq(&body.token, &zero.token, sizeof(zero.token));
	ck_assert_uint_eq(body.id, 0);
	ck_assert(!body.enabled);
}
END_TEST

START_TEST(binds_every_type)
{
	assert_ok(bind("name", "Zo\xc3\xab"));
	assert_ok(bind("password", "pass word"));
	assert_ok(bind("token", TOKEN));
	assert_ok(bind("id", "9007199254740991"));
	assert_ok(bind("enabled", "true"));
	assert_ok(bind("is_admin", "true"));
	field_end(&binder);

	ck_assert_str_eq(errors(), "");
	assert_str(body.name, "Zo\xc3\xab");
	ck_assert_uint_eq(body.password.len, 9);
	ck_assert_mem_eq(body.password.p, "pass word", 9);
	ck_assert_uint_eq(body.token.byte[0], 1);
	ck_assert_uint_eq(body.id, FIELD_ID_MAX);
	ck_assert(body.enabled);
}
END_TEST

static const struct {
	const char *name, *value, *want; /* errors but for name's own */
} rules[] = {
    {"name", "abcde", ""},
    {"name", "\xc3\xab\xc3\xab\xc3\xab\xc3\xab\xc3\xab", ""},
    {"name", "abcdef", "name: is too long;"},
    {"name", "ax", "name: has an x;"},
    {"name", "", "name: is required;"},
    {"password", "", ""},
    {"password", "x", "password: has an x;"},
    {"token", "", ""},
    {"token", "x", ""},
    {"id", "", ""},
    {"id", "1", ""},
    {"id", "0", "id: must be a whole number above zero;"},
    {"id", "-1", "id: must be a whole number above zero;"},
    {"id", "+1", "id: must be a whole number above zero;"},
    {"id", "1.0", "id: must be a whole number above zero;"},
    {"id", " 1", "id: must be a whole number above zero;"},
    {"id", "9007199254740992", "id: must be a whole number above zero;"},
    {"id", "99999999999999999999999", "id: must be a whole number above zero;"},
    {"enabled", "", ""},
    {"enabled", "on", ""},
    {"enabled", "0", ""},
    {"enabled", "yes", "enabled: must be true or false;"},
    {"enabled", "TRUE", "enabled: must be true or false;"},
};

START_TEST(rule)
{
	static const struct body zero;

	if (strcmp(rules[_i].name, "name") != 0)
		assert_ok(bind("name", "me"));
	assert_ok(bind(rules[_i].name, rules[_i].value));
	field_end(&binder);
	ck_assert_str_eq(errors(), rules[_i].want);

	/* What broke a rule is not bound. */
	if (rules[_i].want[0] != '\0' && strcmp(rules[_i].name, "name") == 0)
		ck_assert_ptr_null(body.name.p);
	ck_assert_mem_eq(&body.token, &zero.token, sizeof(zero.token));
}
END_TEST

START_TEST(required_is_noted_at_the_end)
{
	ck_assert_str_eq(errors(), "");
	field_end(&binder);
	ck_assert_str_eq(errors(), "name: is required;");
}
END_TEST

START_TEST(second_value_is_refused)
{
	static const char *const names[] = {"name", "password", "token", "id",
	    "enabled"};
	const char *name = names[_i];
	const struct field *f = field_find(&table, str_of(name));

	assert_ok(bind(name, ""));
	assert_err(bind(name, "1"), ERR_INVALID);
	assert_err(field_bind_id(&binder, f, 1), ERR_INVALID);
	assert_err(field_bind_bool(&binder, f, true), ERR_INVALID);
	assert_err(field_bind_wrong(&binder, f), ERR_INVALID);
}
END_TEST

START_TEST(bytes_that_are_no_text)
{
	assert_err(bind("name", "\xff"), ERR_INVALID);
	begin();
	assert_err(bind("password", "\xc0\x80"), ERR_INVALID);
	begin();
	assert_err(field_bind_text(&binder, STR("name"), STR("a\0b")),
	    ERR_INVALID);
	/* A file in a multipart body, say. */
	begin();
	assert_ok(bind("photo", "\xff"));
	assert_ok(bind("photo", "\xff"));
}
END_TEST

START_TEST(names_are_exact)
{
	ck_assert_ptr_eq(field_find(&table, STR("id")), &fields[3]);
	ck_assert_ptr_null(field_find(&table, STR("Id")));
	ck_assert_ptr_null(field_find(&table, STR("id ")));
	ck_assert_ptr_null(field_find(&table, STR("id\0")));
	ck_assert_ptr_null(field_find(&table, STR("")));
}
END_TEST

START_TEST(typed_values)
{
	assert_ok(field_bind_id(&binder, &fields[3], 7));
	assert_ok(field_bind_bool(&binder, &fields[4], true));
	ck_assert_uint_eq(body.id, 7);
	ck_assert(body.enabled);

	begin();
	assert_ok(field_bind_id(&binder, &fields[3], 0));
	assert_ok(field_bind_id(&binder, &fields[0], 1));
	assert_ok(field_bind_bool(&binder, &fields[1], true));
	assert_ok(field_bind_wrong(&binder, &fields[2]));
	assert_ok(field_bind_wrong(&binder, &fields[4]));
	field_end(&binder);
	ck_assert_str_eq(errors(),
	    "id: must be a whole number above zero;name: must be a text;"
	    "password: must be a text;enabled: must be true or false;");
	ck_assert_uint_eq(body.id, 0);
}
END_TEST

/* What a query asks for: a page of at most 100, from a day on. */
static const struct {
	const char *name;
	const char *text;
	const char *errors;
} bounded[] = {
    {"page", "1", ""},
    {"page", "100", ""},
    {"page", "101", "page: is too large;"},
    {"page", "0", "page: must be a whole number above zero;"},
    {"from", "2026-11-24", ""},
    {"from", "2026-11-31",
	"from: must be a day or a moment, as 2026-11-24 or "
	"2026-11-24T06:45:00Z;"},
};

START_TEST(numbers_and_times_are_bounded)
{
	struct query {
		uint64_t page;
		int64_t from_us;
	} query;
	const struct field rows[] = {
	    {"page", FIELD_ID, offsetof(struct query, page), false, 100, NULL},
	    {"from", FIELD_TIME, offsetof(struct query, from_us), false, 0,
		NULL},
	};
	const struct field_table two = FIELD_TABLE(rows, struct query);

	field_begin(&binder, &two, &query);
	assert_ok(field_bind_text(&binder, str_of(bounded[_i].name),
	    str_of(bounded[_i].text)));
	field_end(&binder);
	ck_assert_str_eq(errors(), bounded[_i].errors);
}
END_TEST

static const struct field broken[] = {
    {.type = FIELD_ID},
    {.name = "", .type = FIELD_ID},
    {.name = "no_type"},
    {.name = "no_such_type", .type = FIELD_TIME + 1},
    {.name = "out", .type = FIELD_ID, .offset = sizeof(struct body) - 4},
    {.name = "no_len_max", .type = FIELD_TEXT},
    {.name = "useless_len_max", .type = FIELD_BOOL, .len_max = 1},
};

START_TEST(broken_table_aborts)
{
	struct field_table one = {&broken[_i], 1, sizeof(body)};

	field_begin(&binder, &one, &body);
}
END_TEST

Suite *suite_core_field(void)
{
	Suite *suite = suite_create("core/field");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, begin, NULL);
	tcase_add_test(tcase, starts_from_zero);
	tcase_add_test(tcase, binds_every_type);
	tcase_add_loop_test(tcase, rule, 0, ARRAY_LEN(rules));
	tcase_add_test(tcase, required_is_noted_at_the_end);
	tcase_add_loop_test(tcase, second_value_is_refused, 0,
	    ARRAY_LEN(fields));
	tcase_add_test(tcase, bytes_that_are_no_text);
	tcase_add_test(tcase, names_are_exact);
	tcase_add_test(tcase, typed_values);
	tcase_add_loop_test_raise_signal(tcase, broken_table_aborts, SIGABRT, 0,
	    ARRAY_LEN(broken));
	tcase_add_loop_test(tcase, numbers_and_times_are_bounded, 0,
	    ARRAY_LEN(bounded));
	suite_add_tcase(suite, tcase);
	return suite;
}
