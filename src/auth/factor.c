#include "core/base.h"

#include "auth/factor.h"

#include "auth/notice.h"
#include "auth/recovery.h"
#include "auth/throttle.h"
#include "auth/totp.h"
#include "core/phc.h"
#include "db/conn.h"
#include "store/recovery.h"

struct taking {
	const struct auth_context *context;
	uint64_t user_id;
	const struct store_challenge *challenge; /* or NULL */
	bool had_room;
};

static enum err take_in_transaction(struct db *db, void *arg)
{
	struct taking *t = arg;
	char id[STR_U64_LEN];
	enum err err = auth_throttle_hit(t->context, THROTTLE_CODE,
	    str_u64(t->user_id, id), &t->had_room);

	if (err == OK && t->had_room && t->challenge != NULL)
		err = store_challenge_try(db, t->challenge->id);
	return err;
}

static enum err audit_refusal(const struct auth_context *context,
    uint64_t user_id, const char *why)
{
	return store_audit_add(context->app->db, &context->origin,
	    AUDIT_CODE_REFUSED, user_id, str_of(why), context->now_us);
}

static enum err take(const struct auth_context *context, uint64_t user_id,
    const struct store_challenge *challenge, int64_t *ret_wait_s)
{
	struct taking t = {context, user_id, challenge, false};
	char id[STR_U64_LEN];
	enum err err = db_conn_transact(context->app->db, take_in_transaction,
	    &t);

	*ret_wait_s = 0;
	if (err != OK || t.had_room)
		return err;
	err = auth_throttle_wait(context, THROTTLE_CODE, str_u64(user_id, id),
	    ret_wait_s);
	/* The block may have ended this very moment. */
	*ret_wait_s = MAX_OF(*ret_wait_s, 1);
	if (err == OK)
		err = audit_refusal(context, user_id, "too many tries");
	return err;
}

enum err auth_factor_take(const struct auth_context *context, uint64_t user_id,
    int64_t *ret_wait_s)
{
	return take(context, user_id, NULL, ret_wait_s);
}

enum err auth_factor_match(const struct auth_context *context,
    const struct store_totp *totp, struct secret_str code, uint64_t *ret_step)
{
	struct auth_totp_secret secret;
	enum err err = auth_totp_open(context->app->config, totp->user_id,
	    totp->sealed, &secret);

	if (err == OK)
		err = auth_totp_match(&secret, code, context->now_us, ret_step);
	crypto_wipe(&secret, sizeof(secret));
	return err;
}

static enum err look_for_totp(const struct auth_context *context,
    uint64_t user_id, struct secret_str code, struct auth_factor *factor)
{
	struct store_totp totp;
	uint64_t step;
	enum err err = store_totp_get(context->app->db, context->arena, user_id,
	    &totp);

	if (err == ERR_NOT_FOUND)
		return OK;
	if (err == OK)
		err = auth_factor_match(context, &totp, code, &step);
	if (err == OK && step > totp.last_step)
		*factor = (struct auth_factor){.kind = AUTH_FACTOR_TOTP,
		    .sealed = totp.sealed,
		    .step = step};
	return err;
}

static enum err look_for_mailed(const struct store_challenge *challenge,
    struct secret_str code, struct auth_factor *factor)
{
	bool match;
	enum err err;

	if (challenge == NULL || challenge->mailed_hash.p == NULL)
		return OK;
	err = phc_verify(challenge->mailed_hash, code, &match);
	if (err == OK && match)
		factor->kind = AUTH_FACTOR_MAILED;
	return err;
}

enum err auth_factor_try(const struct auth_context *context, uint64_t user_id,
    const struct store_challenge *challenge, struct secret_str code,
    struct auth_factor *ret, int64_t *ret_wait_s)
{
	struct auth_factor factor = {0};
	enum err err = take(context, user_id, challenge, ret_wait_s);

	if (err != OK || *ret_wait_s > 0)
		return err;
	if (auth_totp_is_code(code)) {
		err = look_for_totp(context, user_id, code, &factor);
		if (err == OK && factor.kind == 0)
			err = look_for_mailed(challenge, code, &factor);
	} else if (auth_recovery_digest(code, &factor.recovery) == OK) {
		factor.kind = AUTH_FACTOR_RECOVERY;
	}
	if (err == OK)
		*ret = factor;
	return err;
}

/* Who has used one should know that they, or somebody else, has fewer. */
static enum err tell_of_recovery(const struct auth_context *context,
    const struct store_user *user)
{
	struct db *db = context->app->db;
	char text[STR_U64_LEN];
	uint64_t n_left;
	enum err err = store_recovery_count(db, context->arena, user->id,
	    &n_left);

	if (err == OK)
		err = auth_notice_queue(context, MAIL_RECOVERY_CODE_USED,
		    user->id, user->email, str_u64(n_left, text));
	if (err == OK)
		err = store_audit_add(db, &context->origin,
		    AUDIT_RECOVERY_CODE_USED, user->id, STR(""),
		    context->now_us);
	return err;
}

static enum err spend(const struct auth_context *context,
    const struct store_user *user, const struct auth_factor *factor)
{
	struct db *db = context->app->db;
	enum err err;

	switch (factor->kind) {
	case AUTH_FACTOR_TOTP:
		return store_totp_accept(db, user->id, factor->sealed,
		    factor->step);
	case AUTH_FACTOR_MAILED:
		return OK; /* goes with the login that it was for */
	case AUTH_FACTOR_RECOVERY:
		err = store_recovery_redeem(db, user->id, &factor->recovery);
		return err == OK ? tell_of_recovery(context, user) : err;
	}
	return ERR_NOT_FOUND;
}

enum err auth_factor_spend(const struct auth_context *context,
    const struct store_user *user, const struct auth_factor *factor)
{
	char id[STR_U64_LEN];
	enum err err = spend(context, user, factor);

	if (err == ERR_NOT_FOUND)
		return ERR_DENIED;
	if (err != OK)
		return err;
	return auth_throttle_clear(context, THROTTLE_CODE,
	    str_u64(user->id, id));
}

enum err auth_factor_refuse(const struct auth_context *context,
    uint64_t user_id)
{
	return audit_refusal(context, user_id, "");
}
