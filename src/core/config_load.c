/* From texts to a struct config: all of the checking, in order. */
#include "core/base.h"

#include "core/config_source.h"
#include "core/utf8.h"

static bool ours(const struct config_load *l, const struct config_row *row)
{
	return (row->programs & l->program) != 0;
}

static bool has_control(struct str s)
{
	uint32_t c;

	while (utf8_next(&s, &c) == OK)
		if (utf8_is_control(c))
			return true;
	return s.len > 0; /* not UTF-8 */
}

static const char *text_fault(const struct config_row *row, struct str text)
{
	if (text.len > CONFIG_VALUE_MAX)
		return "is too long";
	if (has_control(text))
		return "must be UTF-8 without control characters";
	return row->form != NULL ? row->form(text) : NULL;
}

static void check_value(struct config_load *l, const struct config_row *row,
    struct config_setting *s)
{
	const char *why = text_fault(row, s->text);

	if (why != NULL) {
		buf_putf(config_problem(l, s->at, row->name), "%s\n", why);
	} else if (config_value_parse(row, s->text, &l->config) != OK) {
		struct buf *line = config_problem(l, s->at, row->name);

		config_value_wanted(row, line);
		buf_putc(line, '\n');
	} else {
		s->good = true;
	}
}

static void must_be_set(struct config_load *l, const struct config_row *row)
{
	size_t file = row->type == CONFIG_SECRET ? CONFIG_OWN_FILE
						 : CONFIG_SHARED_FILE;
	struct config_place at = {l->files[file].path, 0};

	buf_putf(config_problem(l, at, row->name), "must be set: %s\n",
	    row->help);
}

/* What is set must be right whoever reads it; what we read must be there. */
static void check_values(struct config_load *l)
{
	for (size_t i = 0; i < config_n_keys(); i++) {
		const struct config_row *row = &config_rows[i];
		struct config_setting *s = &l->settings[i];

		if (row->preset == NULL && s->text.len == 0) {
			if (ours(l, row))
				must_be_set(l, row);
			continue;
		}
		if (s->text.p == NULL) {
			s->text = str_of(row->preset);
			s->at.file = "default";
		}
		check_value(l, row, s);
	}
}

static void check_rules(struct config_load *l)
{
	for (size_t i = 0; i < config_n_keys(); i++) {
		const struct config_row *row = &config_rows[i];
		const struct config_setting *s = &l->settings[i];
		const char *why = NULL;

		if (ours(l, row) && s->good && row->rule != NULL)
			why = row->rule(&l->config);
		if (why != NULL)
			buf_putf(config_problem(l, s->at, row->name), "%s\n",
			    why);
	}
}

/* In production a secret that every local account can read is none. */
static void check_modes(struct config_load *l)
{
	if (l->config.app_env != ENV_PRODUCTION)
		return;
	for (size_t i = 0; i < ARRAY_LEN(l->files); i++) {
		const struct config_file *file = &l->files[i];
		struct config_place at = {file->path, 0};

		if (file->exposed != NULL)
			buf_putf(config_problem(l, at, file->exposed),
			    "may be read by everyone; run: chmod 0640 %s\n",
			    file->path);
	}
}

/* An empty link is the page of that name below PUBLIC_URL. */
static void resolve_link(struct config_load *l, struct str *link,
    const char *page)
{
	struct buf url;

	if (link->len > 0)
		return;
	buf_init(&url, 2 * CONFIG_VALUE_MAX);
	buf_put(&url, l->config.public_url);
	buf_putf(&url, "/app/%s#token={token}", page);
	ensure(buf_err(&url) == OK);
	ensure(arena_dup(l->scratch, buf_str(&url), link) == OK);
	buf_done(&url);
}

/* Gives the URLs the form that config.h promises. */
static void resolve(struct config_load *l)
{
	struct config *c = &l->config;

	while (str_ends(c->public_url, STR("/")))
		c->public_url.len--;
	resolve_link(l, &c->verify_url, "verify_email");
	resolve_link(l, &c->reset_url, "reset_password");
	resolve_link(l, &c->confirm_email_url, "confirm_email");
	resolve_link(l, &c->undo_email_url, "undo_email");
}

static enum err hand_over(const struct config_load *l, struct arena *arena,
    struct config *ret_config)
{
	struct config config = {0};
	enum err err;

	for (size_t i = 0; i < config_n_keys(); i++) {
		const struct config_row *row = &config_rows[i];

		if (!ours(l, row))
			continue;
		err = config_value_copy(row, &l->config, arena, &config);
		if (err != OK)
			return err;
	}
	*ret_config = config;
	return OK;
}

enum err config_load(struct arena *arena, enum config_program program,
    const char *path, struct config *ret_config, struct config_report *report)
{
	struct config_load l = {
	    .scratch = arena_new(CONFIG_SCRATCH_MAX),
	    .program = program,
	    .report = report,
	};
	enum err err = ERR_INVALID;

	config_source_init(&l, path);
	config_source_read(&l);
	check_values(&l);
	check_rules(&l);
	check_modes(&l);
	if (report->n_problems == 0) {
		resolve(&l);
		err = hand_over(&l, arena, ret_config);
	}
	arena_free(&l.scratch);
	return err;
}
