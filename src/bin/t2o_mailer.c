/* The mailer: sends what the outbox holds. */
#include "core/base.h"

#include <signal.h>

#include "bin/options.h"
#include "core/log.h"
#include "mail/compose.h"
#include "mail/delivery.h"

static const struct start self = {
    .program = PROGRAM_MAILER,
    .name = "t2o-mailer",
    .synopsis = "[--config FILE] [--once]",
    .help = "Sends the mail that waits in T2O's database.\n"
	    "\n"
	    "  --config FILE  read FILE instead of " T2O_CONFIG_FILE "\n"
	    "  --once         send what is due and exit; 75 when some of it\n"
	    "                 could not be sent\n"
	    "  --help         print this and exit\n"
	    "  --version      print the version and exit\n"
	    "\n"
	    "SIGTERM ends it after the mail at hand. See t2o-mailer(8).\n",
    .print_help = start_print_help,
};

struct options {
	const char *config_path; /* NULL: the installed one */
	bool once;
};

static const struct option_row option_rows[] = {
    {"config", OPTION_TEXT, offsetof(struct options, config_path)},
    {"once", OPTION_FLAG, offsetof(struct options, once)},
};

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
	set_signals();
	code = start_app(&self, options.config_path, &started);
	if (code == EXIT_DONE)
		code = deliver(&started.app, options.once);
	start_done(&started);
	return code;
}
