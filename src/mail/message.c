#include "core/base.h"

#include "core/addr.h"
#include "core/clock.h"
#include "core/utf8.h"
#include "mail/message.h"

#define LINE_LEN_MAX 76
#define ID_BYTES 16

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return true;
}

/* UTF-8 in which no line can end. */
static bool is_header_text(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return utf8_valid(s);
}

/* Bytes since the last line end. */
static size_t column(const struct buf *out)
{
	size_t n = 0;

	while (n < out->len && out->p[out->len - 1 - n] != '\n')
		n++;
	return n;
}

/* RFC 2047 section 5 (3): what may stand bare, also inside a phrase. */
static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '!' || c == '*' || c == '+' ||
	    c == '-' || c == '/';
}

/* One character, to be looked at before it is known where it goes. */
static void encode_char(struct str c, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < c.len; i++) {
		if (c.p[i] == ' ')
			buf_putc(out, '_');
		else if (is_word_char(c.p[i]))
			buf_putc(out, c.p[i]);
		else
			buf_putf(out, "=%02X", (unsigned char)c.p[i]);
	}
}

/*
 * Encoded words of whole characters and at most 75 bytes, one a line
 * (RFC 2047 section 2).  The text is valid UTF-8.
 */
static void put_encoded(struct buf *out, struct str text)
{
	struct str rest = text;
	struct buf piece;
	uint32_t code_point;

	buf_init(&piece, 3 * 4);
	buf_puts(out, "=?UTF-8?Q?");
	while (utf8_next(&rest, &code_point) == OK) {
		size_t len = text.len - rest.len;

		encode_char((struct str){text.p, len}, &piece);
		if (column(out) + piece.len + strlen("?=") > LINE_LEN_MAX)
			buf_puts(out, "?=\r\n =?UTF-8?Q?");
		buf_put(out, buf_str(&piece));
		text = rest;
	}
	buf_puts(out, "?=");
	buf_done(&piece);
}

/* RFC 5322 section 2.2.1; folding is left to encoded words. */
static void put_subject(struct buf *out, struct str text)
{
	buf_puts(out, "Subject: ");
	if (is_printable(text) && !str_contains(text, STR("=?")) &&
	    column(out) + text.len <= LINE_LEN_MAX)
		buf_put(out, text);
	else
		put_encoded(out, text);
	buf_puts(out, "\r\n");
}

static void put_quoted(struct buf *out, struct str text)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, text.p[i]);
	}
	buf_putc(out, '"');
}

static void put_from(struct buf *out, struct str name, struct str addr)
{
	buf_puts(out, "From: ");
	if (name.len == 0) {
		buf_put(out, addr);
	} else {
		/* Half a line: every byte may need a backslash. */
		if (is_printable(name) && name.len <= LINE_LEN_MAX / 2 - 4)
			put_quoted(out, name);
		else
			put_encoded(out, name);
		if (column(out) + addr.len + strlen(" <>") > LINE_LEN_MAX)
			buf_puts(out, "\r\n");
		buf_putf(out, " <%.*s>", STR_ARG(addr));
	}
	buf_puts(out, "\r\n");
}

/* RFC 2045 section 6.7.  LF ends a line; a space at its end is encoded. */
static void put_quoted_printable(struct buf *out, struct str text)
{
	size_t used = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool at_end = i + 1 == text.len || text.p[i + 1] == '\n';
		bool plain = (c > ' ' && c <= '~' && c != '=') ||
		    ((c == ' ' || c == '\t') && !at_end);
		size_t width = plain ? 1 : 3;

		if (c == '\n') {
			buf_puts(out, "\r\n");
			used = 0;
			continue;
		}
		if (used + width + strlen("=") > LINE_LEN_MAX) {
			buf_puts(out, "=\r\n");
			used = 0;
		}
		if (plain)
			buf_putc(out, (char)c);
		else
			buf_putf(out, "=%02X", c);
		used += width;
	}
	if (used > 0)
		buf_puts(out, "\r\n");
}

static void put_part(struct buf *out, const char *boundary, const char *type,
    struct str text)
{
	buf_putf(out, "--%s\r\n", boundary);
	buf_putf(out, "Content-Type: text/%s; charset=utf-8\r\n", type);
	buf_puts(out, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	put_quoted_printable(out, text);
	buf_puts(out, "\r\n");
}

static void random_hex(char out[HEX_LEN(ID_BYTES)])
{
	unsigned char bytes[ID_BYTES];

	crypto_random(bytes, sizeof(bytes));
	hex_encode(bytes, sizeof(bytes), out);
}

static void put_headers(struct buf *out, const struct mail_message *message)
{
	char date[CLOCK_RFC5322_LEN];
	char id[HEX_LEN(ID_BYTES)];
	struct str local, domain;

	clock_rfc5322(message->date_us, date);
	random_hex(id);
	ensure(str_split(message->from, '@', &local, &domain));

	buf_putf(out, "Date: %s\r\n", date);
	put_from(out, message->from_name, message->from);
	buf_putf(out, "To: %.*s\r\n", STR_ARG(message->to));
	put_subject(out, buf_str(&message->text->subject));
	buf_putf(out, "Message-ID: <%s@%.*s>\r\n", id, STR_ARG(domain));
	/* RFC 3834: nobody's holiday notice shall answer this. */
	buf_puts(out, "Auto-Submitted: auto-generated\r\n");
	buf_puts(out, "MIME-Version: 1.0\r\n");
}

static bool is_sound(const struct mail_message *message)
{
	const struct mail_text *text = message->text;

	return addr_valid(message->from) && addr_valid(message->to) &&
	    is_header_text(message->from_name) && text->subject.len > 0 &&
	    is_header_text(buf_str(&text->subject)) &&
	    utf8_valid(buf_str(&text->plain)) &&
	    utf8_valid(buf_str(&text->html));
}

enum err mail_message_build(const struct mail_message *message, struct buf *out)
{
	char id[HEX_LEN(ID_BYTES)];
	char boundary[sizeof("=_") - 1 + sizeof(id)] = "=_";

	if (!is_sound(message))
		return ERR_INVALID;
	/* "=_" is not quoted-printable, so no line of a part can be this. */
	random_hex(id);
	memcpy(boundary + strlen(boundary), id, sizeof(id));

	put_headers(out, message);
	buf_puts(out, "Content-Type: multipart/alternative;\r\n");
	buf_putf(out, " boundary=\"%s\"\r\n\r\n", boundary);
	put_part(out, boundary, "plain", buf_str(&message->text->plain));
	put_part(out, boundary, "html", buf_str(&message->text->html));
	buf_putf(out, "--%s--\r\n", boundary);
	return buf_err(out);
}
