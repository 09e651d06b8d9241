/*
 * What mails say: for each template and locale three files,
 * NAME.LOCALE.subject, .txt and .html, each looked for in the override
 * directory first, then in the installed one.  A locale without a .subject
 * falls back to "en".
 *
 * A text holds {{name}} for values; nothing else is special.  In .html values
 * are HTML-escaped (and links must be http or https); in .subject control
 * characters become spaces.  An unknown name is an error: a broken template is
 * found at the mailer's start-up (mail/compose.h), not by a user.
 */
#ifndef T2O_MAIL_TEMPLATE_H
#define T2O_MAIL_TEMPLATE_H

#include "core/buf.h"
#include "core/config.h"
#include "store/outbox.h"

/* A link is a value whose name ends in "link" or "url". */
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

/* Wipes: a text may hold a token. */
void mail_text_done(struct mail_text *text);

/*
 * Fills *text (initialised by the caller) in config's MAIL_LOCALE.
 * ERR_NOT_FOUND: a file is missing; ERR_INVALID: one has an unknown name, is
 * not UTF-8, cannot be read or is over 64 KiB, or a subject has two lines;
 * each logged with the file and, where there is one, the line.
 */
enum err mail_template_render(const struct config *config,
    enum mail_template template, const struct mail_value *values,
    size_t n_values, struct mail_text *text) must_check;

#endif
