/* The mailer: sends what the outbox holds. */
#include "core/base.h"

#include <signal.h>

#include "bin/start.h"
#include "core/log.h"
#include "mail/compose.h"
#include "mail/delivery.h"

static const struct start self = {
	.program = PROGRAM_MAILER,
	.name = "t2o-mailer",
	.synopsis = "[--config FILE] [--once]",
	.help =
	    "Sends the mail that waits in T2O's database.\n"
	    "\n"
	    "  --config FILE  read FILE instead of " T2O_CONFIG_FILE "\n"
	    "  --once         send what is due and exit; 75 when some of it\n"
	    "                 could not be sent\n"
	    "  --help         print this and exit\n"
	    "  --version      print the version and exit\n"
	    "\n"
	    "SIGTERM ends it after the mail at hand. See t2o-mailer(8).\n",
};

struct options {
	const char *config_path; /* NULL: the installed one */
	bool once;
};

/* Negative: go on; else the code to exit with. */
static int parse_options(int argc, char **argv, struct options *ret)
{
	static const struct option longs[] = {
		{"config", required_argument, NULL, 'c'},
		{"once", no_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:ohV", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			ret->config_path = optarg;
			break;
		case 'o':
			ret->once = true;
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

static const int ending[] = {SIGTERM, SIGINT};

static void ending_set(sigset_t *ret)
{
	sigemptyset(ret);
	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		sigaddset(ret, ending[i]);
}

/*
 * The signals stay blocked and are asked for between mails: nothing is ever
 * interrupted, and one that came meanwhile is not lost.
 */
static bool stop(int64_t wait_us)
{
	static bool asked;
	const struct timespec wait = {
	    .tv_sec = (time_t)(wait_us / SECOND_US),
	    .tv_nsec = (long)(wait_us % SECOND_US) * 1000,
	};
	sigset_t signals;

	ending_set(&signals);
	if (sigtimedwait(&signals, NULL, &wait) > 0)
		asked = true;
	return asked;
}

static void set_signals(void)
{
	sigset_t signals;

	ending_set(&signals);
	ensure(sigprocmask(SIG_BLOCK, &signals, NULL) == 0);
	ensure(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	ensure(signal(SIGHUP, SIG_IGN) != SIG_ERR);
}

static int exit_code(enum err err)
{
	switch (err) {
	case OK:
		return EXIT_DONE;
	case ERR_UNAVAILABLE:
		return EXIT_TRY_AGAIN;
	case ERR_CONFLICT: /* the schema */
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

static int deliver(struct app *app, bool once)
{
	struct mail_delivery delivery = {.app = app, .stop = stop};
	struct mail_smtp *smtp = NULL;
	enum err err;

	if (mail_compose_check(app->config) != OK)
		return EXIT_BAD_CONFIG;
	if (mail_smtp_new(app->config, &smtp) != OK)
		return EXIT_BAD_CONFIG;
	delivery.smtp = smtp;
	if (once) {
		err = mail_delivery_drain(&delivery);
	} else {
		log_plain(LOG_INFO, "delivering");
		err = mail_delivery_run(&delivery);
		log_plain(LOG_INFO, "stopped");
	}
	mail_smtp_free(&smtp);
	return exit_code(err);
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct started started;
	int code = parse_options(argc, argv, &options);

	if (code >= 0)
		return code;
	set_signals();
	code = start_app(&self, options.config_path, &started);
	if (code == EXIT_DONE)
		code = deliver(&started.app, options.once);
	start_done(&started);
	return code;
}
