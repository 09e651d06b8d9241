/*
 * The one place that asks what time it is.  Everything else is handed a
 * clock, so that a test can move it.
 */
#ifndef T2O_CORE_CLOCK_H
#define T2O_CORE_CLOCK_H

#include "core/str.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_S INT64_C(60)
#define HOUR_S INT64_C(3600)
#define DAY_S INT64_C(86400)

struct clock {
	int64_t offset_us; /* added to the system's; 0 but in tests */
};

/* Microseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_us(const struct clock *clock);

/* Microseconds since some fixed moment; never goes back.  For durations. */
int64_t clock_monotonic_us(void);

/* 2026-11-24T06:45:00Z: RFC 3339, UTC, whole seconds, with a NUL. */
#define CLOCK_RFC3339_LEN 21
void clock_rfc3339(int64_t time_us, char out[CLOCK_RFC3339_LEN]);

/*
 * The same form, whole seconds and Z, or a day alone, which is its beginning.
 * ERR_INVALID for another form, and for a moment that no calendar has.
 */
enum err clock_parse(struct str text, int64_t *ret_us) must_check;

/* Tue, 24 Nov 2026 06:45:00 +0000: RFC 5322 section 3.3, with a NUL. */
#define CLOCK_RFC5322_LEN 32
void clock_rfc5322(int64_t time_us, char out[CLOCK_RFC5322_LEN]);

#endif
