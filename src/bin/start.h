/* What every program does before its own work. */
#ifndef T2O_BIN_START_H
#define T2O_BIN_START_H

#include "core/app.h"

/* Exit codes, sysexits(3)'s where it has one. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_TRY_AGAIN = 75, /* the database does not answer */
	EXIT_BAD_CONFIG = 78,
};

struct start {
	enum config_program program;
	const char *name;     /* "t2o-fcgi" */
	const char *synopsis; /* "[--config FILE] [--socket PATH]" */
	const char *help;     /* what it does, its options; ends in LF */
	void (*print_help)(const struct start *start);
};

/* Synopsis and help: what print_help is, unless there is more to say. */
void start_print_help(const struct start *start);

/* One line to standard error that names --help; EXIT_USAGE. */
int start_usage_error(const struct start *start, const char *why);

/*
 * Opens what is closed of the descriptors 0 to 2, or a file or the database's
 * socket would take the place, and be sent what is meant for people.
 */
void start_descriptors(void);

/*
 * The code to exit with: EXIT_FAILED, having said so, in place of EXIT_DONE
 * when standard output has not taken all that was printed.
 */
int start_flush(const struct start *start, int code);

/*
 * The code for how a program's work ended: EXIT_TRY_AGAIN for
 * ERR_UNAVAILABLE, EXIT_BAD_CONFIG for ERR_CONFLICT (the schema is another).
 */
int start_exit_code(enum err err);

/*
 * Log, crypto, configuration (`config_path` NULL: the installed one), and a
 * database handle, not connected yet.  Problems have been printed when this
 * fails; the result is then the exit code to leave with, else EXIT_DONE.
 * `app` is for start_done, also after a failure.
 */
struct started {
	struct app app;
	struct config config;
	struct arena *arena; /* config's texts; for the program's life */
};
int start_app(const struct start *start, const char *config_path,
    struct started *ret);
void start_done(struct started *s);

#endif
