#include "core/base.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/utf8.h"

void json_out_init(struct json_out *out, struct buf *buf)
{
	*out = (struct json_out){.buf = buf};
}

/* The escape of an ASCII character, or NULL where it stands for itself. */
static const char *escape(uint32_t c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	}
	return NULL;
}

/* What a terminal obeys is escaped too: people look at JSON with `cat`. */
static void put_char(struct buf *b, uint32_t code_point, struct str utf8)
{
	const char *escaped = escape(code_point);

	if (escaped != NULL)
		buf_puts(b, escaped);
	else if (code_point <= 0xffff && utf8_is_control(code_point))
		buf_putf(b, "\\u%04" PRIx32, code_point);
	else
		buf_put(b, utf8);
}

static void put_quoted(struct buf *b, struct str s)
{
	uint32_t code_point;

	buf_putc(b, '"');
	while (s.len > 0) {
		const char *start = s.p;

		if (utf8_next(&s, &code_point) == OK) {
			put_char(b, code_point,
			    (struct str){start, (size_t)(s.p - start)});
			continue;
		}
		buf_puts(b, "\xef\xbf\xbd"); /* U+FFFD */
		s.p++;
		s.len--;
	}
	buf_putc(b, '"');
}

/* What stands before a value. */
static void begin(struct json_out *out, const char *key)
{
	if (out->comma)
		buf_putc(out->buf, ',');
	if (key != NULL) {
		put_quoted(out->buf, str_of(key));
		buf_putc(out->buf, ':');
	}
	out->comma = true;
}

static void opening(struct json_out *out, const char *key, char bracket)
{
	begin(out, key);
	buf_putc(out->buf, bracket);
	out->comma = false;
	out->depth++;
}

static void closing(struct json_out *out, char bracket)
{
	ensure(out->depth > 0);
	buf_putc(out->buf, bracket);
	out->comma = true;
	out->depth--;
}

void json_object(struct json_out *out, const char *key)
{
	opening(out, key, '{');
}

void json_object_end(struct json_out *out)
{
	closing(out, '}');
}

void json_array(struct json_out *out, const char *key)
{
	opening(out, key, '[');
}

void json_array_end(struct json_out *out)
{
	closing(out, ']');
}

void json_str(struct json_out *out, const char *key, struct str value)
{
	begin(out, key);
	put_quoted(out->buf, value);
}

void json_z(struct json_out *out, const char *key, const char *value)
{
	json_str(out, key, str_of(value));
}

void json_u64(struct json_out *out, const char *key, uint64_t value)
{
	begin(out, key);
	buf_put_u64(out->buf, value);
}

void json_bool(struct json_out *out, const char *key, bool value)
{
	begin(out, key);
	buf_puts(out->buf, value ? "true" : "false");
}

void json_null(struct json_out *out, const char *key)
{
	begin(out, key);
	buf_puts(out->buf, "null");
}

void json_lines(struct json_out *out, const char *key, struct str text)
{
	struct str line;

	json_array(out, key);
	while (text.len > 0 && str_next(&text, '\n', &line))
		json_str(out, NULL, line);
	json_array_end(out);
}

void json_time(struct json_out *out, const char *key, int64_t time_us)
{
	char text[CLOCK_RFC3339_LEN];

	if (time_us == 0) {
		json_null(out, key);
		return;
	}
	clock_rfc3339(time_us, text);
	json_z(out, key, text);
}
