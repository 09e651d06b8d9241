#include "core/base.h"

#include <sys/stat.h>

#include "config_bench.h"
#include "suites.h"
#include "unit.h"

static const struct {
	enum config_program program;
	const char *text, *want;
} bad_files[] = {
    {PROGRAM_CTL, "DATABASE_URL",
	"t2o.conf:1: must be KEY=value, or a comment after #\n"
	"t2octl.conf: DATABASE_URL: must be set: the database and this "
	"program's account in it, as "
	"mysql://user:password@host:3306/database?socket=/path\n"},
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\n\nMAIL_PROT=25\n",
	"t2o.conf:3: there is no such key; see t2o.conf(5)\n"},
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\nlog_level=info\n",
	"t2o.conf:2: there is no such key; see t2o.conf(5)\n"},
    {PROGRAM_CTL, "export DATABASE_URL=mysql://x\nDATABASE_URL=mysql://x\n",
	"t2o.conf:1: there is no such key; see t2o.conf(5)\n"},
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\n#\nDATABASE_URL=mysql://y\n",
	"t2o.conf:3: DATABASE_URL: is in line 1 already; remove one of "
	"them\n"},
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\nLOG_LEVEL=\"info\n",
	"t2o.conf:2: LOG_LEVEL: has quotes that are not one pair around all "
	"of it\n"},
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\nLOG_LEVEL=\"\n",
	"t2o.conf:2: LOG_LEVEL: has quotes that are not one pair around all "
	"of it\n"},
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\nLOG_LEVEL=\"in\"fo\"\n",
	"t2o.conf:2: LOG_LEVEL: has quotes that are not one pair around all "
	"of it\n"},
    /* another program's key: form, but no rule */
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\nMAIL_PORT=0\nSITE_NAME=\n",
	"t2o.conf:3: SITE_NAME: must have 1 to 60 characters\n"
	"t2o.conf:2: MAIL_PORT: must be a whole number from 1 to 65535\n"},
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\nMAIL_USERNAME=x\n", ""},
    {PROGRAM_CTL, "DATABASE_URL=mysql://x\nPUBLIC_URL=http://x.org\n", ""},
    /* all of them, not the first */
    {PROGRAM_FCGI, "APP_ENV=prod\nLOG_LEVEL=chatty\nDATABASE_URL=\n",
	"t2o.conf:1: APP_ENV: must be development, testing or production\n"
	"t2o.conf:2: LOG_LEVEL: must be error, warning, info or debug\n"
	"t2o-fcgi.conf: DATABASE_URL: must be set: the database and this "
	"program's account in it, as "
	"mysql://user:password@host:3306/database?socket=/path\n"
	"t2o-fcgi.conf: SECRET_KEY: must be set: what all other keys are "
	"derived from, at least 32 bytes from `t2octl key generate`\n"
	"t2o.conf: PUBLIC_URL: must be set: where people reach the site, "
	"such as https://example.org\n"},
};

START_TEST(bad_file)
{
	const struct config before = {.mail_port = 99};

	config = before;
	config_bench_write("t2o.conf", bad_files[_i].text, 0640);
	assert_err(config_bench_load(bad_files[_i].program),
	    bad_files[_i].want[0] == '\0' ? OK : ERR_INVALID);
	ck_assert_str_eq(config_bench_problems(), bad_files[_i].want);
	/* nothing is half-set */
	if (bad_files[_i].want[0] != '\0')
		ck_assert_mem_eq(&config, &before, sizeof(config));
}
END_TEST

