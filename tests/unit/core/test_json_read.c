#include "core/base.h"

#include "core/clock.h"
#include "core/json.h"

#include "suites.h"
#include "unit.h"

#define ARENA_MAX ((size_t)1 << 20)

struct body {
	struct str name;
	struct secret_str password;
	struct secret token;
	uint64_t id;
	bool enabled;
};

#define AT(member) .name = #member, .offset = offsetof(struct body, member)

static const struct field fields[] = {
    {AT(name), .type = FIELD_TEXT, .len_max = 20},
    {AT(password), .type = FIELD_PASSWORD},
    {AT(token), .type = FIELD_TOKEN},
    {AT(id), .type = FIELD_ID},
    {AT(enabled), .type = FIELD_BOOL},
};

static const struct field_table table = FIELD_TABLE(fields, struct body);

static struct arena *arena;
static struct body body;
static struct field_errors errors;

static void begin(void)
{
	arena = arena_new(ARENA_MAX);
	memset(&body, 0xff, sizeof(body));
	errors.n = 99;
}

static void end(void)
{
	arena_free(&arena);
}

/* A copy of exact size, so that ASan sees a step behind the end. */
static enum err read_text(struct str text)
{
	char *exact = malloc(MAX_OF(text.len, 1));
	enum err err;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, text.p, text.len);
	err = json_read(arena, (struct str){exact, text.len}, &table, &body,
	    &errors);
	free(exact);
	return err;
}

static enum err read_z(const char *z)
{
	return read_text(str_of(z));
}

START_TEST(binds_by_table)
{
	assert_ok(read_z(J(" {'name': 'Zo\\u00eb \\ud83d\\ude00 \\'\\n',\r\n"
			   "\t'password' : 'p\\\\w', 'id': 42,"
			   "'enabled': true, 'admin': [1, {'a': null}]} \n")));
	ck_assert_uint_eq(errors.n, 0);
	assert_str(body.name, "Zo\xc3\xab \xf0\x9f\x98\x80 \"\n");
	ck_assert_uint_eq(body.password.len, 3);
	ck_assert_mem_eq(body.password.p, "p\\w", 3);
	ck_assert_uint_eq(body.id, 42);
	ck_assert(body.enabled);
}
END_TEST

/* All of them read as a body in which nothing is set. */
static const char *const empty[] = {
    "",
    "{}",
    " { } ",
    "{'name': null, 'password': '', 'id': null, 'enabled': ''}",
    "{'Name': 'x', 'NAME': 'x', 'name ': 'x', 'ID': 1}",
    "{'': {}, 'x': [], 'y': [[]], 'z': -0.5e+10, 'u': 1E-2, 'v': 0}",
    "{'a': {'name': 'x'}, 'b': {'name': 'y'}}",
    "{'token': 'short'}",
    "{'token': 7}",
    "{'enabled': false}",
};

START_TEST(nothing_set)
{
	static const struct body zero;

	assert_ok(read_z(J(empty[_i])));
	ck_assert_uint_eq(errors.n, 0);
	ck_assert_uint_eq(body.name.len, 0);
	ck_assert_uint_eq(body.password.len, 0);
	ck_assert_mem_eq(&body.token, &zero.token, sizeof(zero.token));
	ck_assert_uint_eq(body.id, 0);
	ck_assert(!body.enabled);
}
END_TEST

static const struct {
	const char *text;
	uint64_t want; /* 0: a broken rule */
} ids[] = {
    {"1", 1},
    {"'1'", 1},
    {"9007199254740991", FIELD_ID_MAX},
    {"'9007199254740991'", FIELD_ID_MAX},
    {"1.0", 1},
    {"1e2", 100},
    {"0", 0},
    {"-0", 0},
    {"-1", 0},
    {"1.5", 0},
    {"9007199254740992", 0},
    {"9007199254740993", 0},
    {"18446744073709551617", 0},
    {"1e999", 0},
    {"-1e999", 0},
    {"1e-999", 0},
    {"'1.0'", 0},
    {"' 1'", 0},
    {"'-1'", 0},
    {"'0x1'", 0},
    {"'1\\u0030'", 10},
    {"true", 0},
    {"[1]", 0},
    {"{}", 0},
};

