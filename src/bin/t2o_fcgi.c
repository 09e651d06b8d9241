/* The worker: answers the API behind nginx, one request at a time. */
#include "core/base.h"

#include "api/guard.h"
#include "api/routes.h"
#include "bin/start.h"
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
	.help =
	    "Answers T2O's HTTP API as a FastCGI worker behind nginx.\n"
	    "\n"
	    "  --config FILE  read FILE instead of " T2O_CONFIG_FILE "\n"
	    "  --socket PATH  listen on a Unix socket made at PATH; without\n"
	    "                 it, on descriptor 0 (spawn-fcgi, systemd)\n"
	    "  --help         print this and exit\n"
	    "  --version      print the version and exit\n"
	    "\n"
	    "SIGTERM ends it after the request at hand. See t2o-fcgi(8).\n",
};

struct options {
	const char *config_path; /* NULL: the installed one */
	const char *socket_path; /* NULL: descriptor 0 */
};

/* Negative: go on; else the code to exit with. */
static int parse_options(int argc, char **argv, struct options *ret)
{
	static const struct option longs[] = {
		{"config", required_argument, NULL, 'c'},
		{"socket", required_argument, NULL, 's'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:s:hV", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			ret->config_path = optarg;
			break;
		case 's':
			ret->socket_path = optarg;
			break;
		case 'h':
			start_print_help(&self);
			return EXIT_DONE;
		case 'V':
			start_print_version(&self);
			return EXIT_DONE;
		default:
			return start_usage_error(&self, "unknown option");
		}
	}
	if (optind < argc)
		return start_usage_error(&self, "it takes no arguments");
	return -1;
}

/* A wrong schema is said now, not by the first user's request. */
static int check_schema(struct db *db)
{
	switch (store_schema_require(db)) {
	case OK:
		return EXIT_DONE;
	case ERR_CONFLICT:
		return EXIT_BAD_CONFIG;
	case ERR_UNAVAILABLE:
		log_plain(LOG_ERROR, "the database does not answer");
		return EXIT_TRY_AGAIN;
	case ERR_NOT_FOUND:
	case ERR_DENIED:
	case ERR_INVALID:
	case ERR_LIMIT:
	case ERR_INTERNAL:
		break;
	}
	return EXIT_FAILED;
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
	return err == OK ? EXIT_DONE : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct started started;
	int code = parse_options(argc, argv, &options);

	if (code >= 0)
		return code;
	code = start_app(&self, options.config_path, &started);
	if (code == EXIT_DONE && api_routes_check(api_routes, api_n_routes) !=
		OK)
		code = EXIT_FAILED;
	if (code == EXIT_DONE)
		code = check_schema(started.app.db);
	if (code == EXIT_DONE)
		code = serve(&started.app, options.socket_path);
	start_done(&started);
	return code;
}
