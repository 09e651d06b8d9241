/* The table of keys.  A new key is a row here and a member in config.h. */
#include "core/base.h"

#include "core/config_table.h"

/* It does not know _Generic, and the rows read better by hand. */
/* clang-format off */

/* The type comes from the member, so that the two always agree. */
#define KEY(name_, member, programs_)                                          \
	.name = (name_),                                                       \
	.type = _Generic(((struct config *)NULL)->member,                      \
	    struct str: CONFIG_TEXT,                                           \
	    struct secret_str: CONFIG_SECRET,                                  \
	    uint64_t: CONFIG_NUMBER,                                           \
	    bool: CONFIG_SWITCH,                                               \
	    enum config_env: CONFIG_ENV,                                       \
	    enum log_level: CONFIG_LEVEL),                                     \
	.offset = offsetof(struct config, member),                             \
	.programs = (programs_)

#define FCGI PROGRAM_FCGI
#define MAILER PROGRAM_MAILER
#define CTL PROGRAM_CTL
#define ALL (FCGI | MAILER | CTL)

const struct config_row config_rows[] = {
    {KEY("APP_ENV", app_env, ALL), .preset = "production",
	.help = "development, testing or production; production refuses "
	    "what is only fit for the other two"},
    {KEY("LOG_LEVEL", log_level, ALL), .preset = "info",
	.help = "error, warning, info or debug"},

    {KEY("DATABASE_URL", database_url, ALL),
	.form = config_form_database,
	.help = "the database and this program's account in it, as "
	    "mysql://user:password@host:3306/database?socket=/path"},
    {KEY("DATABASE_CONNECT_TIMEOUT_S", database_connect_timeout_s, ALL),
	.preset = "3", .min = 1, .max = 60,
	.help = "seconds to wait for a connection to the database"},
    {KEY("DATABASE_TIMEOUT_S", database_timeout_s, ALL),
	.preset = "10", .min = 1, .max = 300,
	.help = "seconds to wait for the database's answer to a statement"},

    {KEY("SECRET_KEY", secret_key, FCGI),
	.form = config_form_secret_key, .rule = config_rule_secret_key,
	.help = "what all other keys are derived from, at least 32 bytes "
	    "from `t2octl key generate`"},
    {KEY("SECRET_KEY_OLD", secret_key_old, FCGI), .preset = "",
	.form = config_form_secret_key_old, .rule = config_rule_secret_key_old,
	.help = "another key under which TOTP secrets may still be sealed; "
	    "empty: none"},
    {KEY("PUBLIC_URL", public_url, FCGI | MAILER),
	.form = config_form_public_url, .rule = config_rule_public_url,
	.help = "where people reach the site, such as https://example.org"},
    {KEY("SESSION_COOKIE", session_cookie, FCGI),
	.preset = "__Host-session", .form = config_form_cookie,
	.help = "name of the session cookie"},
    {KEY("SESSION_IDLE_S", session_idle_s, FCGI),
	.preset = "1800", .min = 60, .max = 86400,
	.help = "seconds after which an unused session ends"},
    {KEY("SESSION_LIFETIME_S", session_lifetime_s, FCGI),
	.preset = "43200", .min = 300, .max = 2592000,
	.rule = config_rule_lifetime,
	.help = "seconds after which a session ends in any case"},
    {KEY("PASSWORD_MIN_SCORE", password_min_score, FCGI | CTL),
	.preset = "1", .min = 0, .max = 4,
	.help = "zxcvbn's score that a new password needs"},
    {KEY("TWOFA_EMAIL_OTP", twofa_email_otp, FCGI), .preset = "on",
	.help = "on: a login that waits for a code also gets one by mail"},
    {KEY("ARGON2_MEMORY_KIB", argon2_memory_kib, ALL),
	.preset = "19456", .min = 8, .max = CRYPTO_ARGON2_KIB_MAX,
	.rule = config_rule_argon2_memory,
	.help = "memory that one password hash takes, in KiB"},
    {KEY("ARGON2_PASSES", argon2_passes, ALL),
	.preset = "2", .min = 1, .max = 64,
	.rule = config_rule_argon2_passes,
	.help = "times that a password hash goes through its memory"},

    {KEY("SITE_NAME", site_name, ALL),
	.preset = "T2O", .form = config_form_site_name,
	.help = "what mail calls the site; a password may not lean on it"},
    {KEY("VERIFY_URL", verify_url, MAILER),
	.preset = "", .form = config_form_token_url,
	.rule = config_rule_verify_url,
	.help = "the link that confirms a mail address, with {token} once; "
	    "empty: the page below PUBLIC_URL"},
    {KEY("RESET_URL", reset_url, MAILER), .preset = "",
	.form = config_form_token_url, .rule = config_rule_reset_url,
	.help = "the link that resets a password, with {token} once; empty: "
		"the page below PUBLIC_URL"},
    {KEY("CONFIRM_EMAIL_URL", confirm_email_url, MAILER), .preset = "",
	.form = config_form_token_url, .rule = config_rule_confirm_email_url,
	.help = "the link that confirms a new mail address, with {token} "
	    "once; empty: the page below PUBLIC_URL"},
    {KEY("UNDO_EMAIL_URL", undo_email_url, MAILER), .preset = "",
	.form = config_form_token_url, .rule = config_rule_undo_email_url,
	.help = "the link that undoes a change of mail address, with {token} "
	    "once; empty: the page below PUBLIC_URL"},
    {KEY("MAIL_SERVER", mail_server, MAILER), .form = config_form_host,
	.help = "host that takes mail for delivery (SMTP submission)"},
    {KEY("MAIL_PORT", mail_port, MAILER),
	.preset = "587", .min = 1, .max = 65535,
	.help = "its port"},
    {KEY("MAIL_USE_TLS", mail_use_tls, MAILER), .preset = "on",
	.help = "on: nothing is sent before STARTTLS and a good certificate"},
    {KEY("MAIL_CA_FILE", mail_ca_file, MAILER),
	.preset = "", .form = config_form_path,
	.help = "certificates to trust in place of the system's"},
    {KEY("MAIL_USERNAME", mail_username, MAILER),
	.preset = "", .rule = config_rule_mail_login,
	.help = "account at MAIL_SERVER; empty: none is needed"},
    {KEY("MAIL_PASSWORD", mail_password, MAILER), .preset = "",
	.help = "its password"},
    {KEY("MAIL_SENDER", mail_sender, MAILER),
	.form = config_form_mail_address,
	.help = "address that mail comes from, such as noreply@example.org"},
    {KEY("MAIL_LOCALE", mail_locale, MAILER),
	.preset = "en", .form = config_form_locale,
	.help = "language of the mail templates"},
    {KEY("MAIL_TIMEOUT_S", mail_timeout_s, MAILER),
	.preset = "30", .min = 1, .max = 600,
	.help = "seconds to wait for MAIL_SERVER's answer to a command"},
    {KEY("TEMPLATE_DIR", template_dir, MAILER),
	.preset = T2O_TEMPLATE_OVERRIDE_DIR, .form = config_form_path,
	.help = "where your own mail templates are, used before the "
	    "installed ones; empty: there are none"},
};
/* clang-format on */

size_t config_n_keys(void)
{
	return ARRAY_LEN(config_rows);
}

void config_key_at(size_t i, struct config_key *ret)
{
	const struct config_row *row = &config_rows[i];

	ensure(i < ARRAY_LEN(config_rows));
	ret->name = row->name;
	ret->programs = row->programs;
	ret->preset = row->preset;
	ret->secret = row->type == CONFIG_SECRET;
	ret->help = row->help;
}

void config_show(const struct config *config, size_t i, struct buf *out)
{
	ensure(i < ARRAY_LEN(config_rows));
	config_value_show(&config_rows[i], config, out);
}
