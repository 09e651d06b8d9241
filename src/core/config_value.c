/* The types of configuration values. */
#include "core/base.h"

#include "core/config_table.h"

static const char *const env_names[] = {
    [ENV_DEVELOPMENT] = "development",
    [ENV_TESTING] = "testing",
    [ENV_PRODUCTION] = "production",
};

static const struct {
	const char *word;
	bool on;
} switch_words[] = {
    {"on", true},
    {"off", false},
    {"true", true},
    {"false", false},
    {"yes", true},
    {"no", false},
    {"1", true},
    {"0", false},
};

/* A member of struct config while it is handled here. */
union value {
	struct str text;
	struct secret_str secret;
	uint64_t number;
	bool on;
	enum config_env env;
	enum log_level level;
};

static const size_t sizes[] = {
    [CONFIG_TEXT] = sizeof(struct str),
    [CONFIG_SECRET] = sizeof(struct secret_str),
    [CONFIG_NUMBER] = sizeof(uint64_t),
    [CONFIG_SWITCH] = sizeof(bool),
    [CONFIG_ENV] = sizeof(enum config_env),
    [CONFIG_LEVEL] = sizeof(enum log_level),
};

static void load(const struct config_row *row, const struct config *config,
    union value *ret)
{
	memcpy(ret, (const char *)config + row->offset, sizes[row->type]);
}

static void store(const struct config_row *row, const union value *value,
    struct config *config)
{
	memcpy((char *)config + row->offset, value, sizes[row->type]);
}

static enum err parse_number(const struct config_row *row, struct str text,
    uint64_t *ret)
{
	uint64_t n;

	if (str_to_u64(text, row->max, &n) != OK || n < row->min)
		return ERR_INVALID;
	*ret = n;
	return OK;
}

static enum err parse_switch(struct str text, bool *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(switch_words); i++) {
		if (str_eq_nocase(text, str_of(switch_words[i].word))) {
			*ret = switch_words[i].on;
			return OK;
		}
	}
	return ERR_INVALID;
}

static enum err parse_env(struct str text, enum config_env *ret)
{
	for (size_t i = ENV_DEVELOPMENT; i < ARRAY_LEN(env_names); i++) {
		if (str_eq(text, str_of(env_names[i]))) {
			*ret = (enum config_env)i;
			return OK;
		}
	}
	return ERR_INVALID;
}

static enum err parse(const struct config_row *row, struct str text,
    union value *ret)
{
	switch (row->type) {
	case CONFIG_TEXT:
		ret->text = text;
		return OK;
	case CONFIG_SECRET:
		ret->secret = (struct secret_str){text.p, text.len};
		return OK;
	case CONFIG_NUMBER:
		return parse_number(row, text, &ret->number);
	case CONFIG_SWITCH:
		return parse_switch(text, &ret->on);
	case CONFIG_ENV:
		return parse_env(text, &ret->env);
	case CONFIG_LEVEL:
		return log_level_parse(text, &ret->level);
	}
	return ERR_INTERNAL;
}

enum err config_value_parse(const struct config_row *row, struct str text,
    struct config *config)
{
	union value value;
	enum err err;

	err = parse(row, text, &value);
	if (err == OK)
		store(row, &value, config);
	return err;
}

void config_value_wanted(const struct config_row *row, struct buf *to)
{
	switch (row->type) {
	case CONFIG_TEXT:
	case CONFIG_SECRET:
		buf_puts(to, "must be text");
		return;
	case CONFIG_NUMBER:
		buf_putf(to,
		    "must be a whole number from %" PRIu64 " to %" PRIu64,
		    row->min, row->max);
		return;
	case CONFIG_SWITCH:
		buf_puts(to, "must be on or off");
		return;
	case CONFIG_ENV:
		buf_puts(to, "must be development, testing or production");
		return;
	case CONFIG_LEVEL:
		buf_puts(to, "must be error, warning, info or debug");
		return;
	}
}

static enum err copy_secret(struct arena *arena, struct secret_str *secret)
{
	struct str copy;
	enum err err;

	err = arena_dup(arena, (struct str){secret->p, secret->len}, &copy);
	if (err == OK)
		*secret = (struct secret_str){copy.p, copy.len};
	return err;
}

enum err config_value_copy(const struct config_row *row,
    const struct config *from, struct arena *arena, struct config *to)
{
	union value value;
	enum err err = OK;

	load(row, from, &value);
	if (row->type == CONFIG_TEXT)
		err = arena_dup(arena, value.text, &value.text);
	if (row->type == CONFIG_SECRET)
		err = copy_secret(arena, &value.secret);
	if (err == OK)
		store(row, &value, to);
	return err;
}

void config_value_show(const struct config_row *row,
    const struct config *config, struct buf *to)
{
	union value value;

	load(row, config, &value);
	switch (row->type) {
	case CONFIG_TEXT:
		buf_put(to, value.text);
		return;
	case CONFIG_SECRET:
		buf_puts(to, value.secret.len > 0 ? "(set)" : "(not set)");
		return;
	case CONFIG_NUMBER:
		buf_put_u64(to, value.number);
		return;
	case CONFIG_SWITCH:
		buf_puts(to, value.on ? "on" : "off");
		return;
	case CONFIG_ENV:
		buf_puts(to, env_names[value.env]);
		return;
	case CONFIG_LEVEL:
		buf_puts(to, log_level_name(value.level));
		return;
	}
}
