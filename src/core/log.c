#include "core/base.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/utf8.h"

#define LINE_MAX_LEN 4096
#define REQUEST_MAX_LEN 64

/*
 * On the stack and never growing, so that a line can be written even when
 * there is no memory left.
 */
struct line {
	char p[LINE_MAX_LEN];
	size_t len;
	bool quoting;
	bool cut;
};

/* Room is kept for what ends a line that was cut inside quotes. */
#define CUT_MARK "\" cut=true"
#define ROOM_LEN (LINE_MAX_LEN - sizeof(CUT_MARK "\n"))

static struct {
	const char *program;
	enum log_level level;
	char request[REQUEST_MAX_LEN];
	size_t request_len;
} settings = {.program = "t2o", .level = LOG_INFO};

static const char *const level_names[] = {
    [LOG_ERROR] = "error",
    [LOG_WARNING] = "warning",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

void log_init(const char *program, enum log_level level)
{
	settings.program = program;
	settings.level = level;
	settings.request_len = 0;
}

void log_set_request(struct str request_id)
{
	settings.request_len = MIN_OF(request_id.len, REQUEST_MAX_LEN);
	if (settings.request_len > 0)
		memcpy(settings.request, request_id.p, settings.request_len);
}

const char *log_level_name(enum log_level level)
{
	return level_names[level];
}

enum err log_level_parse(struct str name, enum log_level *ret)
{
	for (size_t i = LOG_ERROR; i < ARRAY_LEN(level_names); i++) {
		if (str_eq(name, str_of(level_names[i]))) {
			*ret = (enum log_level)i;
			return OK;
		}
	}
	return ERR_INVALID;
}

/* All of `s` or, when there is no room for it, nothing from here on. */
static void put(struct line *line, struct str s)
{
	if (line->cut || s.len > ROOM_LEN - line->len) {
		line->cut = true;
		return;
	}
	if (s.len > 0)
		memcpy(line->p + line->len, s.p, s.len);
	line->len += s.len;
}

static void printf_like(2, 3) putf(struct line *line, const char *fmt, ...)
{
	char text[64];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len > 0)
		put(line,
		    (struct str){text, MIN_OF((size_t)len, sizeof(text) - 1)});
}

/* One character as it is, or what stands for it. */
static void put_escaped(struct line *line, struct str *s)
{
	struct str piece = *s;
	uint32_t c;
	bool valid = utf8_next(s, &c) == OK;

	piece.len = valid ? piece.len - s->len : 1;
	if (!valid) {
		s->p++;
		s->len--;
	}
	if (valid && (c == '"' || c == '\\'))
		putf(line, "\\%c", (int)c);
	else if (valid && c == '\n')
		put(line, STR("\\n"));
	else if (valid && !utf8_is_control(c))
		put(line, piece);
	else
		for (size_t i = 0; i < piece.len; i++)
			putf(line, "\\x%02x", (unsigned char)piece.p[i]);
}

static void put_quoted(struct line *line, struct str s)
{
	put(line, STR("\""));
	if (line->cut)
		return;
	line->quoting = true;
	while (s.len > 0 && !line->cut)
		put_escaped(line, &s);
	put(line, STR("\""));
	line->quoting = line->cut;
}

/* Needs no quotes: printable ASCII but space, quote, backslash and '='. */
static bool is_bare(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '"' ||
		    s.p[i] == '\\' || s.p[i] == '=')
			return false;
	return s.len > 0;
}

static void put_field(struct line *line, const char *key, struct str value)
{
	put(line, STR(" "));
	put(line, str_of(key));
	put(line, STR("="));
	if (is_bare(value))
		put(line, value);
	else
		put_quoted(line, value);
}

/* Microseconds instead of clock_rfc3339's whole seconds. */
static void put_now(struct line *line)
{
	int64_t now_us = clock_now_us(&(struct clock){0});
	char text[CLOCK_RFC3339_LEN];

	clock_rfc3339(now_us, text);
	putf(line, "time=%.19s.%06dZ", text, (int)(now_us % SECOND_US));
}

/* With a reader that is gone, the rest is lost; that must not stop us. */
static void write_line(struct line *line)
{
	static const struct str mark = STR(CUT_MARK);

	if (line->cut) {
		size_t skip = line->quoting ? 0 : 1;

		memcpy(line->p + line->len, mark.p + skip, mark.len - skip);
		line->len += mark.len - skip;
	}
	line->p[line->len++] = '\n';
	for (size_t done = 0; done < line->len;) {
		ssize_t n = write(STDERR_FILENO, line->p + done,
		    line->len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			break;
	}
}

void log_fields(enum log_level level, const char *msg,
    const struct log_field *fields, size_t n_fields)
{
	int saved_errno = errno;
	struct line line = {.len = 0};

	if (level > settings.level)
		return;
	put_now(&line);
	put_field(&line, "level", str_of(log_level_name(level)));
	put_field(&line, "prog", str_of(settings.program));
	putf(&line, " pid=%jd", (intmax_t)getpid());
	if (settings.request_len > 0)
		put_field(&line, "req",
		    (struct str){settings.request, settings.request_len});
	put_field(&line, "msg", str_of(msg));
	for (size_t i = 0; i < n_fields; i++)
		put_field(&line, fields[i].key, fields[i].text);
	write_line(&line);
	errno = saved_errno;
}

/* Declared in base.h; here because it must be written without a heap. */
void ensure_failed(const char *expr, const char *file, int line)
{
	log_at(LOG_ERROR, "assertion failed", LOG_Z("expr", expr),
	    LOG_Z("file", file), LOG_U64("line", (uint64_t)line));
	abort();
}
