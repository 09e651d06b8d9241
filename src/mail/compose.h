/* From a row of the outbox to a message: who, which words, which link. */
#ifndef T2O_MAIL_COMPOSE_H
#define T2O_MAIL_COMPOSE_H

#include "mail/message.h"
#include "store/token.h"
#include "store/user.h"

struct mail_letter {
	enum mail_template template;
	struct str recipient;
	const struct store_user *user; /* names; email is not looked at */
	const struct secret *token;    /* for the link; NULL: needs none */
	struct secret_str code;	       /* to type; p NULL: needs none */
	struct str detail;	       /* what the outbox row adds */
	int64_t happened_us;	       /* when it was queued */
	int64_t date_us;
};

/* What the template's link redeems; 0: it has none, and no token. */
enum token_purpose mail_compose_purpose(enum mail_template template);

/* Whether it tells a code for one login (store/challenge.h). */
bool mail_compose_has_code(enum mail_template template);

/*
 * Whether the template may go to `recipient` when its user has the address
 * `email`.  A link that confirms an address or resets a password goes to the
 * user's own and to no other: were it mailed to one that they have since given
 * up, whoever reads that one could use it.  Those about a change of address go
 * elsewhere by their nature, and are worth something there alone
 * (auth/email.h).
 */
bool mail_compose_is_for(enum mail_template template, struct str recipient,
    struct str email);

/*
 * Writes the message (mail/message.h).  Errors as mail_template_render and
 * mail_message_build have them.
 */
enum err mail_compose(const struct config *config,
    const struct mail_letter *letter, struct buf *out) must_check;

/*
 * Writes every mail there is to nobody, so that a broken template is found
 * when the mailer starts.  Logs each, with its file.
 */
enum err mail_compose_check(const struct config *config) must_check;

#endif