START_TEST(id)
{
	struct buf text;

	buf_init(&text, 1000);
	buf_putf(&text, "{\"id\": %s}", J(ids[_i].text));
	assert_ok(read_z(text.p));
	ck_assert_uint_eq(body.id, ids[_i].want);
	ck_assert_uint_eq(errors.n, ids[_i].want == 0);
	buf_done(&text);
}
END_TEST

static const char *const wrong_types[] = {
    "{'name': 1}",
    "{'name': true}",
    "{'name': ['x']}",
    "{'name': {'name': 'x'}}",
    "{'password': 12345678}",
    "{'enabled': 1}",
    "{'enabled': 'maybe'}",
    "{'enabled': []}",
};

START_TEST(wrong_type)
{
	assert_ok(read_z(J(wrong_types[_i])));
	ck_assert_uint_eq(errors.n, 1);
	ck_assert_ptr_null(body.name.p);
	ck_assert_ptr_null(body.password.p);
}
END_TEST

static const struct str invalid[] = {
    /* not one object */
    STR(" "),
    STR("null"),
    STR("[]"),
    STR("'x'"),
    STR("1"),
    STR("{"),
    STR("}"),
    STR("{}{}"),
    STR("{} x"),
    STR("{},"),
    STR("{}\0"),
    STR("\xef\xbb\xbf{}"),
    STR("\v{}"),
    STR("/**/{}"),
    /* structure */
    STR("{'a'}"),
    STR("{'a':}"),
    STR("{'a' 1}"),
    STR("{'a':1,}"),
    STR("{,}"),
    STR("{,'a':1}"),
    STR("{'a':1 'b':2}"),
    STR("{'a':1;'b':2}"),
    STR("{a:1}"),
    STR("{1:1}"),
    STR("{'a':[1,]}"),
    STR("{'a':[,1]}"),
    STR("{'a':[1 2]}"),
    STR("{'a':[1}"),
    STR("{'a':[1)}"),
    STR("{'a':{]}"),
    STR("{'a':"),
    STR("{'a':1"),
    STR("{'a"),
    STR("{'a':'"),
    STR("{'a':'\\"),
    STR("{'a':'\\u"),
    STR("{'a':'\\u00"),
    /* words */
    STR("{'a':True}"),
    STR("{'a':nul}"),
    STR("{'a':nullx}"),
    STR("{'a':NaN}"),
    STR("{'a':Infinity}"),
    STR("{'a':-Infinity}"),
    STR("{'a':undefined}"),
    /* numbers */
    STR("{'a':01}"),
    STR("{'a':-01}"),
    STR("{'a':+1}"),
    STR("{'a':.5}"),
    STR("{'a':5.}"),
    STR("{'a':-}"),
    STR("{'a':1e}"),
    STR("{'a':1e+}"),
    STR("{'a':1e+-1}"),
    STR("{'a':0x1}"),
    STR("{'a':1_000}"),
    STR("{'a':1111111111222222222233333333334444444444"
	"555555555566666666667777}"),
    /* texts */
    STR("{'a':'\n'}"),
    STR("{'a':'\t'}"),
    STR("{'a':'\x1f'}"),
    STR("{'a':'x\0y'}"),
    STR("{'a\0':1}"),
    STR("{'a':\0 1}"),
    STR("{'a':'adm\\u0000in'}"),
    STR("{'name\\u0000':'x'}"),
    STR("{'a':'\\x41'}"),
    STR("{'a':'\\a'}"),
    STR("{'a':'\\\0'}"),
    STR("{'a':'\\U0041'}"),
    STR("{'a':'\\u004'}"),
    STR("{'a':'\\u00g1'}"),
    STR("{'a':'\\u 041'}"),
    STR("{'a':'\\u+041'}"),
    STR("{'a':'\\ud83d'}"),
    STR("{'a':'\\ud83dx'}"),
    STR("{'a':'\\ud83d\\n'}"),
    STR("{'a':'\\ud83d\\ud83d'}"),
    STR("{'a':'\\ude00'}"),
    STR("{'a':'\\ude00\\ud83d'}"),
    STR("{'a':'\\ud83d\\u0041'}"),
    STR("{'a':'\xff'}"),
    STR("{'a':'\xc0\xaf'}"),
    STR("{'a':'\xed\xa0\x80'}"),
    STR("{'a':'\xf4\x90\x80\x80'}"),
    STR("{'a':'\xc3'}"),
    STR("{'a\xff':1}"),
    /* the same key twice */
    STR("{'name':'a','name':'b'}"),
    STR("{'name':'a','name':null}"),
    STR("{'name':'a','n\\u0061me':'b'}"),
    STR("{'x':1,'y':2,'x':1}"),
    STR("{'':1,'':1}"),
    STR("{'x':{'y':1,'y':1}}"),
    STR("{'x':[[{'y':1,'\\u0079':1}]]}"),
    STR("{'\xc3\xab':1,'\\u00eb':2}"),
};

