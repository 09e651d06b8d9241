#include "core/base.h"

#include <fcntl.h>
#include <signal.h>

#include "core/log.h"

#include "suites.h"
#include "unit.h"

#define LINE_MAX_LEN 4096

static int saved_stderr;
static FILE *captured;
static char text[4 * LINE_MAX_LEN];

/* Each test runs in a process of its own, but check still reports on stderr. */
static void capture(void)
{
	captured = tmpfile();
	ck_assert_ptr_nonnull(captured);
	saved_stderr = dup(STDERR_FILENO);
	ck_assert_int_ge(saved_stderr, 0);
	ck_assert_int_ge(dup2(fileno(captured), STDERR_FILENO), 0);
	log_init("unit", LOG_INFO);
}

static void release(void)
{
	ck_assert_int_ge(dup2(saved_stderr, STDERR_FILENO), 0);
	ck_assert_int_eq(close(saved_stderr), 0);
	ck_assert_int_eq(fclose(captured), 0);
}

/* All that was logged so far; begins anew. */
static const char *logged(void)
{
	size_t n;

	rewind(captured);
	n = fread(text, 1, sizeof(text) - 1, captured);
	text[n] = '\0';
	ck_assert_int_eq(ftruncate(fileno(captured), 0), 0);
	rewind(captured);
	return text;
}

/* What follows time=…, after that was looked at. */
static const char *logged_after_time(void)
{
	static const char form[] = "time=dddd-dd-ddTdd:dd:dd.ddddddZ ";
	const char *line = logged();

	for (size_t i = 0; form[i] != '\0'; i++) {
		if (form[i] == 'd')
			ck_assert(isdigit((unsigned char)line[i]));
		else
			ck_assert_int_eq(line[i], form[i]);
	}
	return line + sizeof(form) - 1;
}

static void assert_line(const char *rest)
{
	char want[512];

	(void)snprintf(want, sizeof(want), "level=error prog=unit pid=%jd %s\n",
	    (intmax_t)getpid(), rest);
	ck_assert_str_eq(logged_after_time(), want);
}

START_TEST(line)
{
	log_plain(LOG_ERROR, "it broke");
	assert_line("msg=\"it broke\"");
	log_at(LOG_ERROR, "broken", LOG_Z("host", "db1"),
	    LOG_STR("code", STR("a7")), LOG_U64("port", 3306));
	assert_line("msg=broken host=db1 code=a7 port=3306");
}
END_TEST

START_TEST(request_id)
{
	char id[100];

	memset(id, 'a', sizeof(id));
	log_set_request(STR("6f1c"));
	log_plain(LOG_ERROR, "x");
	assert_line("req=6f1c msg=x");
	log_set_request((struct str){id, sizeof(id)});
	log_plain(LOG_ERROR, "x");
	ck_assert_ptr_nonnull(strstr(logged(), " req=aaaa"));
	log_set_request((struct str){NULL, 0});
	log_plain(LOG_ERROR, "x");
	assert_line("msg=x");
}
END_TEST

static const struct {
	struct str value;
	const char *shown;
} values[] = {
    {STR("plain/1.0"), "plain/1.0"},
    {STR(""), "\"\""},
    {{NULL, 0}, "\"\""},
    {STR("two words"), "\"two words\""},
    {STR("a=b"), "\"a=b\""},
    {STR("say \"x\""), "\"say \\\"x\\\"\""},
    {STR("back\\slash"), "\"back\\\\slash\""},
    {STR("a\nlevel=error"), "\"a\\nlevel=error\""},
    {STR("a\r\t\x1b[0m\x7f"), "\"a\\x0d\\x09\\x1b[0m\\x7f\""},
    {STR("a\0b"), "\"a\\x00b\""},
    {STR("J\xc3\xb6rg"), "\"J\xc3\xb6rg\""},
    {STR("\xc3\x28\xff"), "\"\\xc3(\\xff\""},
    {STR("\xe2\x80\xae"), "\"\\xe2\\x80\\xae\""},
};

START_TEST(values_are_escaped)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		char want[128];

		log_at(LOG_ERROR, "x", LOG_STR("v", values[i].value));
		(void)snprintf(want, sizeof(want), "msg=x v=%s",
		    values[i].shown);
		assert_line(want);
	}
}
END_TEST

