/* What the files of mail/smtp share. */
#ifndef T2O_MAIL_SMTP_PRIVATE_H
#define T2O_MAIL_SMTP_PRIVATE_H

#include <openssl/ssl.h>

#include "core/buf.h"
#include "mail/smtp.h"

struct mail_smtp {
	const struct config *config;
	SSL_CTX *tls;	     /* NULL: TLS is not asked for */
	char *host;	     /* MAIL_SERVER, for tls */
	const char *tls_why; /* in a child: what is wrong with a certificate */
};

/* smtp_tls.c: makes smtp->tls. */
enum err mail_smtp_tls_init(struct mail_smtp *smtp) must_check;

/*
 * smtp_attempt.c: the child's whole life.  *result is shared with the parent
 * and right at any moment, since that may be the last.
 */
void mail_smtp_attempt(const struct mail_smtp *smtp, pid_t parent,
    struct str recipient, const struct buf *message,
    struct mail_smtp_result *result);

#endif
