/* Command lines by table. */
#ifndef T2O_BIN_OPTIONS_H
#define T2O_BIN_OPTIONS_H

#include "bin/start.h"

enum option_kind {
	OPTION_FLAG = 1, /* bool */
	OPTION_TEXT,	 /* const char *, borrowed from argv */
	OPTION_NUMBER,	 /* uint64_t */
};

struct option_row {
	const char *name; /* without the "--" */
	enum option_kind kind;
	size_t offset; /* in the program's struct of options */
};

#define OPTIONS_MAX 32

/*
 * Sets *ret's members; what follows the options begins at argv[optind].
 * --help and --version are every program's and answered here.  Negative: go
 * on; else the code to exit with, all having been said.
 */
int options_parse(const struct start *start, const struct option_row *rows,
    size_t n_rows, int argc, char **argv, void *ret);

/* Whether an option was on the command line; of numbers, one but 0. */
bool options_given(const struct option_row *row, const void *options);

/* A whole number; EXIT_USAGE, having said so, when it is not. */
int options_number(const struct start *start, const char *text,
    uint64_t *ret_n);

#endif
