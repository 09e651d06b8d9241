/*
 * logfmt on standard error, one line an event:
 *
 *	time=2026-11-24T06:45:00.123456Z level=error prog=t2o-fcgi pid=12
 *	  req=6f1c… msg="cannot connect" host=db1
 *
 * Each error is logged once, where it is handled.  Values from outside are
 * escaped; secrets have types that do not fit here.
 */
#ifndef T2O_CORE_LOG_H
#define T2O_CORE_LOG_H

#include "core/str.h"

enum log_level { LOG_ERROR = 1, LOG_WARNING, LOG_INFO, LOG_DEBUG };

struct log_field {
	const char *key;
	struct str text;
};

#define LOG_STR(key, s) ((struct log_field){(key), (s)})
#define LOG_Z(key, z) ((struct log_field){(key), str_of(z)})
#define LOG_U64(key, n)                                                        \
	((struct log_field){(key), str_u64((n), (char[STR_U64_LEN]){0})})

/* `program` must outlive every later call. */
void log_init(const char *program, enum log_level level);

/* Goes as req=… into every line until it is changed; empty: no such field. */
void log_set_request(struct str request_id);

/* "error", "warning", "info" or "debug". */
const char *log_level_name(enum log_level level);

/* The level of that name; ERR_INVALID when there is none. */
enum err log_level_parse(struct str name, enum log_level *ret) must_check;

/*
 * `msg` is a sentence of ours without a full stop; the fields are what it is
 * about.  Never fails, keeps errno.  Lines over 4 KiB are cut.
 */
void log_fields(enum log_level level, const char *msg,
    const struct log_field *fields, size_t n_fields);

/* log_at(LOG_ERROR, "cannot connect", LOG_Z("host", host)) */
#define log_at(level, msg, ...)                                                \
	log_fields((level), (msg), (const struct log_field[]){__VA_ARGS__},    \
	    sizeof((const struct log_field[]){__VA_ARGS__}) /                  \
		sizeof(struct log_field))
#define log_plain(level, msg) log_fields((level), (msg), NULL, 0)

#endif
