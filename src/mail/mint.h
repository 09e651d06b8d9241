/*
 * What a mail carries that opens a door, made at the moment of sending: so its
 * life begins then, and in clear it is in the mail alone.
 */
#ifndef T2O_MAIL_MINT_H
#define T2O_MAIL_MINT_H

#include "core/app.h"
#include "mail/compose.h"
#include "store/outbox.h"

/* Digits; a login takes five tries (NIST SP 800-63B section 5.1.3.2). */
#define MAIL_CODE_LEN 6

struct mail_minted {
	struct secret token;
	char code[MAIL_CODE_LEN];
};

/*
 * Makes what letter->template needs, stores its hash, and sets the letter's
 * token or code, which point into *out; the caller wipes that, also after an
 * error.  It is in the database before the mail leaves the house; mail that is
 * sent again has another one, and the older is dead then.  ERR_NOT_FOUND: the
 * user is gone, or the login that the code was for is over.
 */
enum err mail_mint(const struct app *app, const struct store_mail *mail,
    struct mail_letter *letter, struct mail_minted *out) must_check;

#endif
