/* t2octl config … */
#include "core/base.h"

#include "bin/ctl.h"

#define REPORT_MAX (64 * 1024)
#define VALUE_MAX (4 * 1024)

static const struct {
	enum config_program program;
	const char *name;
} programs[] = {
    {PROGRAM_FCGI, "t2o-fcgi"},
    {PROGRAM_MAILER, "t2o-mailer"},
    {PROGRAM_CTL, "t2octl"},
};

enum err ctl_config_load(const struct ctl *ctl, enum config_program program,
    struct config *config)
{
	struct config_report report = {0};
	enum err err;

	buf_init(&report.text, REPORT_MAX);
	err = config_load(ctl->arena, program, ctl->options->config_path,
	    config, &report);
	if (report.text.len > 0)
		fprintf(stderr, "%.*s", STR_ARG(buf_str(&report.text)));
	buf_done(&report.text);
	return err;
}

/* The one SECRET_KEY is asked for by the workers alone, and so on. */
int ctl_config_check(struct ctl *ctl)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		struct config config;

		if (ctl_config_load(ctl, programs[i].program, &config) == OK) {
			printf("%s: fine\n", programs[i].name);
			continue;
		}
		printf("%s: not usable\n", programs[i].name);
		code = EXIT_BAD_CONFIG;
	}
	return code;
}

struct shown_key {
	struct str program;
	struct str name;
	struct str value;
	struct str help;
};

static const struct ctl_column key_columns[] = {
    {"PROGRAM", "program", CTL_TEXT, offsetof(struct shown_key, program)},
    {"KEY", "key", CTL_TEXT, offsetof(struct shown_key, name)},
    {"VALUE", "value", CTL_TEXT, offsetof(struct shown_key, value)},
    {"MEANING", "meaning", CTL_TEXT, offsetof(struct shown_key, help)},
};

static enum err show_key(struct ctl *ctl, size_t program,
    const struct config *config, size_t i, struct shown_key *ret)
{
	struct config_key key;
	struct buf value;
	enum err err;

	config_key_at(i, &key);
	buf_init(&value, VALUE_MAX);
	config_show(config, i, &value);
	err = buf_err(&value);
	if (err == OK)
		err = arena_dup(ctl->arena, buf_str(&value), &ret->value);
	buf_done(&value);
	ret->program = str_of(programs[program].name);
	ret->name = str_of(key.name);
	ret->help = str_of(key.help);
	return err;
}

int ctl_config_show(struct ctl *ctl)
{
	size_t n_max = config_n_keys() * ARRAY_LEN(programs);
	struct shown_key *rows = arena_array(ctl->arena, n_max, sizeof(*rows));
	size_t n = 0;

	ensure(rows != NULL);
	for (size_t p = 0; p < ARRAY_LEN(programs); p++) {
		struct config config;

		if (ctl_config_load(ctl, programs[p].program, &config) != OK)
			return EXIT_BAD_CONFIG;
		for (size_t i = 0; i < config_n_keys(); i++) {
			struct config_key key;

			config_key_at(i, &key);
			if ((key.programs & programs[p].program) == 0)
				continue;
			if (show_key(ctl, p, &config, i, &rows[n++]) != OK)
				return ctl_fail(ERR_LIMIT, key.name, NULL);
		}
	}
	return ctl_table_print(ctl, key_columns, ARRAY_LEN(key_columns), rows,
	    sizeof(*rows), n);
}
