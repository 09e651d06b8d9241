/*
 * JSON: strict reading into structs by table (the only user of cJSON), and
 * writing by a few verbs that escape and place commas.
 */
#ifndef T2O_CORE_JSON_H
#define T2O_CORE_JSON_H

#include "core/buf.h"
#include "core/field.h"

#define JSON_DEPTH_MAX 16

/*
 * Reads one object into *bound by the table.  Empty text counts as {}, null
 * as "".  An id may be written as any number that is whole (1, 1.0, 1e2).
 *
 * ERR_INVALID when it is not one strict RFC 8259 object: trailing bytes,
 * duplicate or escaped-duplicate keys (also inside nested values), NUL raw or
 * as \u0000, invalid UTF-8, lone surrogates, raw control characters, depth
 * over JSON_DEPTH_MAX, numbers out of form or over 63 characters.  *bound then
 * has no meaning.  Broken rules are collected in ret_errors, and the return
 * value is still OK; the caller looks at n.
 *
 * Texts are copied into the arena, ERR_LIMIT when it is full.  No other copy
 * of them stays in memory.
 */
enum err json_read(struct arena *arena, struct str text,
    const struct field_table *table, void *bound,
    struct field_errors *ret_errors) must_check;

/*
 * Writing.  Keys are ours; values may be anything: invalid UTF-8 becomes
 * U+FFFD.  A key of NULL is for array elements and the outermost value.
 * Errors stay in the buf.
 */
struct json_out {
	struct buf *buf;
	bool comma; /* the next value needs one */
	int depth;
};

void json_out_init(struct json_out *out, struct buf *buf);
void json_object(struct json_out *out, const char *key);
void json_object_end(struct json_out *out);
void json_array(struct json_out *out, const char *key);
void json_array_end(struct json_out *out);
void json_str(struct json_out *out, const char *key, struct str value);
void json_z(struct json_out *out, const char *key, const char *value);
void json_u64(struct json_out *out, const char *key, uint64_t value);
void json_bool(struct json_out *out, const char *key, bool value);
void json_null(struct json_out *out, const char *key);
/* An array of the lines of `text`; empty for none. */
void json_lines(struct json_out *out, const char *key, struct str text);
/* RFC 3339; 0 is null. */
void json_time(struct json_out *out, const char *key, int64_t time_us);

#endif
