#include "core/base.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/config.h"

#include "suites.h"
#include "unit.h"

#define KEY_43 "q0Zr8yY2mB5nT1uVx7LkEw3sHj9aPdGfCi4oR6tWzXM"
#define DATABASE "mysql://t2o@localhost/t2o"

static char dir[] = "/tmp/t2o-config-XXXXXX";
static const size_t dir_x = sizeof(dir) - sizeof("XXXXXX");
static struct arena *arena;
static struct config config;
static struct config_report report;

static void begin(void)
{
	/* The test's own environment is not to be seen. */
	ck_assert_int_eq(clearenv(), 0);
	memset(dir + dir_x, 'X', sizeof(dir) - 1 - dir_x);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	arena = arena_new(65536);
	buf_init(&report.text, 65536);
	report.n_problems = 0;
}

static const char *path_of(const char *name)
{
	static struct buf path;

	buf_done(&path);
	buf_init(&path, PATH_MAX);
	buf_putf(&path, "%s/%s", dir, name);
	return path.p;
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(fchmod(fd, mode), 0);
	ck_assert_int_eq(close(fd), 0);
}

static void end(void)
{
	static const char *const names[] = {"t2o.conf", "t2o-fcgi.conf",
	    "t2o-mailer.conf", "t2octl.conf", "SECRET_KEY", "DATABASE_URL"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		(void)unlink(path_of(names[i]));
	ck_assert_int_eq(rmdir(dir), 0);
	buf_done(&report.text);
	arena_free(&arena);
}

static enum err load(enum config_program program)
{
	return config_load(arena, program, path_of("t2o.conf"), &config,
	    &report);
}

/* The report without the directory's name. */
static const char *problems(void)
{
	static char text[65536];
	const char *from = report.text.p != NULL ? report.text.p : "";
	size_t n = 0;

	while (*from != '\0') {
		if (strncmp(from, dir, strlen(dir)) == 0)
			from += strlen(dir) + 1;
		else
			text[n++] = *from++;
	}
	text[n] = '\0';
	return text;
}

static void assert_secret(struct secret_str secret, const char *want)
{
	assert_str(((struct str){secret.p, secret.len}), want);
}

START_TEST(fcgi_gets_its_defaults)
{
	write_file("t2o.conf",
	    "DATABASE_URL=" DATABASE "\n"
	    "SECRET_KEY=" KEY_43 "\n"
	    "PUBLIC_URL=https://example.org/\n",
	    0640);
	assert_err(load(PROGRAM_FCGI), OK);
	ck_assert_str_eq(problems(), "");
	ck_assert_int_eq(config.app_env, ENV_PRODUCTION);
	ck_assert_int_eq(config.log_level, LOG_INFO);
	assert_secret(config.database_url, DATABASE);
	ck_assert_uint_eq(config.database_connect_timeout_s, 3);
	ck_assert_uint_eq(config.database_timeout_s, 10);
	assert_secret(config.secret_key, KEY_43);
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

#define MAILER                                                                 \
	"DATABASE_URL=" DATABASE "\nPUBLIC_URL=https://example.org\n"          \
	"MAIL_SERVER=mail.example.org\nMAIL_SENDER=t2o@example.org\n"

START_TEST(mailer_gets_its_defaults)
{
	write_file("t2o.conf", MAILER "SECRET_KEY=" KEY_43 "\n", 0640);
	assert_err(load(PROGRAM_MAILER), OK);
	ck_assert_str_eq(problems(), "");
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
	write_file("t2o.conf", "DATABASE_URL=" DATABASE "\n", 0640);
	assert_err(load(PROGRAM_CTL), OK);
	ck_assert_uint_eq(config.argon2_memory_kib, 19456);
	ck_assert_ptr_null(config.public_url.p);
}
END_TEST

START_TEST(file_syntax)
{
	write_file("t2o.conf",
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
	assert_err(load(PROGRAM_MAILER), OK);
	ck_assert_str_eq(problems(), "");
	assert_secret(config.database_url, DATABASE);
	assert_str(config.public_url, "https://example.org");
	assert_str(config.mail_server, "mail");
	assert_str(config.site_name, "  Zo\xc3\xab's # = \\ site ");
	assert_str(config.mail_username, "a=b");
	assert_secret(config.mail_password, "it's \"quoted\" \xc3\xab");
	ck_assert(!config.mail_use_tls);
	assert_str(config.template_dir, "");
	ck_assert_uint_eq(config.mail_port, 25);
}
END_TEST

START_TEST(later_sources_win)
{
	write_file("t2o.conf",
	    "APP_ENV=testing\nDATABASE_URL=mysql://shared\n"
	    "PUBLIC_URL=http://localhost:8443\n",
	    0640);
	write_file("t2o-mailer.conf", "DATABASE_URL=mysql://mailer\n", 0640);
	write_file("t2o-fcgi.conf",
	    "DATABASE_URL=mysql://own\nSECRET_KEY=" KEY_43 "\n", 0600);
	assert_err(load(PROGRAM_FCGI), OK);
	assert_secret(config.database_url, "mysql://own");

	write_file("DATABASE_URL", "mysql://credential\n", 0400);
	ck_assert_int_eq(setenv("CREDENTIALS_DIRECTORY", dir, 1), 0);
	assert_err(load(PROGRAM_FCGI), OK);
	assert_secret(config.database_url, "mysql://credential");

	write_file("SECRET_KEY", KEY_43 "-file\n\n", 0444);
	ck_assert_int_eq(setenv("SECRET_KEY_FILE", path_of("SECRET_KEY"), 1),
	    0);
	ck_assert_int_eq(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	/* One newline at the end is an editor's, two are a mistake. */
	assert_err(load(PROGRAM_FCGI), ERR_INVALID);
	write_file("SECRET_KEY", KEY_43 "-file\n", 0444);
	report.n_problems = 0;
	assert_err(load(PROGRAM_FCGI), OK);
	assert_secret(config.database_url, "mysql://own");
	assert_secret(config.secret_key, KEY_43 "-file");

	ck_assert_int_eq(setenv("SECRET_KEY", KEY_43 "-env", 1), 0);
	ck_assert_int_eq(setenv("LOG_LEVEL", "debug", 1), 0);
	ck_assert_int_eq(setenv("MAIL_PORT", "x", 1), 0); /* not ours */
	ck_assert_int_eq(setenv("UNKNOWN", "x", 1), 0);
	assert_err(load(PROGRAM_FCGI), OK);
	assert_secret(config.secret_key, KEY_43 "-env");
	ck_assert_int_eq(config.log_level, LOG_DEBUG);
}
END_TEST

START_TEST(environment_alone)
{
	ck_assert_int_eq(setenv("DATABASE_URL", DATABASE, 1), 0);
	assert_err(config_load(arena, PROGRAM_CTL, NULL, &config, &report), OK);
	assert_secret(config.database_url, DATABASE);

	/* A file that was named must be there. */
	assert_err(load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(problems(),
	    "t2o.conf: cannot be read: No such file or directory\n");
}
END_TEST

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
	write_file("t2o.conf", bad_files[_i].text, 0640);
	assert_err(load(bad_files[_i].program),
	    bad_files[_i].want[0] == '\0' ? OK : ERR_INVALID);
	ck_assert_str_eq(problems(), bad_files[_i].want);
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

	write_file("t2o.conf", MAILER "SECRET_KEY=" KEY_43 "\n", 0640);
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		write_file("t2o-fcgi.conf", lines[_i].line, 0640);
		write_file("t2o-mailer.conf", lines[_i].line, 0640);
		write_file("t2octl.conf", lines[_i].line, 0640);
		if (load(programs[i]) == OK)
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
	write_file("t2o.conf", text.p, 0644);
	buf_done(&text);
	assert_err(load(PROGRAM_FCGI),
	    development_urls[_i].good ? OK : ERR_INVALID);
}
END_TEST

START_TEST(exposed_secrets)
{
	write_file("t2o.conf", "MAIL_PASSWORD=\n", 0644);
	write_file("t2octl.conf", "DATABASE_URL=" DATABASE "\n", 0640);
	assert_err(load(PROGRAM_CTL), OK);

	write_file("t2octl.conf", "DATABASE_URL=" DATABASE "\n", 0644);
	assert_err(load(PROGRAM_CTL), ERR_INVALID);
	/* two names of one directory in the line, both taken out */
	ck_assert_str_eq(problems(),
	    "t2octl.conf: DATABASE_URL: may be read by everyone; "
	    "run: chmod 0640 t2octl.conf\n");

	/* somebody else's secret is one too */
	write_file("t2octl.conf", "DATABASE_URL=" DATABASE "\n", 0600);
	write_file("t2o.conf", "MAIL_PASSWORD=x\n", 0604);
	assert_err(load(PROGRAM_CTL), ERR_INVALID);
}
END_TEST

START_TEST(unreadable_sources)
{
	struct buf text;

	ck_assert_int_eq(mkdir(path_of("t2octl.conf"), 0700), 0);
	write_file("t2o.conf", "DATABASE_URL=" DATABASE "\n", 0640);
	assert_err(load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(problems(),
	    "t2octl.conf: cannot be read: Is a directory\n");
	ck_assert_int_eq(rmdir(path_of("t2octl.conf")), 0);

	buf_reset(&report.text);
	ck_assert_int_eq(setenv("DATABASE_URL_FILE", path_of("missing"), 1), 0);
	assert_err(load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(problems(),
	    "missing: DATABASE_URL: cannot be read: No such file or "
	    "directory\n");
	ck_assert_int_eq(unsetenv("DATABASE_URL_FILE"), 0);

	buf_init(&text, 100000);
	for (int i = 0; i < 70000; i++)
		buf_putc(&text, '#');
	write_file("t2octl.conf", text.p, 0640);
	buf_done(&text);
	buf_reset(&report.text);
	assert_err(load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(problems(),
	    "t2octl.conf: cannot be read: File too large\n");
}
END_TEST

START_TEST(long_values)
{
	struct buf text;

	buf_init(&text, 10000);
	buf_puts(&text, "mysql://");
	while (text.len < 4096)
		buf_putc(&text, 'x');
	write_file("t2o.conf", "", 0640);
	ck_assert_int_eq(setenv("DATABASE_URL", text.p, 1), 0);
	assert_err(load(PROGRAM_CTL), OK);
	ck_assert_uint_eq(config.database_url.len, 4096);

	buf_putc(&text, 'x');
	ck_assert_int_eq(setenv("DATABASE_URL", text.p, 1), 0);
	assert_err(load(PROGRAM_CTL), ERR_INVALID);
	ck_assert_str_eq(problems(),
	    "environment: DATABASE_URL: is too long\n");
	buf_done(&text);
}
END_TEST

START_TEST(arena_is_the_limit)
{
	struct arena *small = arena_new(16);

	write_file("t2o.conf", "DATABASE_URL=" DATABASE "\n", 0640);
	assert_err(config_load(small, PROGRAM_CTL, path_of("t2o.conf"), &config,
		       &report),
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

	write_file("t2o.conf", MAILER "APP_ENV=testing\nLOG_LEVEL=warning\n",
	    0644);
	assert_err(load(PROGRAM_MAILER), OK);
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

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, fcgi_gets_its_defaults);
	tcase_add_test(tcase, mailer_gets_its_defaults);
	tcase_add_test(tcase, ctl_needs_the_database_alone);
	tcase_add_test(tcase, file_syntax);
	tcase_add_test(tcase, later_sources_win);
	tcase_add_test(tcase, environment_alone);
	tcase_add_loop_test(tcase, bad_file, 0, ARRAY_LEN(bad_files));
	tcase_add_loop_test(tcase, line, 0, ARRAY_LEN(lines));
	tcase_add_loop_test(tcase, development, 0, ARRAY_LEN(development_urls));
	tcase_add_test(tcase, exposed_secrets);
	tcase_add_test(tcase, unreadable_sources);
	tcase_add_test(tcase, long_values);
	tcase_add_test(tcase, arena_is_the_limit);
	tcase_add_test(tcase, keys);
	tcase_add_test(tcase, show);
	suite_add_tcase(suite, tcase);
	return suite;
}
