#include "core/base.h"

#include <sys/stat.h>

#include "mail/template.h"
#include "suites.h"
#include "unit.h"

static char dir[] = "/tmp/t2o-template.XXXXXX";
static struct config config;
static struct mail_text text;

static const struct mail_value values[] = {
    {"name", STR("<Zoë> & \"O'Neil\"\n")},
    {"link", STR("https://t2o.example/#a=1&b=2")},
    {"bad_url", STR("javascript:alert(1)")},
};

static void put_file(const char *name, const char *content, size_t len)
{
	struct buf path;
	FILE *file;

	buf_init(&path, PATH_MAX);
	buf_putf(&path, "%s/%s", dir, name);
	file = fopen(path.p, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(content, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	buf_done(&path);
}

static void put(const char *name, const char *content)
{
	put_file(name, content, strlen(content));
}

static void remove_file(const char *name)
{
	struct buf path;

	buf_init(&path, PATH_MAX);
	buf_putf(&path, "%s/%s", dir, name);
	ck_assert_int_eq(unlink(path.p), 0);
	buf_done(&path);
}

static void set_up(void)
{
	memcpy(dir + strlen(dir) - 6, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	config = (struct config){
	    .mail_locale = STR("de"),
	    .template_dir = str_of(dir),
	};
	put("verify_email.en.subject", "Hello {{name}}\n");
	put("verify_email.en.txt", "{{name}}: {{link}}\n");
	put("verify_email.en.html", "<a href=\"{{link}}\">{{name}}</a>\n");
	mail_text_init(&text);
}

static void tear_down(void)
{
	static const char *const kinds[] = {"subject", "txt", "html"};
	static const char *const locales[] = {"en", "de"};
	struct buf path;

	mail_text_done(&text);
	buf_init(&path, PATH_MAX);
	for (size_t i = 0; i < 6; i++) {
		buf_reset(&path);
		buf_putf(&path, "%s/verify_email.%s.%s", dir, locales[i / 3],
		    kinds[i % 3]);
		(void)unlink(path.p);
	}
	buf_done(&path);
	ck_assert_int_eq(rmdir(dir), 0);
}

static enum err render(void)
{
	return mail_template_render(&config, MAIL_VERIFY_EMAIL, values,
	    ARRAY_LEN(values), &text);
}

START_TEST(values_are_escaped_as_their_place_needs)
{
	assert_ok(render());
	assert_str(buf_str(&text.subject), "Hello <Zoë> & \"O'Neil\" ");
	assert_str(buf_str(&text.plain),
	    "<Zoë> & \"O'Neil\"\n"
	    ": https://t2o.example/#a=1&b=2\n");
	assert_str(buf_str(&text.html),
	    "<a href=\"https://t2o.example/#a=1&amp;b=2\">"
	    "&lt;Zoë&gt; &amp; &quot;O&#39;Neil&quot;\n</a>\n");
}
END_TEST

START_TEST(values_are_not_templates)
{
	const struct mail_value tricky[] = {{"name", STR("{{link}}")},
	    {"link", STR("http://x/")}};

	put("verify_email.en.txt", "{{name}} }} { {");
	assert_ok(mail_template_render(&config, MAIL_VERIFY_EMAIL, tricky,
	    ARRAY_LEN(tricky), &text));
	assert_str(buf_str(&text.plain), "{{link}} }} { {");
}
END_TEST

START_TEST(a_locale_is_all_or_nothing)
{
	put("verify_email.de.subject", "Hallo");
	assert_err(render(), ERR_NOT_FOUND);
	put("verify_email.de.txt", "x");
	assert_err(render(), ERR_NOT_FOUND);
	put("verify_email.de.html", "x");
	assert_ok(render());
	assert_str(buf_str(&text.subject), "Hallo");
	remove_file("verify_email.de.subject");
	assert_ok(render());
	assert_str(buf_str(&text.plain),
	    "<Zoë> & \"O'Neil\"\n"
	    ": https://t2o.example/#a=1&b=2\n");
}
END_TEST

START_TEST(missing_files)
{
	remove_file("verify_email.en.subject");
	assert_err(render(), ERR_NOT_FOUND);
	config.template_dir = STR("");
	assert_err(render(), ERR_NOT_FOUND);
	config.template_dir = STR("/dev/null");
	assert_err(render(), ERR_NOT_FOUND);
}
END_TEST

static const struct {
	const char *file;
	const char *content;
} broken[] = {
    {"verify_email.en.txt", "{{nobody}}"},
    {"verify_email.en.txt", "{{ name }}"},
    {"verify_email.en.txt", "{{name"},
    {"verify_email.en.txt", "\xff"},
    {"verify_email.en.html", "<a href=\"{{bad_url}}\">"},
    {"verify_email.en.subject", ""},
    {"verify_email.en.subject", "\n"},
    {"verify_email.en.subject", "two\nlines"},
};

START_TEST(broken_files)
{
	put(broken[_i].file, broken[_i].content);
	assert_err(render(), ERR_INVALID);
}
END_TEST

START_TEST(nul_and_size)
{
	char *large = malloc(64 * 1024 + 1);

	ck_assert_ptr_nonnull(large);
	memset(large, 'x', 64 * 1024 + 1);
	put_file("verify_email.en.txt", large, 64 * 1024);
	assert_ok(render());
	ck_assert_uint_eq(text.plain.len, 64 * 1024);
	put_file("verify_email.en.txt", large, 64 * 1024 + 1);
	assert_err(render(), ERR_INVALID);
	put_file("verify_email.en.txt", "a\0b", 3);
	assert_err(render(), ERR_INVALID);
	free(large);
}
END_TEST

START_TEST(cr_is_dropped)
{
	put("verify_email.en.subject", "Hello\r\n");
	put("verify_email.en.txt", "a\r\nb\rc\n");
	assert_ok(render());
	assert_str(buf_str(&text.subject), "Hello");
	assert_str(buf_str(&text.plain), "a\nbc\n");
}
END_TEST

START_TEST(a_file_that_cannot_be_read)
{
	struct buf path;

	buf_init(&path, PATH_MAX);
	buf_putf(&path, "%s/verify_email.de.subject", dir);
	ck_assert_int_eq(mkdir(path.p, 0700), 0);
	assert_err(render(), ERR_INVALID);
	ck_assert_int_eq(rmdir(path.p), 0);
	buf_done(&path);
}
END_TEST

Suite *suite_mail_template(void)
{
	Suite *suite = suite_create("mail_template");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, values_are_escaped_as_their_place_needs);
	tcase_add_test(tcase, values_are_not_templates);
	tcase_add_test(tcase, a_locale_is_all_or_nothing);
	tcase_add_test(tcase, missing_files);
	tcase_add_loop_test(tcase, broken_files, 0, ARRAY_LEN(broken));
	tcase_add_test(tcase, nul_and_size);
	tcase_add_test(tcase, cr_is_dropped);
	tcase_add_test(tcase, a_file_that_cannot_be_read);
	suite_add_tcase(suite, tcase);
	return suite;
}
