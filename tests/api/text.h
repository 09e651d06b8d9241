/* Strings that live until the test ends, so that tests need not free. */
#ifndef T2O_TESTS_API_TEXT_H
#define T2O_TESTS_API_TEXT_H

#include <cjson/cJSON.h>

#include "core/str.h"

/* Zeroed memory, given back by text_free_all. */
void *text_alloc(size_t size);
void text_free_all(void);

char *text(const char *fmt, ...) printf_like(1, 2);
char *text_dup(struct str s);

/* `len` copies of `unit`, one after the other. */
char *text_repeat(const char *unit, size_t n);

/*
 * JSON written with single quotes: J("{'name': '%s'}", name).  Only the
 * quotes of the format are swapped, so values go in as they are.
 */
char *J(const char *fmt, ...) printf_like(1, 2);

/* The swap alone, for tables of bodies. */
char *text_swap_quotes(const char *s);

/* A JSON string literal, quotes included, of any bytes but NUL. */
char *text_json(const char *value);

/* A value as the service would write it: no space, members in order. */
char *text_print(const cJSON *value);

/* As application/x-www-form-urlencoded wants it. */
char *text_uri(const char *value);

/* `len` random bytes as hex digits. */
char *text_random_hex(size_t len);

/* `s` with its ASCII letters in the other case. */
char *text_swap_case(const char *s);

#endif
