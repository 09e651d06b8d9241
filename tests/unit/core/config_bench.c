#include "core/base.h"

#include "config_bench.h"

#include <check.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "unit.h"

static char dir[] = "/tmp/t2o-config-XXXXXX";
static const size_t dir_x = sizeof(dir) - sizeof("XXXXXX");
struct arena *arena;
struct config config;
struct config_report report;

void config_bench_begin(void)
{
	/* The test's own environment is not to be seen. */
	ck_assert_int_eq(clearenv(), 0);
	memset(dir + dir_x, 'X', sizeof(dir) - 1 - dir_x);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	arena = arena_new(65536);
	buf_init(&report.text, 65536);
	report.n_problems = 0;
}

const char *config_bench_path(const char *name)
{
	static struct buf path;

	buf_done(&path);
	buf_init(&path, PATH_MAX);
	buf_putf(&path, "%s/%s", dir, name);
	return path.p;
}

void config_bench_write(const char *name, const char *text, mode_t mode)
{
	int fd = open(config_bench_path(name), O_WRONLY | O_CREAT | O_TRUNC,
	    0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(fchmod(fd, mode), 0);
	ck_assert_int_eq(close(fd), 0);
}

void config_bench_end(void)
{
	static const char *const names[] = {"t2o.conf", "t2o-fcgi.conf",
	    "t2o-mailer.conf", "t2octl.conf", "SECRET_KEY", "DATABASE_URL"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		(void)unlink(config_bench_path(names[i]));
	ck_assert_int_eq(rmdir(dir), 0);
	buf_done(&report.text);
	arena_free(&arena);
}

enum err config_bench_load(enum config_program program)
{
	return config_load(arena, program, config_bench_path("t2o.conf"),
	    &config, &report);
}

/* The report without the directory's name. */
const char *config_bench_problems(void)
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

void config_bench_assert_secret(struct secret_str secret, const char *want)
{
	assert_str(((struct str){secret.p, secret.len}), want);
}
