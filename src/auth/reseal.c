#include "core/base.h"

#include "auth/reseal.h"

#include "auth/seal.h"
#include "auth/totp.h"
#include "store/totp.h"

#define PAGE 100
#define PAGE_ARENA_MAX (256 * 1024)

static enum err seal_anew(struct db *db, const struct config *keys,
    const struct store_totp *totp, const struct auth_totp_secret *secret)
{
	struct buf text;
	enum err err;

	buf_init(&text, AUTH_SEAL_LEN_MAX);
	err = auth_totp_seal(keys, totp->user_id, secret, &text);
	if (err == OK)
		err = store_totp_reseal(db, totp->user_id, totp->sealed,
		    (struct secret_str){text.p, text.len});
	buf_done(&text);
	return err;
}

static enum err reseal(struct db *db, const struct config *keys,
    const struct store_totp *totp, struct auth_reseal_result *result)
{
	struct auth_totp_secret secret;
	enum err err;

	if (!auth_seal_outdated(keys, totp->sealed))
		return OK;
	err = auth_totp_open(keys, totp->user_id, totp->sealed, &secret);
	if (err != OK) {
		result->n_failed++;
		return OK;
	}
	err = seal_anew(db, keys, totp, &secret);
	crypto_wipe(&secret, sizeof(secret));
	if (err == OK)
		result->n_sealed++;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err reseal_pages(struct db *db, const struct config *keys,
    struct arena *arena, struct auth_reseal_result *result)
{
	struct store_totp *list;
	uint64_t after_id = 0;
	size_t n = PAGE;
	enum err err = OK;

	while (err == OK && n == PAGE) {
		arena_reset(arena);
		err = store_totp_list(db, arena, after_id, PAGE, &list, &n);
		for (size_t i = 0; err == OK && i < n; i++) {
			err = reseal(db, keys, &list[i], result);
			after_id = list[i].user_id;
		}
	}
	return err;
}

static enum err audit(const struct auth_context *context,
    const struct auth_reseal_result *result)
{
	struct buf detail;
	enum err err;

	buf_init(&detail, 100);
	buf_put_u64(&detail, result->n_sealed);
	buf_puts(&detail, " sealed anew, ");
	buf_put_u64(&detail, result->n_failed);
	buf_puts(&detail, " failed");
	err = store_audit_add(context->app->db, &context->origin,
	    AUDIT_KEY_ROTATED, 0, buf_str(&detail), context->now_us);
	buf_done(&detail);
	return err;
}

enum err auth_reseal_all(const struct auth_context *context,
    const struct config *keys, struct auth_reseal_result *ret)
{
	struct arena *arena = arena_new(PAGE_ARENA_MAX);
	enum err err;

	*ret = (struct auth_reseal_result){0, 0};
	err = reseal_pages(context->app->db, keys, arena, ret);
	arena_free(&arena);
	return err == OK ? audit(context, ret) : err;
}
