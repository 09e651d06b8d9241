/*
 * A mail as it goes over the wire: RFC 5322 headers, RFC 2045 and 2046 MIME
 * with a plain and an HTML version, RFC 2047 where a header is not ASCII.
 */
#ifndef T2O_MAIL_MESSAGE_H
#define T2O_MAIL_MESSAGE_H

#include "mail/template.h"

/* The largest template, quoted-printable, twice. */
#define MAIL_MESSAGE_LEN_MAX (1024 * 1024)

struct mail_message {
	struct str from_name; /* UTF-8; empty: the address alone */
	struct str from;      /* addr-spec */
	struct str to;	      /* addr-spec; the one recipient */
	int64_t date_us;
	const struct mail_text *text;
};

/*
 * Appends the message: ASCII, lines end in CRLF and have at most 76 bytes,
 * but for one that is a long address.  Nothing in it can be mistaken for
 * another header: ERR_INVALID when an address is not one (core/addr.h), or
 * name, subject or bodies are not UTF-8, or name or subject hold a control
 * character.  ERR_LIMIT when *out is too small.
 *
 * Message-ID is random, so each call makes another: a mail that is sent
 * again holds another token, and a receiver that drops the second of two with
 * one id would leave its reader with the dead link.
 */
enum err mail_message_build(const struct mail_message *message,
    struct buf *out) must_check;

#endif
