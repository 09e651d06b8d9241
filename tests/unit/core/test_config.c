#include "core/base.h"

#include <sys/stat.h>

#include "config_bench.h"
#include "suites.h"
#include "unit.h"

START_TEST(fcgi_gets_its_defaults)
{
	config_bench_write("t2o.conf",
	    "DATABASE_URL=" DATABASE "\n"
	    "SECRET_KEY=" KEY_43 "\n"
	    "PUBLIC_URL=https://example.org/\n",
	    0640);
	assert_err(config_bench_load(PROGRAM_FCGI), OK);
	ck_assert_str_eq(config_bench_problems(), "");
	ck_assert_int_eq(config.app_env, ENV_PRODUCTION);
	ck_assert_int_eq(config.log_level, LOG_INFO);
	config_bench_assert_secret(config.database_url, DATABASE);
	ck_assert_uint_eq(config.database_connect_timeout_s, 3);
	ck_assert_uint_eq(config.database_timeout_s, 10);
	config_bench_assert_secret(config.secret_key, KEY_43);
	assert_str(config.public_url, "https://example.org");
	ck_assert_int_eq(config.public_url.p[config.public_url.len], '\0');
	assert_str(config.session_cookie, "__Host-session");
	ck_assert_uint_eq(config.session_idle_s, 1800);
	ck_assert_uint_eq(config.session_lifetime_s, 43200);
	ck_assert_uint_eq(config.password_min_score, 1);
	ck_assert_uint_eq(config.argon2_memory_kib, 19456);
	ck_assert_uint_eq(config.argon2_passes, 2);
	/* the mailer's */
	ck_assert_uint_eq(config.mail_port, 0);
	ck_assert_ptr_null(config.verify_url.p);
}
END_TEST

START_TEST(mailer_gets_its_defaults)
{
	config_bench_write("t2o.conf", MAILER "SECRET_KEY=" KEY_43 "\n", 0640);
	assert_err(config_bench_load(PROGRAM_MAILER), OK);
	ck_assert_str_eq(config_bench_problems(), "");
	assert_str(config.site_name, "T2O");
	assert_str(config.verify_url,
	    "https://example.org/app/verify_email#token={token}");
	assert_str(config.mail_server, "mail.example.org");
	ck_assert_uint_eq(config.mail_port, 587);
	ck_assert(config.mail_use_tls);
	assert_str(config.mail_ca_file, "");
	assert_str(config.mail_username, "");
	ck_assert_uint_eq(config.mail_password.len, 0);
	assert_str(config.mail_sender, "t2o@example.org");
	assert_str(config.mail_locale, "en");
	ck_assert_uint_eq(config.mail_timeout_s, 30);
	assert_str(config.template_dir, T2O_TEMPLATE_OVERRIDE_DIR);
	/* another program's secret is not kept */
	ck_assert_ptr_null(config.secret_key.p);
}
END_TEST

START_TEST(ctl_needs_the_database_alone)
{
	config_bench_write("t2o.conf", "DATABASE_URL=" DATABASE "\n", 0640);
	assert_err(config_bench_load(PROGRAM_CTL), OK);
	ck_assert_uint_eq(config.argon2_memory_kib, 19456);
	ck_assert_ptr_null(config.public_url.p);
}
END_TEST

