/* What the files of core/config share; nobody else's business. */
#ifndef T2O_CORE_CONFIG_TABLE_H
#define T2O_CORE_CONFIG_TABLE_H

#include "core/config.h"

enum config_type {
	CONFIG_TEXT = 1, /* struct str */
	CONFIG_SECRET,	 /* struct secret_str */
	CONFIG_NUMBER,	 /* uint64_t, min…max */
	CONFIG_SWITCH,	 /* bool */
	CONFIG_ENV,	 /* enum config_env */
	CONFIG_LEVEL,	 /* enum log_level */
};

/* What one text must look like: NULL, or what to do instead. */
typedef const char *config_form(struct str text);

/* What a key must be in view of all others; the same. */
typedef const char *config_rule(const struct config *config);

struct config_row {
	const char *name;
	enum config_type type;
	size_t offset;	    /* in struct config */
	unsigned programs;  /* enum config_program, or-ed */
	const char *preset; /* NULL: must be set, and not empty */
	uint64_t min, max;  /* CONFIG_NUMBER */
	config_form *form;  /* or NULL; texts and secrets */
	config_rule *rule;  /* or NULL; asked by programs that read the key */
	const char *help;
};

/* config_n_keys() of them. */
extern const struct config_row config_rows[];

/* ERR_INVALID, and *config untouched, when the text is not of the type. */
enum err config_value_parse(const struct config_row *row, struct str text,
    struct config *config) must_check;

/* What config_value_parse would have taken, as a sentence. */
void config_value_wanted(const struct config_row *row, struct buf *to);

/* Copies one value; texts are copied into the arena. ERR_LIMIT. */
enum err config_value_copy(const struct config_row *row,
    const struct config *from, struct arena *arena,
    struct config *to) must_check;

/* As people write it, but a secret. */
void config_value_show(const struct config_row *row,
    const struct config *config, struct buf *to);

/* config_form.c */
config_form config_form_cookie;
config_form config_form_database;
config_form config_form_host;
config_form config_form_locale;
config_form config_form_mail_address;
config_form config_form_path;
config_form config_form_public_url;
config_form config_form_secret_key;
config_form config_form_secret_key_old;
config_form config_form_site_name;
config_form config_form_token_url;

/* config_rule.c */
config_rule config_rule_argon2_memory;
config_rule config_rule_argon2_passes;
config_rule config_rule_confirm_email_url;
config_rule config_rule_lifetime;
config_rule config_rule_mail_login;
config_rule config_rule_public_url;
config_rule config_rule_reset_url;
config_rule config_rule_secret_key;
config_rule config_rule_undo_email_url;
config_rule config_rule_secret_key_old;
config_rule config_rule_verify_url;

#endif
