#include "core/base.h"

#include "bin/start.h"

#include <fcntl.h>

#include "core/crypto.h"
#include "core/log.h"
#include "db/conn.h"

#define CONFIG_ARENA_MAX (256 * 1024)
#define CONFIG_REPORT_MAX (64 * 1024)

void start_print_help(const struct start *start)
{
	printf("Usage: %s %s\n\n%s", start->name, start->synopsis, start->help);
}

int start_usage_error(const struct start *start, const char *why)
{
	fprintf(stderr, "%s: %s (see %s --help)\n", start->name, why,
	    start->name);
	return EXIT_USAGE;
}

/* For reading alone: to write to it fails, as it would have when closed. */
void start_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int start_flush(const struct start *start, int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	fprintf(stderr, "%s: standard output: it could not be written\n",
	    start->name);
	return code == EXIT_DONE ? EXIT_FAILED : code;
}

int start_exit_code(enum err err)
{
	switch (err) {
	case OK:
		return EXIT_DONE;
	case ERR_UNAVAILABLE:
		return EXIT_TRY_AGAIN;
	case ERR_CONFLICT:
		return EXIT_BAD_CONFIG;
	case ERR_NOT_FOUND:
	case ERR_DENIED:
	case ERR_INVALID:
	case ERR_LIMIT:
	case ERR_INTERNAL:
		break;
	}
	return EXIT_FAILED;
}

static int load_config(const struct start *start, const char *path,
    struct started *s)
{
	struct config_report report = {0};
	enum err err;

	buf_init(&report.text, CONFIG_REPORT_MAX);
	err = config_load(s->arena, start->program, path, &s->config, &report);
	if (report.text.len > 0)
		fprintf(stderr, "%.*s", STR_ARG(buf_str(&report.text)));
	buf_done(&report.text);
	if (err != OK) {
		fprintf(stderr, "%s: the configuration is not usable\n",
		    start->name);
		return EXIT_BAD_CONFIG;
	}
	return EXIT_DONE;
}

int start_app(const struct start *start, const char *config_path,
    struct started *ret)
{
	int code;

	*ret = (struct started){0};
	log_init(start->name, LOG_INFO);
	if (crypto_init() != OK) {
		log_plain(LOG_ERROR, "libgcrypt does not work here");
		return EXIT_FAILED;
	}
	ret->arena = arena_new(CONFIG_ARENA_MAX);
	code = load_config(start, config_path, ret);
	if (code != EXIT_DONE)
		return code;
	log_init(start->name, ret->config.log_level);
	ret->app.config = &ret->config;
	if (db_conn_new(&ret->config, &ret->app.db) != OK)
		return EXIT_BAD_CONFIG;
	return EXIT_DONE;
}

void start_done(struct started *s)
{
	db_conn_free(&s->app.db);
	arena_free(&s->arena);
}
