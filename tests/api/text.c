#include "core/base.h"

#include <sys/random.h>

#include "core/buf.h"
#include "text.h"

struct piece {
	struct piece *next;
	max_align_t bytes[];
};
static struct piece *pieces;

void *text_alloc(size_t size)
{
	struct piece *piece = calloc(1, sizeof(*piece) + size);

	ensure(piece != NULL);
	piece->next = pieces;
	pieces = piece;
	return piece->bytes;
}

void text_free_all(void)
{
	while (pieces != NULL) {
		struct piece *next = pieces->next;

		free(pieces);
		pieces = next;
	}
}

char *text_dup(struct str s)
{
	char *copy = text_alloc(s.len + 1);

	if (s.len > 0)
		memcpy(copy, s.p, s.len);
	return copy;
}

static char *vtext(const char *fmt, va_list args)
    __attribute__((format(printf, 1, 0)));

static char *vtext(const char *fmt, va_list args)
{
	va_list again;
	char *out;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	ensure(len >= 0);
	out = text_alloc((size_t)len + 1);
	vsnprintf(out, (size_t)len + 1, fmt, args);
	return out;
}

char *text(const char *fmt, ...)
{
	va_list args;
	char *out;

	va_start(args, fmt);
	out = vtext(fmt, args);
	va_end(args);
	return out;
}

char *text_swap_quotes(const char *s)
{
	char *out = text_dup(str_of(s));

	for (char *p = out; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	return out;
}

char *J(const char *fmt, ...)
{
	char *swapped = text_swap_quotes(fmt);
	va_list args;
	char *out;

	va_start(args, fmt);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	out = vtext(swapped, args);
#pragma GCC diagnostic pop
	va_end(args);
	return out;
}

char *text_repeat(const char *unit, size_t n)
{
	size_t len = strlen(unit);
	char *out = text_alloc(n * len + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(out + i * len, unit, len);
	return out;
}

char *text_print(const cJSON *value)
{
	char *printed = cJSON_PrintUnformatted(value);
	char *out = text_dup(str_of(printed));

	cJSON_free(printed);
	return out;
}

char *text_json(const char *value)
{
	cJSON *json = cJSON_CreateString(value);
	char *out = text_print(json);

	cJSON_Delete(json);
	return out;
}

char *text_uri(const char *value)
{
	struct buf b;
	char *out;

	buf_init(&b, 3 * strlen(value) + 1);
	buf_put_uri(&b, str_of(value));
	out = text_dup(buf_str(&b));
	buf_done(&b);
	return out;
}

char *text_random_hex(size_t len)
{
	unsigned char bytes[32];
	char *out = text_alloc(HEX_LEN(sizeof(bytes)));

	ensure(len <= sizeof(bytes));
	ensure(getrandom(bytes, len, 0) == (ssize_t)len);
	hex_encode(bytes, len, out);
	return out;
}

char *text_swap_case(const char *s)
{
	char *out = text_dup(str_of(s));

	for (char *p = out; *p != '\0'; p++)
		if (isalpha((unsigned char)*p))
			*p = (char)(*p ^ 0x20);
	return out;
}
