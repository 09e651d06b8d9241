/* The worker: answers the API behind nginx, one request at a time. */
#include "core/base.h"

#include "api/guard.h"
#include "api/routes.h"
#include "bin/options.h"
#include "core/log.h"
#include "http/fcgi.h"
#include "store/schema.h"

/* A body of HTTP_BODY_MAX, bound, and what a query answers. */
#define REQUEST_ARENA_MAX (1024 * 1024)
#define PEER_TIMEOUT_S 30

static const struct start self = {
    .program = PROGRAM_FCGI,
    .name = "t2o-fcgi",
    .synopsis = "[--config FILE] [--socket PATH]",
    .help = "Answers T2O's HTTP API as a FastCGI worker behind nginx.\n"
	    "\n"
	    "  --config FILE  read FILE instead of " T2O_CONFIG_FILE "\n"
	    "  --socket PATH  listen on a Unix socket made at PATH; without\n"
	    "                 it, on descriptor 0 (spawn-fcgi, systemd)\n"
	    "  --help         print this and exit\n"
	    "  --version      print the version and exit\n"
	    "\n"
	    "SIGTERM ends it after the request at hand. See t2o-fcgi(8).\n",
    .print_help = start_print_help,
};

struct options {
	const char *config_path; /* NULL: the installed one */
	const char *socket_path; /* NULL: descriptor 0 */
};

static const struct option_row option_rows[] = {
    {"config", OPTION_TEXT, offsetof(struct options, config_path)},
    {"socket", OPTION_TEXT, offsetof(struct options, socket_path)},
};

/* A wrong schema is said now, not by the first user's request. */
static int check_schema(struct db *db)
{
	enum err err = store_schema_require(db);

	if (err == ERR_UNAVAILABLE)
		log_plain(LOG_ERROR, "the database does not answer");
	return start_exit_code(err);
}

static int serve(struct app *app, const char *socket_path)
{
	struct http_fcgi server = {
	    .listen_fd = STDIN_FILENO,
	    .body_max = HTTP_BODY_MAX,
	    .arena_max = REQUEST_ARENA_MAX,
	    .io_timeout_s = PEER_TIMEOUT_S,
	    .handler = api_guard_handle,
	    .arg = app,
	};
	enum err err;

	if (socket_path != NULL &&
	    http_fcgi_listen(socket_path, &server.listen_fd) != OK)
		return EXIT_FAILED;
	log_plain(LOG_INFO, "serving");
	err = http_fcgi_serve(&server);
	if (socket_path != NULL)
		(void)unlink(socket_path);
	log_plain(LOG_INFO, "stopped");
	return start_exit_code(err);
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct started started;
	int code = options_parse(&self, option_rows, ARRAY_LEN(option_rows),
	    argc, argv, &options);

	if (code >= 0)
		return code;
	if (optind < argc)
		return start_usage_error(&self, "it takes no arguments");
	code = start_app(&self, options.config_path, &started);
	if (code == EXIT_DONE &&
	    api_routes_check(api_routes, api_n_routes) != OK)
		code = EXIT_FAILED;
	if (code == EXIT_DONE)
		code = check_schema(started.app.db);
	if (code == EXIT_DONE)
		code = serve(&started.app, options.socket_path);
	start_done(&started);
	return code;
}
