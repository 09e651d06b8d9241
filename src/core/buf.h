/*
 * The only way in which strings are built: a growing buffer with a maximum.
 *
 * What does not fit is not added, and neither is anything after it; the error
 * stays, so a caller adds without looking and asks buf_err once at the end.
 */
#ifndef T2O_CORE_BUF_H
#define T2O_CORE_BUF_H

#include "core/str.h"

struct buf {
	char *p;     /* always NUL-terminated once anything was added */
	size_t len;  /* bytes without the NUL */
	size_t size; /* allocated */
	size_t max;  /* most that len may be */
	bool full;   /* something did not fit */
};

/* No allocation happens before something is added. */
void buf_init(struct buf *b, size_t max);

/* Wipes and frees; the buffer is as after buf_init. */
void buf_done(struct buf *b);

/* Wipes the content and forgets the error, keeps the memory. */
void buf_reset(struct buf *b);

void buf_put(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *z);
void buf_putc(struct buf *b, char c);
void buf_put_u64(struct buf *b, uint64_t n);
void buf_put_i64(struct buf *b, int64_t n);
void buf_putf(struct buf *b, const char *fmt, ...) printf_like(2, 3);

/* Percent-encodes all but RFC 3986's unreserved characters. */
void buf_put_uri(struct buf *b, struct str s);

/* OK, or ERR_LIMIT when something did not fit. */
enum err buf_err(const struct buf *b) must_check;

/* What has been built, valid until the next change. */
struct str buf_str(const struct buf *b);

#endif
