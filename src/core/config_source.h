/* Where configuration comes from; nobody's business but config_load.c's. */
#ifndef T2O_CORE_CONFIG_SOURCE_H
#define T2O_CORE_CONFIG_SOURCE_H

#include "core/config_table.h"

#define CONFIG_VALUE_MAX 4096 /* bytes */

/* More than the largest files and the largest environment need. */
#define CONFIG_SCRATCH_MAX ((size_t)2 << 20)

struct config_place {
	const char *file;
	size_t line; /* 0: no line in particular */
};

/* The value in force of one key; text.p is NULL when no source has it. */
struct config_setting {
	struct str text; /* cut at CONFIG_VALUE_MAX + 1 */
	struct config_place at;
	bool good; /* type and form are right */
};

/* t2o.conf, or the program's own. */
struct config_file {
	const char *path;
	bool may_be_absent;
	const char *exposed; /* a secret in it that everyone may read */
};

enum { CONFIG_SHARED_FILE, CONFIG_OWN_FILE, CONFIG_N_FILES };

/* One run of config_load. */
struct config_load {
	struct arena *scratch; /* gone, and wiped, at the end of the run */
	enum config_program program;
	struct config_report *report;
	struct config_file files[CONFIG_N_FILES];
	struct config_setting *settings; /* one a row */
	struct config config;		 /* of all rows, kept or not */
};

/*
 * Begins a line of the report; the caller adds what is wrong, what to do, and
 * the end of the line.  `key` may be NULL.
 */
struct buf *config_problem(struct config_load *l, struct config_place at,
    const char *key);

/* Names the files: `path` and the program's own beside it. */
void config_source_init(struct config_load *l, const char *path);

/* All sources in their order, later ones over earlier ones. */
void config_source_read(struct config_load *l);

#endif
