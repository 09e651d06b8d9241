/*
 * One request's memory: taken piece by piece, given back all at once, wiped.
 *
 * The cap is what one request may ever use; beyond it the caller gets
 * ERR_LIMIT (or NULL), which ends in 413 or 500, never in a bigger process.
 */
#ifndef T2O_CORE_ARENA_H
#define T2O_CORE_ARENA_H

#include "core/str.h"

struct arena;

/*
 * `max` bytes at most, alignment included.  The one allocation it ever makes;
 * pages cost memory once they are used.
 */
struct arena *arena_new(size_t max);

/* Wipes first.  A NULL in *a is fine. */
void arena_free(struct arena **a);

/* Wipes and takes back everything handed out. */
void arena_reset(struct arena *a);

/* Zeroed and aligned for any type; NULL when the cap is reached. */
void *arena_alloc(struct arena *a, size_t size);

/* The same for `n` things of `size` bytes; the product may not overflow. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* A copy with a NUL behind it, so ret->p also serves as a C string. */
enum err arena_dup(struct arena *a, struct str s, struct str *ret) must_check;

/* Bytes handed out since the last reset, and what alignment took. */
size_t arena_used(const struct arena *a);

#endif
