/* The administrator's tool: schema, configuration, users, sessions, mail. */
#include "core/base.h"

#include "bin/ctl.h"
#include "bin/options.h"
#include "core/utf8.h"
#include "store/schema.h"

#define SUMMARY_COLUMN 34
#define SUBJECT_MAX 300

enum ctl_needs {
	NEEDS_NOTHING = 1,
	NEEDS_DATABASE, /* of any schema */
	NEEDS_SCHEMA,	/* of the right one */
};

static const struct ctl_command {
	const char *name;  /* one word or two */
	const char *args;  /* for help: USER, [OPTION]… */
	const char *takes; /* options, but those that all take */
	int n_args_min;
	int n_args_max;
	enum ctl_needs needs;
	ctl_run *run;
	const char *summary;
} commands[] = {
    {"migrate up", "[--dir DIR]", "dir", 0, 0, NEEDS_DATABASE, ctl_schema_up,
	"bring the database to this version's schema"},
    {"migrate status", "[--dir DIR]", "json dir", 0, 0, NEEDS_DATABASE,
	ctl_schema_status, "which migrations are applied"},
    {"check-sql", "", "", 0, 0, NEEDS_SCHEMA, ctl_schema_check_sql,
	"prepare every statement against the schema"},
    {"config check", "", "", 0, 0, NEEDS_NOTHING, ctl_config_check,
	"look for mistakes, for each program"},
    {"config show", "", "json", 0, 0, NEEDS_NOTHING, ctl_config_show,
	"the values in force, secrets masked"},
    {"key generate", "", "", 0, 0, NEEDS_NOTHING, ctl_key_generate,
	"print a new value for SECRET_KEY"},
    {"key rotate", "", "", 0, 0, NEEDS_SCHEMA, ctl_key_rotate,
	"seal anew what SECRET_KEY_OLD has sealed"},
    {"user add", "OPTION...",
	"username email first-name last-name role verified password-stdin", 0,
	0, NEEDS_SCHEMA, ctl_user_add, "create an account"},
    {"user list", "[--after ID] [--limit N]", "json after limit", 0, 0,
	NEEDS_SCHEMA, ctl_user_list, "accounts, in order of id"},
    {"user show", "USER", "json", 1, 1, NEEDS_SCHEMA, ctl_user_show,
	"one account with its roles"},
    {"user disable", "USER", "", 1, 1, NEEDS_SCHEMA, ctl_user_disable,
	"lock out, and end all sessions"},
    {"user enable", "USER", "", 1, 1, NEEDS_SCHEMA, ctl_user_enable,
	"let in again"},
    {"user set-password", "USER", "password-stdin", 1, 1, NEEDS_SCHEMA,
	ctl_user_set_password, "set a password, and end all sessions"},
    {"user reset-twofa", "USER", "", 1, 1, NEEDS_SCHEMA, ctl_user_reset_twofa,
	"turn the second factor off"},
    {"user grant", "USER ROLE", "", 2, 2, NEEDS_SCHEMA, ctl_user_grant,
	"give a role"},
    {"user revoke", "USER ROLE", "", 2, 2, NEEDS_SCHEMA, ctl_user_revoke,
	"take a role away"},
    {"user verify", "USER", "", 1, 1, NEEDS_SCHEMA, ctl_user_verify,
	"take the mail address as confirmed"},
    {"session list", "USER", "json", 1, 1, NEEDS_SCHEMA, ctl_session_list,
	"where a user is logged in"},
    {"session revoke", "USER ID|--all", "all", 1, 2, NEEDS_SCHEMA,
	ctl_session_revoke, "end one session, or all"},
    {"throttle list", "", "json", 0, 0, NEEDS_SCHEMA, ctl_throttle_list,
	"what has failed too often, by hash"},
    {"throttle clear", "KIND KEY", "", 2, 2, NEEDS_SCHEMA, ctl_throttle_clear,
	"forget failures"},
    {"mail list", "[STATE] [--after ID]", "json after", 0, 1, NEEDS_SCHEMA,
	ctl_mail_list, "mails that wait or were refused"},
    {"mail retry", "ID", "", 1, 1, NEEDS_SCHEMA, ctl_mail_retry,
	"send one now, from the start"},
    {"mail drop", "ID", "", 1, 1, NEEDS_SCHEMA, ctl_mail_drop, "forget one"},
    {"housekeep", "", "json", 0, 0, NEEDS_SCHEMA, ctl_housekeep,
	"delete what has expired; for a timer"},
};

static void print_help(const struct start *start);

static const struct start self = {
    .print_help = print_help,
    .program = PROGRAM_CTL,
    .name = "t2octl",
    .synopsis = "[OPTION]... COMMAND [ARGUMENT]...",
    .help =
	"Options:\n"
	"  --config FILE       read FILE instead of " T2O_CONFIG_FILE "\n"
	"  --json              print JSON instead of a table\n"
	"  --help, --version   print this, or the version\n"
	"\n"
	"For `user add`: --username NAME --email ADDRESS --first-name NAME\n"
	"  --last-name NAME [--role ROLE] [--verified]\n"
	"A password is asked for on the terminal; with --password-stdin it\n"
	"is read from standard input. USER is a username, a mail address\n"
	"or id:NUMBER. See t2octl(8).\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 wrong usage, 75 database not\n"
	"reachable, 78 bad configuration.\n",
};

static void print_help(const struct start *start)
{
	printf("Usage: %s %s\n\nCommands:\n", start->name, start->synopsis);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		int width = printf("  %s %s", commands[i].name,
		    commands[i].args);

		printf("%*s%s\n", MAX_OF(SUMMARY_COLUMN - width, 2), "",
		    commands[i].summary);
	}
	printf("\n%s", start->help);
}

