/*
 * What every source file stands on.  Included first, always.
 *
 * The system headers come before banned.h poisons names, so that no system
 * header that is included later mentions a poisoned one for the first time.
 */
#ifndef T2O_CORE_BASE_H
#define T2O_CORE_BASE_H

#include <config.h>

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "core/banned.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_OF(a, b) ((a) > (b) ? (a) : (b))
#define MIN_OF(a, b) ((a) < (b) ? (a) : (b))

#define must_check __attribute__((warn_unused_result))
#define printf_like(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * Our own mistakes, never input.  Stays in release builds: a worker that has
 * lost its mind must not answer, and its manager starts another.
 */
#define ensure(expr)                                                           \
	((expr) ? (void)0 : ensure_failed(#expr, __FILE__, __LINE__))

_Noreturn void ensure_failed(const char *expr, const char *file, int line);

#endif
