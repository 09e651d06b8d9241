/*
 * Configuration: one table of keys in config.c, read from files and the
 * environment, checked as a whole before a program does anything.
 *
 * Order, later wins: the file (t2o.conf), the program's own file beside it
 * (t2o-fcgi.conf, …), $CREDENTIALS_DIRECTORY/NAME, the environment's
 * NAME_FILE (both for secrets alone, without one newline at the end), the
 * environment's NAME.  A key that is not in the table is an error in a file; a
 * key that another program reads is checked for form, and its value is not
 * kept.
 *
 * A file has lines `KEY=value`.  Spaces around both are not part of them, the
 * value may stand in double quotes, nothing is an escape; empty lines and
 * those that begin with # say nothing.  In production a file that everyone may
 * read must not hold a secret.
 */
#ifndef T2O_CORE_CONFIG_H
#define T2O_CORE_CONFIG_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/crypto.h"
#include "core/log.h"

enum config_env { ENV_DEVELOPMENT = 1, ENV_TESTING, ENV_PRODUCTION };

/* Which programs read a key, or-ed; also a program's own identity. */
enum config_program {
	PROGRAM_FCGI = 1 << 0,
	PROGRAM_MAILER = 1 << 1,
	PROGRAM_CTL = 1 << 2,
};

struct config {
	enum config_env app_env;
	enum log_level log_level;
	struct secret_str database_url;
	uint64_t database_connect_timeout_s;
	uint64_t database_timeout_s;

	struct secret_str secret_key;	  /* at least 32 bytes */
	struct secret_str secret_key_old; /* likewise, or empty: none */
	struct str public_url;		  /* no slash at the end */
	struct str session_cookie;
	uint64_t session_idle_s;
	uint64_t session_lifetime_s;
	uint64_t password_min_score; /* zxcvbn's 0…4 */
	bool twofa_email_otp;
	uint64_t argon2_memory_kib;
	uint64_t argon2_passes;

	struct str site_name;
	struct str verify_url; /* always the whole template, with {token} */
	struct str reset_url;  /* likewise, as are the next two */
	struct str confirm_email_url;
	struct str undo_email_url;
	struct str mail_server;
	uint64_t mail_port;
	bool mail_use_tls;
	struct str mail_ca_file; /* empty: the system's */
	struct str mail_username;
	struct secret_str mail_password;
	struct str mail_sender; /* an addr-spec */
	struct str mail_locale;
	uint64_t mail_timeout_s;
	struct str template_dir; /* overrides, before the installed ones */
};

/* One problem, as a line for people: "FILE:LINE: KEY: what is wrong". */
struct config_report {
	struct buf text; /* lines; the caller buf_init()s and buf_done()s it */
	size_t n_problems; /* also those that the text has no room for */
};

/*
 * `path` NULL: the compiled-in place, which need not exist (all defaults);
 * a named file must.  Collects every problem, not only the first; ERR_INVALID
 * when there was one, ERR_LIMIT when the arena is full.  *ret_config's texts
 * live in the arena and end in NUL; what the program does not read is zero.
 */
enum err config_load(struct arena *arena, enum config_program program,
    const char *path, struct config *ret_config,
    struct config_report *report) must_check;

/* A row of the table as documentation, for `config show` and man-page tests. */
struct config_key {
	const char *name;
	unsigned programs;  /* enum config_program, or-ed */
	const char *preset; /* default as text, or NULL: must be set */
	bool secret;
	const char *help;
};
size_t config_n_keys(void);

/* `i` below config_n_keys(); everything in *ret is static. */
void config_key_at(size_t i, struct config_key *ret);

/* The value in force of key `i`, as text; secrets as "(set)" or "(not set)". */
void config_show(const struct config *config, size_t i, struct buf *out);

#endif
