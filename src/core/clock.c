#include "core/base.h"

#include "core/clock.h"

static int64_t read_us(clockid_t id)
{
	struct timespec ts;

	/* Fails only for a clock that does not exist. */
	ensure(clock_gettime(id, &ts) == 0);
	return (int64_t)ts.tv_sec * SECOND_US + ts.tv_nsec / 1000;
}

int64_t clock_now_us(const struct clock *clock)
{
	return read_us(CLOCK_REALTIME) + clock->offset_us;
}

int64_t clock_monotonic_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

/* Both formats have four digits for the year. */
#define YEAR_0000_S INT64_C(-62167219200)
#define YEAR_9999_END_S INT64_C(253402300799)

static void break_down(int64_t time_us, struct tm *ret)
{
	int64_t s = time_us / SECOND_US - (time_us % SECOND_US < 0);
	time_t t;

	s = MAX_OF(s, YEAR_0000_S);
	t = (time_t)MIN_OF(s, YEAR_9999_END_S);
	ensure(gmtime_r(&t, ret) != NULL);
}

/* `width` digits of n with leading zeros; returns the place behind them. */
static char *put_digits(char *p, int n, int width)
{
	for (int i = width - 1; i >= 0; i--) {
		p[i] = (char)('0' + n % 10);
		n /= 10;
	}
	return p + width;
}

static char *put_time(char *p, const struct tm *tm)
{
	p = put_digits(p, tm->tm_hour, 2);
	*p++ = ':';
	p = put_digits(p, tm->tm_min, 2);
	*p++ = ':';
	return put_digits(p, tm->tm_sec, 2);
}

void clock_rfc3339(int64_t time_us, char out[CLOCK_RFC3339_LEN])
{
	struct tm tm;
	char *p = out;

	break_down(time_us, &tm);
	p = put_digits(p, tm.tm_year + 1900, 4);
	*p++ = '-';
	p = put_digits(p, tm.tm_mon + 1, 2);
	*p++ = '-';
	p = put_digits(p, tm.tm_mday, 2);
	*p++ = 'T';
	p = put_time(p, &tm);
	memcpy(p, "Z", sizeof("Z"));
}

/* strftime's names would follow the locale. */
static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static char *put(char *p, const char *from, size_t len)
{
	memcpy(p, from, len);
	return p + len;
}

void clock_rfc5322(int64_t time_us, char out[CLOCK_RFC5322_LEN])
{
	struct tm tm;
	char *p = out;

	break_down(time_us, &tm);
	p = put(p, days + 3 * tm.tm_wday, 3);
	p = put(p, ", ", 2);
	p = put_digits(p, tm.tm_mday, 2);
	*p++ = ' ';
	p = put(p, months + 3 * tm.tm_mon, 3);
	*p++ = ' ';
	p = put_digits(p, tm.tm_year + 1900, 4);
	*p++ = ' ';
	p = put_time(p, &tm);
	put(p, " +0000", sizeof(" +0000"));
}

/* As many digits as `form` has 0s, its other characters as they are. */
static bool has_form(struct str text, struct str form)
{
	for (size_t i = 0; i < form.len; i++) {
		char c = text.p[i];

		if (form.p[i] == '0' ? c < '0' || c > '9' : c != form.p[i])
			return false;
	}
	return true;
}

static int number(struct str text, size_t at, size_t len)
{
	int n = 0;

	for (size_t i = at; i < at + len; i++)
		n = 10 * n + (text.p[i] - '0');
	return n;
}

enum err clock_parse(struct str text, int64_t *ret_us)
{
	const struct str day = STR("0000-00-00");
	const struct str moment = STR("0000-00-00T00:00:00Z");
	struct tm tm = {0}, back;
	time_t t;

	if (text.len != day.len && text.len != moment.len)
		return ERR_INVALID;
	if (!has_form(text, text.len == day.len ? day : moment))
		return ERR_INVALID;
	tm.tm_year = number(text, 0, 4) - 1900;
	tm.tm_mon = number(text, 5, 2) - 1;
	tm.tm_mday = number(text, 8, 2);
	if (text.len == moment.len) {
		tm.tm_hour = number(text, 11, 2);
		tm.tm_min = number(text, 14, 2);
		tm.tm_sec = number(text, 17, 2);
	}
	/* timegm makes a 3rd of March of a 31st of February. */
	back = tm;
	t = timegm(&back);
	if (back.tm_mon != tm.tm_mon || back.tm_mday != tm.tm_mday ||
	    back.tm_hour != tm.tm_hour || back.tm_min != tm.tm_min ||
	    back.tm_sec != tm.tm_sec)
		return ERR_INVALID;
	*ret_us = (int64_t)t * SECOND_US;
	return OK;
}
