/* What t2octl's commands share. */
#ifndef T2O_BIN_CTL_H
#define T2O_BIN_CTL_H

#include "auth/context.h"
#include "bin/start.h"

#define CTL_ARENA_MAX (64 * 1024 * 1024)
#define CTL_LIST_MAX 1000

/* Options, of which each command takes some. */
struct ctl_options {
	const char *config_path; /* NULL: the installed one */
	bool json;
	const char *dir; /* migrate: where sql/ is */
	const char *username;
	const char *email;
	const char *first_name;
	const char *last_name;
	const char *role;
	bool verified;
	bool password_stdin;
	bool all;
	uint64_t after;
	uint64_t limit;
};

/* What a command is given. */
struct ctl {
	const struct ctl_options *options;
	int n_args;
	char **args;	       /* behind the command's words */
	const struct app *app; /* NULL unless the command needs a database */
	struct arena *arena;
	struct auth_context auth;
};

/* Each command returns an enum exit_code, having said what went wrong. */
typedef int ctl_run(struct ctl *ctl);

ctl_run ctl_config_check;
ctl_run ctl_config_show;
ctl_run ctl_key_generate;
ctl_run ctl_key_rotate;
ctl_run ctl_schema_up;
ctl_run ctl_schema_status;
ctl_run ctl_schema_check_sql;
ctl_run ctl_user_add;
ctl_run ctl_user_list;
ctl_run ctl_user_show;
ctl_run ctl_user_disable;
ctl_run ctl_user_enable;
ctl_run ctl_user_set_password;
ctl_run ctl_user_reset_twofa;
ctl_run ctl_user_grant;
ctl_run ctl_user_revoke;
ctl_run ctl_user_verify;
ctl_run ctl_session_list;
ctl_run ctl_session_revoke;
ctl_run ctl_throttle_list;
ctl_run ctl_throttle_clear;
ctl_run ctl_housekeep;
ctl_run ctl_mail_list;
ctl_run ctl_mail_retry;
ctl_run ctl_mail_drop;

/* "t2octl: WHAT: why it failed" on standard error; the code to exit with. */
int ctl_fail(enum err err, const char *what, const char *why);

/* A whole number; says so and returns EXIT_USAGE when it is not. */
int ctl_parse_id(const char *text, uint64_t *ret_id);

/*
 * Loads a program's configuration, with texts in the arena, and says what is
 * wrong with it.
 */
enum err ctl_config_load(const struct ctl *ctl, enum config_program program,
    struct config *config) must_check;

/* ---- ctl_table.c: rows for people, or JSON for scripts ---- */

#define CTL_COLUMNS_MAX 16

enum ctl_kind {
	CTL_TEXT = 1, /* struct str; p NULL is none */
	CTL_NAMES,    /* struct str, one name a line; in JSON an array */
	CTL_NUMBER,   /* uint64_t */
	CTL_TIME,     /* int64_t µs; 0 is none */
	CTL_FLAG,     /* bool */
	CTL_WHETHER,  /* int64_t µs of which only "is set" is shown */
};

struct ctl_column {
	const char *title; /* for people */
	const char *key;   /* the JSON member */
	enum ctl_kind kind;
	size_t offset; /* in the row's struct */
};

/*
 * Prints rows as a table with aligned columns, or with --json as an array of
 * objects.  EXIT_FAILED also when standard output does not take it; main says
 * so.
 */
int ctl_table_print(const struct ctl *ctl, const struct ctl_column *columns,
    size_t n_columns, const void *rows, size_t row_size, size_t n_rows);

/* ---- ctl_password.c ---- */

#define CTL_PASSWORD_MAX 1024

/*
 * From the terminal, twice and without echo, or with --password-stdin one
 * line of standard input.  Never from argv, where others could read it.  The
 * text lies in the arena, which is wiped.
 */
int ctl_password_read(struct ctl *ctl, struct secret_str *ret);

#endif
