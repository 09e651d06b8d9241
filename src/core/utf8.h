/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, ≤ U+10FFFF. */
#ifndef T2O_CORE_UTF8_H
#define T2O_CORE_UTF8_H

#include "core/str.h"

/*
 * Takes one code point off the front of *s.  ERR_INVALID, and *s untouched,
 * on a malformed sequence; ERR_NOT_FOUND at the end.
 */
enum err utf8_next(struct str *s, uint32_t *ret_code_point) must_check;

bool utf8_valid(struct str s);

/* Code points in valid UTF-8; SIZE_MAX when it is not valid. */
size_t utf8_len(struct str s);

/*
 * True for C0, DEL and C1 controls, line and paragraph separators,
 * non-characters, and the bidirectional and invisible formatting characters
 * that make a name look like another (Unicode TR 36).
 */
bool utf8_is_control(uint32_t code_point);

/* The longest prefix of valid UTF-8 with at most `max` bytes. */
struct str utf8_cut(struct str s, size_t max);

/*
 * Copies foreign text so that it can be kept and shown: what is malformed or
 * utf8_is_control becomes '?', and the copy ends before the first character
 * that does not fit into `max` bytes.  No NUL is added.  How many were written.
 */
size_t utf8_clean(struct str s, char *out, size_t max);

#endif