/* One line more in a good production file, read by everyone it concerns. */
static const struct {
	const char *line;
	bool good;
} lines[] = {
    {"DATABASE_CONNECT_TIMEOUT_S=60", true},
    {"DATABASE_CONNECT_TIMEOUT_S=61", false},
    {"DATABASE_CONNECT_TIMEOUT_S=0", false},
    {"DATABASE_CONNECT_TIMEOUT_S=", false},
    {"DATABASE_CONNECT_TIMEOUT_S=-1", false},
    {"DATABASE_CONNECT_TIMEOUT_S=3s", false},
    {"DATABASE_CONNECT_TIMEOUT_S=3 # s", false},
    {"DATABASE_TIMEOUT_S=18446744073709551617", false},
    {"DATABASE_URL=postgres://x", false},
    {"SECRET_KEY=" KEY_43, true},
    {"SECRET_KEY=0123456789abcdef0123456789abcdef", true},
    {"SECRET_KEY=0123456789abcdef0123456789abcde", false},
    {"SECRET_KEY=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    {"SECRET_KEY=abcabcabcabcabcabcabcabcabcabcabcabc", false},
    {"SECRET_KEY=ChangeMe-0123456789abcdef0123456789", false},
    {"SECRET_KEY=this-is-a-very-long-SECRET-for-my-site", false},
    {"SECRET_KEY_OLD=", true},
    {"SECRET_KEY_OLD=0123456789abcdef0123456789abcdef", true},
    {"SECRET_KEY_OLD=0123456789abcdef0123456789abcde", false},
    {"SECRET_KEY_OLD=" KEY_43, false}, /* the key itself */
    {"PUBLIC_URL=https://example.org:8443/", true},
    {"PUBLIC_URL=https://[2001:db8::1]", true},
    {"PUBLIC_URL=http://example.org", false},
    {"PUBLIC_URL=http://localhost", false},
    {"PUBLIC_URL=HTTPS://example.org", false},
    {"PUBLIC_URL=example.org", false},
    {"PUBLIC_URL=https://", false},
    {"PUBLIC_URL=https:///path", false},
    {"PUBLIC_URL=https://user@example.org", false},
    {"PUBLIC_URL=https://example.org?x", false},
    {"PUBLIC_URL=https://example.org/#x", false},
    {"PUBLIC_URL=https://example.org/t2o", false},
    {"PUBLIC_URL=https://Example.org", false},
    {"PUBLIC_URL=https://example.org:443", false},
    {"PUBLIC_URL=https://example.org:80", true},
    {"PUBLIC_URL=https://[::443]", true},
    {"PUBLIC_URL=https://example.org:0", false},
    {"PUBLIC_URL=https://example.org:65536", false},
    {"PUBLIC_URL=https://example.org:", false},
    {"PUBLIC_URL=https://example.org/a b", false},
    {"PUBLIC_URL=https://example.org/\"", false},
    {"PUBLIC_URL=https://[::1", false},
    {"SESSION_COOKIE=sid", true},
    {"SESSION_COOKIE=", false},
    {"SESSION_COOKIE=s;d", false},
    {"SESSION_COOKIE=s d", false},
    {"SESSION_COOKIE=s=d", false},
    {"SESSION_IDLE_S=43200", true},
    {"SESSION_IDLE_S=43201", false},
    {"SESSION_LIFETIME_S=1799", false},
    {"PASSWORD_MIN_SCORE=0", true},
    {"PASSWORD_MIN_SCORE=5", false},
    {"ARGON2_MEMORY_KIB=1048576", true},
    {"ARGON2_MEMORY_KIB=19455", false},
    {"ARGON2_PASSES=1", false},
    {"SITE_NAME=a\tb", false},
    {"SITE_NAME=a\xe2\x80\xae", false},
    {"SITE_NAME=\xff", false},
    {"VERIFY_URL=", true},
    {"VERIFY_URL=https://example.com/v?t={token}&x=1", true},
    {"VERIFY_URL=https://example.com/#{token}", true},
    {"VERIFY_URL=http://example.com/#{token}", false},
    {"VERIFY_URL=https://example.com/", false},
    {"VERIFY_URL=https://example.com/{token}{token}", false},
    {"VERIFY_URL=https://example.com/{token}/{user}", false},
    {"VERIFY_URL=https://example.com/{Token}", false},
    {"VERIFY_URL=https://{token}.example.com/", false},
    {"VERIFY_URL=https://example.com{token}", false},
    {"VERIFY_URL={token}", false},
    {"MAIL_SERVER=192.0.2.1", true},
    {"MAIL_SERVER=mail.example.org:25", false},
    {"MAIL_SERVER=-x", false},
    {"MAIL_SERVER=a b", false},
    {"MAIL_PORT=65536", false},
    {"MAIL_USE_TLS=ON", true},
    {"MAIL_USE_TLS=maybe", false},
    {"MAIL_USE_TLS=", false},
    {"MAIL_CA_FILE=/etc/ca.pem", true},
    {"MAIL_CA_FILE=ca.pem", false},
    {"MAIL_USERNAME=x", false},
    {"MAIL_PASSWORD=x", false},
    {"MAIL_SENDER=T2O <t2o@example.org>", false},
    {"MAIL_SENDER=t2o", false},
    {"MAIL_LOCALE=pt_BR", true},
    {"MAIL_LOCALE=../x", false},
    {"MAIL_LOCALE=", false},
    {"MAIL_TIMEOUT_S=600", true},
    {"TEMPLATE_DIR=templates", false},
};

START_TEST(line)
{
	static const enum config_program programs[] = {PROGRAM_FCGI,
	    PROGRAM_MAILER, PROGRAM_CTL};
	const char *end_of_key = strchr(lines[_i].line, '=');
	size_t key_len = (size_t)(end_of_key + 1 - lines[_i].line);

	config_bench_write("t2o.conf", MAILER "SECRET_KEY=" KEY_43 "\n", 0640);
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		config_bench_write("t2o-fcgi.conf", lines[_i].line, 0640);
		config_bench_write("t2o-mailer.conf", lines[_i].line, 0640);
		config_bench_write("t2octl.conf", lines[_i].line, 0640);
		if (config_bench_load(programs[i]) == OK)
			continue;
		ck_assert_uint_eq(report.n_problems, 1);
		ck_assert(!lines[_i].good);
		ck_assert(memmem(report.text.p, report.text.len, lines[_i].line,
			      key_len - 1) != NULL);
		return;
	}
	ck_assert(lines[_i].good);
}
END_TEST