START_TEST(file_syntax)
{
	config_bench_write("t2o.conf",
	    "# comment\r\n"
	    "\n"
	    "  \t\n"
	    "  # comment = more\n"
	    " DATABASE_URL =\t" DATABASE " \r\n"
	    "PUBLIC_URL=https://example.org///\n"
	    "MAIL_SERVER=\"mail\"\n"
	    "MAIL_SENDER=\"t2o@localhost\"\n"
	    "SITE_NAME=\"  Zo\xc3\xab's # = \\ site \"\n"
	    "MAIL_USERNAME=a=b\n"
	    "MAIL_PASSWORD=it's \"quoted\" \xc3\xab\n"
	    "MAIL_USE_TLS=No\n"
	    "TEMPLATE_DIR=\n"
	    "MAIL_CA_FILE=\"\"\n"
	    "MAIL_PORT=25",
	    0640);
	assert_err(config_bench_load(PROGRAM_MAILER), OK);
	ck_assert_str_eq(config_bench_problems(), "");
	config_bench_assert_secret(config.database_url, DATABASE);
	assert_str(config.public_url, "https://example.org");
	assert_str(config.mail_server, "mail");
	assert_str(config.site_name, "  Zo\xc3\xab's # = \\ site ");
	assert_str(config.mail_username, "a=b");
	config_bench_assert_secret(config.mail_password,
	    "it's \"quoted\" \xc3\xab");
	ck_assert(!config.mail_use_tls);
	assert_str(config.template_dir, "");
	ck_assert_uint_eq(config.mail_port, 25);
}
END_TEST