START_TEST(is_invalid)
{
	char text[200];
	struct str in = invalid[_i];

	ck_assert_uint_le(in.len, sizeof(text));
	for (size_t i = 0; i < in.len; i++)
		text[i] = in.p[i] == '\'' ? '"' : in.p[i];
	assert_err(read_text((struct str){text, in.len}), ERR_INVALID);
	ck_assert_uint_eq(errors.n, 99);
}
END_TEST

/* Every prefix of something valid is invalid, and none crashes. */
START_TEST(cut_off)
{
	const char *text = J(
	    "{'a': [1.5e+3, -0, true, false, null, 'x\\n\\u00eb"
	    "\\ud83d\\ude00'], 'b': {'c': {}}}");

	assert_ok(read_z(text));
	for (size_t len = 1; len < strlen(text); len++)
		assert_err(read_text((struct str){text, len}), ERR_INVALID);
}
END_TEST

static enum err read_deep(int depth, char open, char close)
{
	struct buf text;
	enum err err;

	buf_init(&text, ARENA_MAX);
	buf_puts(&text, "{\"a\":");
	for (int i = 1; i < depth; i++) {
		buf_putc(&text, open);
		if (open == '{' && i + 1 < depth)
			buf_puts(&text, "\"a\":");
	}
	for (int i = 1; i < depth; i++)
		buf_putc(&text, close);
	buf_putc(&text, '}');
	err = read_text(buf_str(&text));
	buf_done(&text);
	return err;
}

START_TEST(depth)
{
	assert_ok(read_deep(JSON_DEPTH_MAX, '[', ']'));
	assert_ok(read_deep(JSON_DEPTH_MAX, '{', '}'));
	assert_err(read_deep(JSON_DEPTH_MAX + 1, '[', ']'), ERR_INVALID);
	assert_err(read_deep(JSON_DEPTH_MAX + 1, '{', '}'), ERR_INVALID);
	assert_err(read_deep(30000, '[', ']'), ERR_INVALID);
}
END_TEST

/* Siblings are not depth. */
START_TEST(width)
{
	assert_ok(read_z(J("{'a':[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
			   "[],[],[],[],[]],'b':{},'c':{},'d':{},'e':{}}")));
}
END_TEST

/* As many keys as a body has room for, quickly. */
START_TEST(many_keys)
{
	int64_t start = clock_monotonic_us();
	struct buf text;

	buf_init(&text, ARENA_MAX);
	buf_puts(&text, "{\"name\":\"x\"");
	for (unsigned i = 0; i < 20000; i++)
		buf_putf(&text, ",\"%x\":0", i);
	buf_putc(&text, '}');
	assert_ok(read_text(buf_str(&text)));
	buf_done(&text);
	/* A second in which nobody else runs; valgrind included. */
	ck_assert_int_lt(clock_monotonic_us() - start, 10 * SECOND_US);
}
END_TEST

START_TEST(arena_is_the_limit)
{
	struct arena *small = arena_new(16);

	assert_err(json_read(small, str_of(J("{'name':'0123456789abcdef'}")),
		       &table, &body, &errors),
	    ERR_LIMIT);
	arena_free(&small);
}
END_TEST

Suite *suite_core_json_read(void)
{
	Suite *suite = suite_create("core/json_read");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, binds_by_table);
	tcase_add_loop_test(tcase, nothing_set, 0, ARRAY_LEN(empty));
	tcase_add_loop_test(tcase, id, 0, ARRAY_LEN(ids));
	tcase_add_loop_test(tcase, wrong_type, 0, ARRAY_LEN(wrong_types));
	tcase_add_loop_test(tcase, is_invalid, 0, ARRAY_LEN(invalid));
	tcase_add_test(tcase, cut_off);
	tcase_add_test(tcase, depth);
	tcase_add_test(tcase, width);
	tcase_add_test(tcase, many_keys);
	tcase_add_test(tcase, arena_is_the_limit);
	suite_add_tcase(suite, tcase);
	return suite;
}
