#include "core/base.h"

#include "auth/throttle.h"

#include "core/buf.h"
#include "core/crypto.h"
#include "store/throttle.h"

#define KEY_LEN_MAX 1024
#define PENALTY_MAX 16

static const struct {
	const char *name;
	uint64_t hits; /* that fill a window */
	int64_t window_s;
	int64_t block_s; /* first block; doubles. 0: till the window ends */
	int64_t block_max_s;
	int64_t forget_s; /* after the last hit or block */
} limits[THROTTLE_N_KINDS] = {
    [THROTTLE_ACCOUNT] = {"account", 5, 300, 60, 900, 12 * HOUR_S},
    [THROTTLE_DEVICE] = {"device", 5, 300, 60, 900, 12 * HOUR_S},
    [THROTTLE_ADDRESS] = {"address", 30, 300, 60, 900, 12 * HOUR_S},
    [THROTTLE_IDENTITY] = {"identity", 5, 300, 60, 900, 12 * HOUR_S},
    [THROTTLE_CODE] = {"code", 5, 900, 900, 900, 12 * HOUR_S},
    [THROTTLE_MAIL_MINUTE] = {"mail minute", 1, 60, 0, 0, 60},
    [THROTTLE_MAIL_HOUR] = {"mail hour", 5, HOUR_S, 0, 0, HOUR_S},
};

/* SHA-256 over the kind's name, LF and the key in lower case. */
static enum err bucket_of(enum throttle_kind kind, struct str key,
    struct digest *ret)
{
	struct buf text;
	enum err err;

	buf_init(&text, KEY_LEN_MAX);
	buf_puts(&text, limits[kind].name);
	buf_putc(&text, '\n');
	for (size_t i = 0; i < key.len; i++) {
		char c = key.p[i];

		buf_putc(&text, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	err = buf_err(&text);
	if (err == OK)
		crypto_sha256(text.p, text.len, ret);
	buf_done(&text);
	return err;
}

enum err auth_throttle_wait(const struct auth_context *context,
    enum throttle_kind kind, struct str key, int64_t *ret_wait_s)
{
	struct store_throttle state;
	struct digest bucket;
	int64_t left_us;
	enum err err = bucket_of(kind, key, &bucket);

	if (err != OK)
		return err;
	err = store_throttle_get(context->app->db, context->arena, &bucket,
	    context->now_us, &state);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	left_us = err == OK ? state.blocked_us - context->now_us : 0;
	*ret_wait_s = left_us > 0 ? (left_us + SECOND_US - 1) / SECOND_US : 0;
	return OK;
}

static void block(enum throttle_kind kind, int64_t now_us,
    struct store_throttle *state)
{
	int64_t block_s = limits[kind].block_s;

	if (block_s == 0) {
		state->blocked_us = state->window_us +
		    limits[kind].window_s * SECOND_US;
		return;
	}
	for (uint64_t i = 0; i < state->penalty; i++)
		block_s = MIN_OF(block_s * 2, limits[kind].block_max_s);
	state->blocked_us = now_us + block_s * SECOND_US;
	state->penalty = MIN_OF(state->penalty + 1, PENALTY_MAX);
	/* What comes after the block is counted afresh. */
	state->hits = 0;
	state->window_us = state->blocked_us;
}

enum err auth_throttle_hit(const struct auth_context *context,
    enum throttle_kind kind, struct str key, bool *ret_had_room)
{
	int64_t now_us = context->now_us;
	struct db *db = context->app->db;
	struct store_throttle state;
	struct digest bucket;
	enum err err = bucket_of(kind, key, &bucket);

	if (err == OK)
		err = store_throttle_lock(db, context->arena, &bucket, now_us,
		    &state);
	if (err != OK)
		return err;
	if (state.blocked_us > now_us) {
		*ret_had_room = false;
		return OK;
	}
	if (now_us >= state.window_us + limits[kind].window_s * SECOND_US) {
		state.window_us = now_us;
		state.hits = 0;
	}
	state.hits++;
	if (state.hits >= limits[kind].hits)
		block(kind, now_us, &state);
	err = store_throttle_put(db, &bucket, &state,
	    MAX_OF(now_us, state.blocked_us) +
		limits[kind].forget_s * SECOND_US);
	if (err == OK)
		*ret_had_room = true;
	return err;
}

enum err auth_throttle_clear(const struct auth_context *context,
    enum throttle_kind kind, struct str key)
{
	struct digest bucket;
	enum err err = bucket_of(kind, key, &bucket);

	if (err != OK)
		return err;
	return store_throttle_clear(context->app->db, &bucket);
}
