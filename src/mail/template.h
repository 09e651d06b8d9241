/*
 * What mails say: for each template and locale three files,
 * NAME.LOCALE.subject, .txt and .html, looked for in the override directory
 * first, then in the installed one; a locale that is missing falls back to
 * "en".
 *
 * A text holds {{name}} for values; nothing else is special.  In .html values
 * are HTML-escaped (and links must be http or https); in .subject control
 * characters become spaces.  An unknown name is an error: a broken template is
 * found by `t2octl config check`'s and the mailer's start-up, not by a user.
 */
#ifndef T2O_MAIL_TEMPLATE_H
#define T2O_MAIL_TEMPLATE_H

#include "core/buf.h"
#include "core/config.h"
#include "store/outbox.h"

struct mail_value {
	const char *name;
	struct str text;
};

struct mail_text {
	struct buf subject; /* one line, UTF-8 */
	struct buf plain;   /* UTF-8, LF */
	struct buf html;    /* UTF-8, LF */
};

void mail_text_init(struct mail_text *text);
void mail_text_done(struct mail_text *text);

/*
 * Fills *text (initialised by the caller).  ERR_NOT_FOUND: no such files;
 * ERR_INVALID: a file with an unknown name or over 64 KiB; both logged with
 * the file and line.
 */
enum err mail_template_render(const struct config *config,
    enum mail_template template, const struct mail_value *values,
    size_t n_values, struct mail_text *text) must_check;

#endif
