#include "core/base.h"

#include "core/buf.h"
#include "http/body.h"

#include "suites.h"
#include "unit.h"

struct bound {
	struct str name;
	struct secret_str password;
	uint64_t id;
};

static const struct field fields[] = {
    {"name", FIELD_TEXT, offsetof(struct bound, name), .len_max = 20},
    {"password", FIELD_PASSWORD, .offset = offsetof(struct bound, password)},
    {"id", FIELD_ID, .offset = offsetof(struct bound, id)},
};
static const struct field_table table = FIELD_TABLE(fields, struct bound);

static enum err bind(struct arena *arena, struct str text, struct bound *bound)
{
	struct field_binder b;
	enum err err;

	field_begin(&b, &table, bound);
	err = http_form_bind(arena, text, &b);
	if (err == OK) {
		field_end(&b);
		ck_assert_uint_eq(b.errors.n, 0);
	}
	return err;
}

static const struct {
	struct str text;
	enum err err;
	const char *name, *password;
	uint64_t id;
} forms[] = {
    {STR(""), OK, "", "", 0},
    {{NULL, 0}, OK, "", "", 0},
    {STR("&&&"), OK, "", "", 0},
    {STR("name=a&password=b&id=3"), OK, "a", "b", 3},
    {STR("&name=a&"), OK, "a", "", 0},
    {STR("name"), OK, "", "", 0},
    {STR("name="), OK, "", "", 0},
    {STR("name=a=b"), OK, "a=b", "", 0},
    {STR("name=a+b%20c%2Bd"), OK, "a b c+d", "", 0},
    {STR("name=%C3%a4%26"), OK, "\xc3\xa4&", "", 0},
    {STR("n%61me=a"), OK, "a", "", 0},
    {STR("password=%25%26+%3D"), OK, "", "%& =", 0},
    {STR("=a&name=b&=c"), OK, "b", "", 0},
    {STR("other=1&other=2&name=a"), OK, "a", "", 0},
    {STR("Name=a"), OK, "", "", 0},
    {STR("name%00=a"), OK, "", "", 0},
    {STR("name=a;id=3"), OK, "a;id=3", "", 0},
    {STR("name=a&name=b"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=a&n%61me=a"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=&name="), ERR_INVALID, NULL, NULL, 0},
    {STR("name=%"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=%4"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=%4&id=1"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=%zz"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=%u0041"), ERR_INVALID, NULL, NULL, 0},
    {STR("other=%"), ERR_INVALID, NULL, NULL, 0},
    {STR("%=a"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=a%00b"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=a\0b"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=%ff"), ERR_INVALID, NULL, NULL, 0},
    {STR("name=%c0%80"), ERR_INVALID, NULL, NULL, 0},
};

START_TEST(table_of_forms)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct arena *arena = arena_new(1024);
		struct bound bound;

		ck_assert_msg(bind(arena, forms[i].text, &bound) ==
			forms[i].err,
		    "row %zu", i);
		if (forms[i].err == OK) {
			assert_str(bound.name, forms[i].name);
			assert_str(((struct str){bound.password.p,
				       bound.password.len}),
			    forms[i].password);
			ck_assert_uint_eq(bound.id, forms[i].id);
		}
		arena_free(&arena);
	}
}
END_TEST

START_TEST(how_many)
{
	struct arena *arena = arena_new((size_t)64 * 1024);
	struct bound bound;
	struct buf text;

	buf_init(&text, 4096);
	for (int i = 0; i < HTTP_FORM_PARTS_MAX; i++)
		buf_puts(&text, "&x=1");
	assert_ok(bind(arena, buf_str(&text), &bound));
	buf_puts(&text, "&x=1");
	assert_err(bind(arena, buf_str(&text), &bound), ERR_INVALID);
	buf_done(&text);
	arena_free(&arena);
}
END_TEST

START_TEST(arena_full)
{
	struct arena *arena = arena_new(16);
	struct bound bound;

	assert_err(bind(arena, STR("name=0123456789abcdef"), &bound),
	    ERR_LIMIT);
	arena_free(&arena);
}
END_TEST

Suite *suite_http_form(void)
{
	Suite *suite = suite_create("http/form");
	TCase *tcase = tcase_create("form");

	tcase_add_test(tcase, table_of_forms);
	tcase_add_test(tcase, how_many);
	tcase_add_test(tcase, arena_full);
	suite_add_tcase(suite, tcase);
	return suite;
}