START_TEST(long_lines_are_cut)
{
	static const struct {
		char fill;
		const char *end;
	} rows[] = {
	    {'a', " v= cut=true\n"}, /* bare: all or nothing */
	    {' ', "   \" cut=true\n"},
	    {'\n', "\\n\\n\" cut=true\n"},
	    {'\x01', "\\x01\\x01\" cut=true\n"},
	};
	char big[2 * LINE_MAX_LEN];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *got;

		memset(big, rows[i].fill, sizeof(big));
		log_at(LOG_ERROR, "x",
		    LOG_STR("v", ((struct str){big, sizeof(big)})),
		    LOG_Z("after", "1"));
		got = logged();
		ck_assert_uint_le(strlen(got), LINE_MAX_LEN);
		ck_assert_msg(str_ends(str_of(got), str_of(rows[i].end)),
		    "row %zu: %s", i, got);
	}
}
END_TEST

START_TEST(cut_at_every_length)
{
	char big[LINE_MAX_LEN + 8];

	memset(big, ' ', sizeof(big));
	for (size_t len = LINE_MAX_LEN - 200; len < sizeof(big); len++) {
		const char *got;
		size_t n_quotes = 0;

		log_at(LOG_ERROR, "x", LOG_STR("v", ((struct str){big, len})),
		    LOG_Z("w", ""));
		got = logged();
		ck_assert_uint_le(strlen(got), LINE_MAX_LEN);
		ck_assert(str_ends(str_of(got), STR("\n")));
		for (const char *p = got; *p != '\0'; p++)
			n_quotes += *p == '"';
		ck_assert_uint_eq(n_quotes % 2, 0);
		ck_assert(str_ends(str_of(got), STR("\" w=\"\"\n")) ||
		    strstr(got, " cut=true\n") != NULL);
	}
}
END_TEST

START_TEST(level_decides)
{
	log_plain(LOG_DEBUG, "x");
	ck_assert_str_eq(logged(), "");
	log_plain(LOG_INFO, "x");
	ck_assert_ptr_nonnull(strstr(logged(), " level=info "));
	log_init("unit", LOG_ERROR);
	log_plain(LOG_WARNING, "x");
	ck_assert_str_eq(logged(), "");
	log_init("unit", LOG_DEBUG);
	log_plain(LOG_DEBUG, "x");
	ck_assert_ptr_nonnull(strstr(logged(), " level=debug "));
}
END_TEST

START_TEST(errno_survives)
{
	ck_assert_int_eq(close(STDERR_FILENO), 0);
	errno = ENOENT;
	log_plain(LOG_ERROR, "nobody reads this");
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(level_names)
{
	enum log_level level = LOG_ERROR;

	for (int l = LOG_ERROR; l <= LOG_DEBUG; l++) {
		const char *name = log_level_name((enum log_level)l);

		assert_ok(log_level_parse(str_of(name), &level));
		ck_assert_int_eq(level, l);
	}
	assert_err(log_level_parse(STR("Debug"), &level), ERR_INVALID);
	assert_err(log_level_parse(STR(""), &level), ERR_INVALID);
	assert_err(log_level_parse(STR("info "), &level), ERR_INVALID);
	ck_assert_int_eq(level, LOG_DEBUG);
}
END_TEST

START_TEST(ensure_aborts)
{
	ensure(1 + 1 == 2);
	ensure(1 + 1 == 3);
}
END_TEST

Suite *suite_core_log(void)
{
	Suite *suite = suite_create("core/log");
	TCase *tcase = tcase_create("log");

	tcase_add_checked_fixture(tcase, capture, release);
	tcase_add_test(tcase, line);
	tcase_add_test(tcase, request_id);
	tcase_add_test(tcase, values_are_escaped);
	tcase_add_test(tcase, long_lines_are_cut);
	tcase_add_test(tcase, cut_at_every_length);
	tcase_add_test(tcase, level_decides);
	tcase_add_test(tcase, errno_survives);
	tcase_add_test(tcase, level_names);
	tcase_add_test_raise_signal(tcase, ensure_aborts, SIGABRT);
	suite_add_tcase(suite, tcase);
	return suite;
}
