#include "core/base.h"

#include <stdalign.h>

#include "core/arena.h"

/*
 * Under ASan, what is not handed out is poisoned, so that a stray pointer into
 * an earlier request, or past the last piece, is found.
 */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#endif
#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, len) ((void)(p), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(p, len) ((void)(p), (void)(len))
#endif

/*
 * One block, zeroed by calloc: the kernel provides its pages when they are
 * first touched, so a high cap costs nothing until a request needs it.
 * Whatever lies at or above `used` is zero, always.
 */
struct arena {
	size_t max;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena *arena_new(size_t max)
{
	struct arena *a;

	ensure(max <= SIZE_MAX - sizeof(*a));
	a = calloc(1, sizeof(*a) + max);
	ensure(a != NULL);
	a->max = max;
	ASAN_POISON_MEMORY_REGION(a->bytes, max);
	return a;
}

void arena_free(struct arena **a)
{
	if (*a == NULL)
		return;
	arena_reset(*a);
	ASAN_UNPOISON_MEMORY_REGION((*a)->bytes, (*a)->max);
	free(*a);
	*a = NULL;
}

void arena_reset(struct arena *a)
{
	ASAN_UNPOISON_MEMORY_REGION(a->bytes, a->used);
	explicit_bzero(a->bytes, a->used);
	a->used = 0;
	ASAN_POISON_MEMORY_REGION(a->bytes, a->max);
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	size_t gap = (align - a->used % align) % align;
	void *p;

	if (gap > a->max - a->used || size > a->max - a->used - gap)
		return NULL;
	p = a->bytes + a->used + gap;
	a->used += gap + size;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

enum err arena_dup(struct arena *a, struct str s, struct str *ret)
{
	char *p = s.len == SIZE_MAX ? NULL : arena_alloc(a, s.len + 1);

	if (p == NULL)
		return ERR_LIMIT;
	if (s.len > 0)
		memcpy(p, s.p, s.len);
	*ret = (struct str){p, s.len};
	return OK;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
