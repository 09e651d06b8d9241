/*
 * Hands one mail to the SMTP server, and the only user of libesmtp.
 *
 * Each mail goes out from a child process of its own.  libesmtp blocks in
 * connect(), has a time-out for each read but none for the whole, and parses
 * what an unknown server says: in a child, the kernel bounds the time, and a
 * crash or a hang is one failed attempt.  The child knows nothing of the
 * queue; it leaves its last word in memory that both share.
 *
 * With MAIL_USE_TLS nothing is said before STARTTLS succeeded with TLS 1.2 and
 * a certificate that is good for the name MAIL_SERVER (smtp_tls.c).
 */
#ifndef T2O_MAIL_SMTP_H
#define T2O_MAIL_SMTP_H

#include "core/buf.h"
#include "core/config.h"

enum mail_smtp_outcome {
	MAIL_SMTP_SENT = 1, /* the server has taken it */
	MAIL_SMTP_LATER,    /* this mail not now */
	MAIL_SMTP_REFUSED,  /* this mail never: the server's 5xx to it */
	MAIL_SMTP_DOWN,	    /* no mail now: network, TLS, login or sender */
};

struct mail_smtp_result {
	enum mail_smtp_outcome outcome;
	char why[200]; /* the server's words or ours, printable ASCII */
};

/* Sets why: cut to fit, and what is not printable ASCII becomes '?'. */
void mail_smtp_say(struct mail_smtp_result *result, struct str words);

struct mail_smtp;

/*
 * ERR_INVALID, with a log line, when MAIL_CA_FILE cannot be used or the
 * password would go out unencrypted.  *config must outlive it.
 */
enum err mail_smtp_new(const struct config *config,
    struct mail_smtp **ret) must_check;
void mail_smtp_free(struct mail_smtp **smtp);

/* No mail_smtp_send takes longer. */
int64_t mail_smtp_deadline_s(const struct mail_smtp *smtp);

/*
 * Sends a whole message (mail/message.h) to one address.  What is sent twice
 * arrives twice: after MAIL_SMTP_LATER the server may have it all the same.
 */
void mail_smtp_send(const struct mail_smtp *smtp, struct str recipient,
    const struct buf *message, struct mail_smtp_result *ret);

#endif