static const struct option_row option_rows[] = {
    {"config", OPTION_TEXT, offsetof(struct ctl_options, config_path)},
    {"json", OPTION_FLAG, offsetof(struct ctl_options, json)},
    {"dir", OPTION_TEXT, offsetof(struct ctl_options, dir)},
    {"username", OPTION_TEXT, offsetof(struct ctl_options, username)},
    {"email", OPTION_TEXT, offsetof(struct ctl_options, email)},
    {"first-name", OPTION_TEXT, offsetof(struct ctl_options, first_name)},
    {"last-name", OPTION_TEXT, offsetof(struct ctl_options, last_name)},
    {"role", OPTION_TEXT, offsetof(struct ctl_options, role)},
    {"verified", OPTION_FLAG, offsetof(struct ctl_options, verified)},
    {"password-stdin", OPTION_FLAG,
	offsetof(struct ctl_options, password_stdin)},
    {"all", OPTION_FLAG, offsetof(struct ctl_options, all)},
    {"after", OPTION_NUMBER, offsetof(struct ctl_options, after)},
    {"limit", OPTION_NUMBER, offsetof(struct ctl_options, limit)},
};

/* Matches the first words of argv; *ret_n_words says how many it took. */
static const struct ctl_command *find_command(int n_words, char **words,
    int *ret_n_words)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		struct str rest = str_of(commands[i].name);
		struct str word;
		int n = 0;

		while (str_next(&rest, ' ', &word) && n < n_words &&
		    str_eq(word, str_of(words[n])))
			n++;
		if (rest.p == NULL && n > 0 &&
		    str_eq(word, str_of(words[n - 1]))) {
			*ret_n_words = n;
			return &commands[i];
		}
	}
	return NULL;
}

int ctl_fail(enum err err, const char *what, const char *why)
{
	static const char *const reasons[] = {
	    [ERR_NOT_FOUND] = "there is no such thing",
	    [ERR_CONFLICT] = "it exists already",
	    [ERR_DENIED] = "refused",
	    [ERR_INVALID] = "not valid",
	    [ERR_LIMIT] = "too much",
	    [ERR_UNAVAILABLE] = "the database does not answer",
	    [ERR_INTERNAL] = "it failed; see the line above",
	};
	char clean[SUBJECT_MAX];
	size_t len = utf8_clean(str_of(what), clean, sizeof(clean));

	if (why == NULL || why[0] == '\0')
		why = reasons[err];
	fprintf(stderr, "%s: %.*s: %s\n", self.name, (int)len, clean, why);
	return err == ERR_UNAVAILABLE ? EXIT_TRY_AGAIN : EXIT_FAILED;
}

int ctl_parse_id(const char *text, uint64_t *ret_id)
{
	return options_number(&self, text, ret_id);
}

static int run_with_app(const struct ctl_command *command, struct ctl *ctl)
{
	struct started started;
	enum err err = OK;
	int code = start_app(&self, ctl->options->config_path, &started);

	if (code == EXIT_DONE && command->needs == NEEDS_SCHEMA) {
		err = store_schema_require(started.app.db);
		if (err == ERR_CONFLICT)
			code = EXIT_BAD_CONFIG;
		else if (err != OK)
			code = ctl_fail(err, command->name, NULL);
	}
	if (code == EXIT_DONE) {
		ctl->app = &started.app;
		ctl->auth = (struct auth_context){
		    .app = &started.app,
		    .arena = ctl->arena,
		    .origin = {.client_ip = STR("local"),
			.user_agent = STR("t2octl")},
		    .is_sysadmin = true,
		    .now_us = clock_now_us(&started.app.clock),
		};
		code = command->run(ctl);
	}
	start_done(&started);
	return code;
}

/* An option that the command would pass over in silence, or NULL. */
static const char *stray_option(const struct ctl_command *command,
    const struct ctl_options *options)
{
	for (size_t i = 0; i < ARRAY_LEN(option_rows); i++) {
		struct str name = str_of(option_rows[i].name);
		struct str rest = str_of(command->takes);
		struct str word;
		bool taken = str_eq(name, STR("config"));

		while (!taken && str_next(&rest, ' ', &word))
			taken = str_eq(name, word);
		if (!taken && options_given(&option_rows[i], options))
			return option_rows[i].name;
	}
	return NULL;
}

static int run_command(const struct ctl_command *command, struct ctl *ctl)
{
	const char *stray = stray_option(command, ctl->options);
	int code;

	if (stray != NULL) {
		fprintf(stderr, "%s: %s does not take --%s\n", self.name,
		    command->name, stray);
		return EXIT_USAGE;
	}
	if (ctl->n_args < command->n_args_min ||
	    ctl->n_args > command->n_args_max) {
		fprintf(stderr, "Usage: %s %s %s\n", self.name, command->name,
		    command->args);
		return EXIT_USAGE;
	}
	ctl->arena = arena_new(CTL_ARENA_MAX);
	if (command->needs == NEEDS_NOTHING)
		code = command->run(ctl);
	else
		code = run_with_app(command, ctl);
	arena_free(&ctl->arena);
	return code;
}

int main(int argc, char **argv)
{
	struct ctl_options options = {0};
	struct ctl ctl = {.options = &options};
	const struct ctl_command *command;
	int n_words;
	int code = options_parse(&self, option_rows, ARRAY_LEN(option_rows),
	    argc, argv, &options);

	if (code >= 0)
		return code;
	if (optind == argc)
		return start_usage_error(&self, "which command?");
	command = find_command(argc - optind, argv + optind, &n_words);
	if (command == NULL)
		return start_usage_error(&self, "there is no such command");
	ctl.n_args = argc - optind - n_words;
	ctl.args = argv + optind + n_words;
	return start_flush(&self, run_command(command, &ctl));
}
