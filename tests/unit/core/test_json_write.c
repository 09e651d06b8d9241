#include "core/base.h"

#include <signal.h>

#include "core/json.h"

#include "suites.h"
#include "unit.h"

static struct buf buf;
static struct json_out out;

static void begin(void)
{
	buf_init(&buf, 1000);
	json_out_init(&out, &buf);
}

static void end(void)
{
	buf_done(&buf);
}

START_TEST(nests_and_places_commas)
{
	json_object(&out, NULL);
	json_bool(&out, "success", true);
	json_z(&out, "message", "Login successful");
	json_array(&out, "roles");
	json_z(&out, NULL, "admin");
	json_z(&out, NULL, "user");
	json_array_end(&out);
	json_array(&out, "none");
	json_array_end(&out);
	json_object(&out, "user");
	json_u64(&out, "id", UINT64_MAX);
	json_bool(&out, "verified", false);
	json_null(&out, "phone");
	json_object_end(&out);
	json_array(&out, "list");
	json_object(&out, NULL);
	json_object_end(&out);
	json_object(&out, NULL);
	json_u64(&out, "n", 0);
	json_object_end(&out);
	json_array_end(&out);
	json_object_end(&out);

	assert_ok(buf_err(&buf));
	ck_assert_int_eq(out.depth, 0);
	assert_str(buf_str(&buf),
	    J("{'success':true,'message':'Login successful',"
	      "'roles':['admin','user'],'none':[],"
	      "'user':{'id':18446744073709551615,'verified':false,"
	      "'phone':null},'list':[{},{'n':0}]}"));
}
END_TEST

#define FFFD "\xef\xbf\xbd"

static const struct {
	struct str in;
	const char *want;
} texts[] = {
    {{NULL, 0}, "\"\""},
    {STR(""), "\"\""},
    {STR("a/b<>&"), "\"a/b<>&\""},
    {STR("\"\\"), "\"\\\"\\\\\""},
    {STR("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
    {STR("\x01\x1f\x7f"), "\"\\u0001\\u001f\\u007f\""},
    {STR("\xc2\x9b\xe2\x80\xae"), "\"\\u009b\\u202e\""},
    {STR("a\0b"), "\"a\\u0000b\""},
    {STR("Zo\xc3\xab \xf0\x9f\x98\x80"), "\"Zo\xc3\xab \xf0\x9f\x98\x80\""},
    {STR("a\xff\xfe"), "\"a" FFFD FFFD "\""},
    {STR("\xc3"), "\"" FFFD "\""},
    {STR("\xc3\""), "\"" FFFD "\\\"\""},
    {STR("\xed\xa0\x80"), "\"" FFFD FFFD FFFD "\""},
    {STR("\xc0\xa2"), "\"" FFFD FFFD "\""},
};

START_TEST(text)
{
	json_str(&out, NULL, texts[_i].in);
	assert_str(buf_str(&buf), texts[_i].want);
}
END_TEST

START_TEST(keys_are_escaped_too)
{
	json_object(&out, NULL);
	json_z(&out, "a\"b", NULL);
	json_object_end(&out);
	assert_str(buf_str(&buf), "{\"a\\\"b\":\"\"}");
}
END_TEST

START_TEST(times)
{
	json_array(&out, NULL);
	json_time(&out, NULL, 0);
	json_time(&out, NULL, INT64_C(1795502700) * 1000000);
	json_array_end(&out);
	assert_str(buf_str(&buf), J("[null,'2026-11-24T06:45:00Z']"));
}
END_TEST

START_TEST(errors_stay_in_the_buf)
{
	struct buf small;

	buf_init(&small, 10);
	json_out_init(&out, &small);
	json_object(&out, NULL);
	json_z(&out, "key", "longer than ten");
	json_object_end(&out);
	assert_err(buf_err(&small), ERR_LIMIT);
	buf_done(&small);
}
END_TEST

START_TEST(too_many_ends_abort)
{
	json_object(&out, NULL);
	json_object_end(&out);
	json_object_end(&out);
}
END_TEST

Suite *suite_core_json_write(void)
{
	Suite *suite = suite_create("core/json_write");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, nests_and_places_commas);
	tcase_add_loop_test(tcase, text, 0, ARRAY_LEN(texts));
	tcase_add_test(tcase, keys_are_escaped_too);
	tcase_add_test(tcase, times);
	tcase_add_test(tcase, errors_stay_in_the_buf);
	tcase_add_test_raise_signal(tcase, too_many_ends_abort, SIGABRT);
	suite_add_tcase(suite, tcase);
	return suite;
}