START_TEST(later_sources_win)
{
	config_bench_write("t2o.conf",
	    "APP_ENV=testing\nDATABASE_URL=mysql://shared\n"
	    "PUBLIC_URL=http://localhost:8443\n",
	    0640);
	config_bench_write("t2o-mailer.conf", "DATABASE_URL=mysql://mailer\n",
	    0640);
	config_bench_write("t2o-fcgi.conf",
	    "DATABASE_URL=mysql://own\nSECRET_KEY=" KEY_43 "\n", 0600);
	assert_err(config_bench_load(PROGRAM_FCGI), OK);
	config_bench_assert_secret(config.database_url, "mysql://own");

	config_bench_write("DATABASE_URL", "mysql://credential\n", 0400);
	ck_assert_int_eq(setenv("CREDENTIALS_DIRECTORY", config_bench_path("."),
			     1),
	    0);
	assert_err(config_bench_load(PROGRAM_FCGI), OK);
	config_bench_assert_secret(config.database_url, "mysql://credential");

	config_bench_write("SECRET_KEY", KEY_43 "-file\n\n", 0444);
	ck_assert_int_eq(setenv("SECRET_KEY_FILE",
			     config_bench_path("SECRET_KEY"), 1),
	    0);
	ck_assert_int_eq(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	/* One newline at the end is an editor's, two are a mistake. */
	assert_err(config_bench_load(PROGRAM_FCGI), ERR_INVALID);
	config_bench_write("SECRET_KEY", KEY_43 "-file\n", 0444);
	report.n_problems = 0;
	assert_err(config_bench_load(PROGRAM_FCGI), OK);
	config_bench_assert_secret(config.database_url, "mysql://own");
	config_bench_assert_secret(config.secret_key, KEY_43 "-file");

	ck_assert_int_eq(setenv("SECRET_KEY", KEY_43 "-env", 1), 0);
	ck_assert_int_eq(setenv("LOG_LEVEL", "debug", 1), 0);
	ck_assert_int_eq(setenv("MAIL_PORT", "x", 1), 0); /* not ours */
	ck_assert_int_eq(setenv("UNKNOWN", "x", 1), 0);
	assert_err(config_bench_load(PROGRAM_FCGI), OK);
	config_bench_assert_secret(config.secret_key, KEY_43 "-env");
	ck_assert_int_eq(config.log_level, LOG_DEBUG);
}
END_TEST

START_TEST(environment_alone)
{
	ck_assert_int_eq(setenv("DATABASE_URL", DATABASE, 1), 0);
	assert_err(config_load(arena, PROGRAM_CTL, NULL, &config, &report), OK);
	config_bench_assert_secret(config.database_url, DATABASE);

	/* A file that was named must be there. */
	assert_err(config_bench_load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(config_bench_problems(),
	    "t2o.conf: cannot be read: No such file or directory\n");
}
END_TEST

START_TEST(long_values)
{
	struct buf text;

	buf_init(&text, 10000);
	buf_puts(&text, "mysql://");
	while (text.len < 4096)
		buf_putc(&text, 'x');
	config_bench_write("t2o.conf", "", 0640);
	ck_assert_int_eq(setenv("DATABASE_URL", text.p, 1), 0);
	assert_err(config_bench_load(PROGRAM_CTL), OK);
	ck_assert_uint_eq(config.database_url.len, 4096);

	buf_putc(&text, 'x');
	ck_assert_int_eq(setenv("DATABASE_URL", text.p, 1), 0);
	assert_err(config_bench_load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(config_bench_problems(),
	    "environment: DATABASE_URL: is too long\n");
	buf_done(&text);
}
END_TEST

START_TEST(arena_is_the_limit)
{
	struct arena *small = arena_new(16);

	config_bench_write("t2o.conf", "DATABASE_URL=" DATABASE "\n", 0640);
	assert_err(config_load(small, PROGRAM_CTL,
		       config_bench_path("t2o.conf"), &config, &report),
	    ERR_LIMIT);
	arena_free(&small);
}
END_TEST

/* The table is documentation as well. */
START_TEST(keys)
{
	struct config_key key, other;

	for (size_t i = 0; i < config_n_keys(); i++) {
		config_key_at(i, &key);
		ck_assert(key.programs != 0);
		ck_assert_uint_gt(strlen(key.help), 0);
		ck_assert_int_ne(key.help[strlen(key.help) - 1], '.');
		for (const char *c = key.name; *c != '\0'; c++)
			ck_assert(isupper((unsigned char)*c) ||
			    isdigit((unsigned char)*c) || *c == '_');
		for (size_t j = 0; j < i; j++) {
			config_key_at(j, &other);
			ck_assert_str_ne(key.name, other.name);
		}
	}
}
END_TEST

START_TEST(show)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
	    {"APP_ENV", "testing"},
	    {"LOG_LEVEL", "warning"},
	    {"DATABASE_URL", "(set)"},
	    {"MAIL_PASSWORD", "(not set)"},
	    {"MAIL_PORT", "587"},
	    {"MAIL_USE_TLS", "on"},
	    {"MAIL_USERNAME", ""},
	    {"VERIFY_URL",
		"https://example.org/app/verify_email#token={token}"},
	};
	struct buf text;
	size_t n = 0;

	config_bench_write("t2o.conf",
	    MAILER "APP_ENV=testing\nLOG_LEVEL=warning\n", 0644);
	assert_err(config_bench_load(PROGRAM_MAILER), OK);
	buf_init(&text, 1000);
	for (size_t i = 0; i < config_n_keys(); i++) {
		struct config_key key;

		config_key_at(i, &key);
		buf_reset(&text);
		config_show(&config, i, &text);
		assert_ok(buf_err(&text));
		for (size_t j = 0; j < ARRAY_LEN(cases); j++) {
			if (strcmp(cases[j].name, key.name) != 0)
				continue;
			assert_str(buf_str(&text), cases[j].want);
			n++;
		}
	}
	ck_assert_uint_eq(n, ARRAY_LEN(cases));
	buf_done(&text);
}
END_TEST

Suite *suite_core_config(void)
{
	Suite *suite = suite_create("core/config");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, config_bench_begin, config_bench_end);
	tcase_add_test(tcase, fcgi_gets_its_defaults);
	tcase_add_test(tcase, mailer_gets_its_defaults);
	tcase_add_test(tcase, ctl_needs_the_database_alone);
	tcase_add_test(tcase, file_syntax);
	tcase_add_test(tcase, later_sources_win);
	tcase_add_test(tcase, environment_alone);
	tcase_add_test(tcase, long_values);
	tcase_add_test(tcase, arena_is_the_limit);
	tcase_add_test(tcase, keys);
	tcase_add_test(tcase, show);
	suite_add_tcase(suite, tcase);
	return suite;
}
