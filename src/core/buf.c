#include "core/base.h"

#include "core/buf.h"

#define FIRST_SIZE 64

void buf_init(struct buf *b, size_t max)
{
	ensure(max < SIZE_MAX);
	*b = (struct buf){.max = max};
}

void buf_done(struct buf *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->size);
	free(b->p);
	buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->size);
	b->len = 0;
	b->full = false;
}

/* Not realloc, which would leave a copy behind unwiped. */
static void move(struct buf *b, size_t size)
{
	char *p = malloc(size);

	ensure(p != NULL);
	if (b->p != NULL) {
		memcpy(p, b->p, b->len);
		explicit_bzero(b->p, b->size);
		free(b->p);
	}
	b->p = p;
	b->size = size;
}

/* Takes `n` bytes at the end, and writes the NUL; NULL when they do not fit. */
static char *extend(struct buf *b, size_t n)
{
	char *at;

	if (b->full || n > b->max - b->len) {
		b->full = true;
		return NULL;
	}
	if (b->len + n >= b->size) {
		size_t twice = MIN_OF(b->size, b->max / 2) * 2;
		size_t size = MAX_OF(b->len + n + 1, twice);

		move(b, MIN_OF(MAX_OF(size, FIRST_SIZE), b->max + 1));
	}
	at = b->p + b->len;
	b->len += n;
	b->p[b->len] = '\0';
	return at;
}

void buf_put(struct buf *b, struct str s)
{
	char *at = extend(b, s.len);

	if (at != NULL && s.len > 0)
		memcpy(at, s.p, s.len);
}

void buf_puts(struct buf *b, const char *z)
{
	buf_put(b, str_of(z));
}

void buf_putc(struct buf *b, char c)
{
	buf_put(b, (struct str){&c, 1});
}

void buf_put_u64(struct buf *b, uint64_t n)
{
	char digits[STR_U64_LEN];

	buf_put(b, str_u64(n, digits));
}

void buf_put_i64(struct buf *b, int64_t n)
{
	buf_putf(b, "%" PRId64, n);
}

void buf_putf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	char *at;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	ensure(len >= 0);

	at = extend(b, (size_t)len);
	if (at == NULL)
		return;
	va_start(args, fmt);
	ensure(vsnprintf(at, (size_t)len + 1, fmt, args) == len);
	va_end(args);
}

/* RFC 3986 section 2.3. */
static bool is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

void buf_put_uri(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (is_unreserved(s.p[i]))
			buf_putc(b, s.p[i]);
		else
			buf_putf(b, "%%%02X", (unsigned char)s.p[i]);
	}
}

enum err buf_err(const struct buf *b)
{
	return b->full ? ERR_LIMIT : OK;
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->p, b->len};
}