static const struct {
	const char *url;
	bool good;
} development_urls[] = {
    {"http://localhost:8080", true},
    {"http://app.localhost", true},
    {"http://127.0.0.1:8080", true},
    {"http://127.255.0.1", true},
    {"http://[::1]:8080", true},
    {"http://127.0.0.1.example.org", false},
    {"http://127.example.org", false},
    {"http://localhost.example.org", false},
    {"http://notlocalhost", false},
    {"http://192.0.2.1", false},
    {"https://192.0.2.1", true},
};

START_TEST(development)
{
	struct buf text;

	buf_init(&text, 1000);
	buf_putf(&text,
	    "APP_ENV=development\nDATABASE_URL=" DATABASE "\n"
	    "SECRET_KEY=changeme-changeme-changeme-changeme\n"
	    "ARGON2_MEMORY_KIB=8\nARGON2_PASSES=1\nPUBLIC_URL=%s\n",
	    development_urls[_i].url);
	config_bench_write("t2o.conf", text.p, 0644);
	buf_done(&text);
	assert_err(config_bench_load(PROGRAM_FCGI),
	    development_urls[_i].good ? OK : ERR_INVALID);
}
END_TEST

START_TEST(exposed_secrets)
{
	config_bench_write("t2o.conf", "MAIL_PASSWORD=\n", 0644);
	config_bench_write("t2octl.conf", "DATABASE_URL=" DATABASE "\n", 0640);
	assert_err(config_bench_load(PROGRAM_CTL), OK);

	config_bench_write("t2octl.conf", "DATABASE_URL=" DATABASE "\n", 0644);
	assert_err(config_bench_load(PROGRAM_CTL), ERR_INVALID);
	/* two names of one directory in the line, both taken out */
	ck_assert_str_eq(config_bench_problems(),
	    "t2octl.conf: DATABASE_URL: may be read by everyone; "
	    "run: chmod 0640 t2octl.conf\n");

	/* somebody else's secret is one too */
	config_bench_write("t2octl.conf", "DATABASE_URL=" DATABASE "\n", 0600);
	config_bench_write("t2o.conf", "MAIL_PASSWORD=x\n", 0604);
	assert_err(config_bench_load(PROGRAM_CTL), ERR_INVALID);
}
END_TEST

START_TEST(unreadable_sources)
{
	struct buf text;

	ck_assert_int_eq(mkdir(config_bench_path("t2octl.conf"), 0700), 0);
	config_bench_write("t2o.conf", "DATABASE_URL=" DATABASE "\n", 0640);
	assert_err(config_bench_load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(config_bench_problems(),
	    "t2octl.conf: cannot be read: Is a directory\n");
	ck_assert_int_eq(rmdir(config_bench_path("t2octl.conf")), 0);

	buf_reset(&report.text);
	ck_assert_int_eq(setenv("DATABASE_URL_FILE",
			     config_bench_path("missing"), 1),
	    0);
	assert_err(config_bench_load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(config_bench_problems(),
	    "missing: DATABASE_URL: cannot be read: No such file or "
	    "directory\n");
	ck_assert_int_eq(unsetenv("DATABASE_URL_FILE"), 0);

	buf_init(&text, 100000);
	for (int i = 0; i < 70000; i++)
		buf_putc(&text, '#');
	config_bench_write("t2octl.conf", text.p, 0640);
	buf_done(&text);
	buf_reset(&report.text);
	assert_err(config_bench_load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(config_bench_problems(),
	    "t2octl.conf: cannot be read: File too large\n");
}
END_TEST

Suite *suite_core_config_bad(void)
{
	Suite *suite = suite_create("core/config refusals");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, config_bench_begin, config_bench_end);
	tcase_add_loop_test(tcase, bad_file, 0, ARRAY_LEN(bad_files));
	tcase_add_loop_test(tcase, line, 0, ARRAY_LEN(lines));
	tcase_add_loop_test(tcase, development, 0, ARRAY_LEN(development_urls));
	tcase_add_test(tcase, exposed_secrets);
	tcase_add_test(tcase, unreadable_sources);
	suite_add_tcase(suite, tcase);
	return suite;
}
