#include "core/base.h"

#include "auth/twofa.h"

#include "auth/factor.h"
#include "auth/notice.h"
#include "auth/seal.h"
#include "auth/throttle.h"
#include "auth/totp.h"
#include "db/conn.h"
#include "store/challenge.h"
#include "store/recovery.h"
#include "store/totp.h"

/* One change, as its steps fill it in. */
struct change {
	const struct auth_context *context;
	const struct store_user *user;
	struct secret_str sealed; /* a new secret */
	struct auth_factor factor;
	enum auth_twofa_outcome outcome;
	struct auth_recovery_codes codes;
};

static enum err audit(const struct change *c, enum audit_event event)
{
	return store_audit_add(c->context->app->db, &c->context->origin, event,
	    c->user->id, STR(""), c->context->now_us);
}

/* Tells the user, and ends what waited for a code of before. */
static enum err announce(const struct change *c, enum mail_template template,
    enum audit_event event)
{
	const struct store_user *user = c->user;
	enum err err = store_challenge_delete_of(c->context->app->db, user->id);

	if (err == OK)
		err = auth_notice_queue(c->context, template, user->id,
		    user->email, STR(""));
	return err == OK ? audit(c, event) : err;
}

static enum err begin_in_transaction(struct db *db, void *arg)
{
	struct change *c = arg;
	struct store_totp totp;
	enum err err = store_user_lock(db, c->user->id);

	if (err == OK)
		err = store_totp_get(db, c->context->arena, c->user->id, &totp);
	if (err == OK) {
		c->outcome = AUTH_TWOFA_ON_ALREADY;
		return OK;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	c->outcome = AUTH_TWOFA_DONE;
	err = store_totp_put_pending(db, c->user->id, c->sealed,
	    c->context->now_us);
	return err == OK ? audit(c, AUDIT_TWOFA_ASKED) : err;
}

enum err auth_twofa_begin(const struct auth_context *context,
    const struct store_user *user, struct buf *uri,
    enum auth_twofa_outcome *ret_outcome)
{
	const struct config *config = context->app->config;
	struct change c = {.context = context, .user = user};
	struct auth_totp_secret secret;
	struct buf sealed;
	enum err err;

	buf_init(&sealed, AUTH_SEAL_LEN_MAX);
	auth_totp_new(&secret);
	err = auth_totp_seal(config, user->id, &secret, &sealed);
	c.sealed = (struct secret_str){sealed.p, sealed.len};
	if (err == OK)
		err = db_conn_transact(context->app->db, begin_in_transaction,
		    &c);
	if (err == OK && c.outcome == AUTH_TWOFA_DONE)
		err = auth_totp_uri(config, &secret, user->username, uri);
	if (err == OK)
		*ret_outcome = c.outcome;
	crypto_wipe(&secret, sizeof(secret));
	buf_done(&sealed);
	return err;
}

static enum err enable_in_transaction(struct db *db, void *arg)
{
	struct change *c = arg;
	uint64_t id = c->user->id;
	char text[STR_U64_LEN];
	enum err err = store_user_lock(db, id);

	if (err == OK)
		err = store_totp_confirm(db, id, c->factor.sealed,
		    c->factor.step, c->context->now_us);
	if (err == ERR_NOT_FOUND)
		return ERR_DENIED;
	if (err == OK)
		err = auth_recovery_renew(c->context, id, &c->codes);
	if (err == OK)
		err = auth_throttle_clear(c->context, THROTTLE_CODE,
		    str_u64(id, text));
	if (err == OK)
		err = announce(c, MAIL_TWOFA_ENABLED, AUDIT_TWOFA_ENABLED);
	return err;
}

/* What a code of the pending secret is; factor.kind stays 0 when it is wrong.
 */
static enum err look_at_pending(struct change *c, struct secret_str code)
{
	const struct auth_context *context = c->context;
	struct store_totp totp;
	uint64_t step = 0;
	enum err err = store_totp_get_pending(context->app->db, context->arena,
	    c->user->id, &totp);

	if (err == ERR_NOT_FOUND)
		return OK;
	if (err == OK)
		err = auth_factor_match(context, &totp, code, &step);
	if (err == OK && step > 0)
		c->factor = (struct auth_factor){.kind = AUTH_FACTOR_TOTP,
		    .sealed = totp.sealed,
		    .step = step};
	return err;
}

/* Makes the change that a right code is for. */
static enum err conclude(struct change *c,
    enum err (*body)(struct db *db, void *arg), struct auth_twofa_result *ret)
{
	enum err err = ERR_DENIED;

	if (c->factor.kind != 0)
		err = db_conn_transact(c->context->app->db, body, c);
	if (err == OK) {
		ret->outcome = AUTH_TWOFA_DONE;
		ret->codes = c->codes;
	}
	crypto_wipe(&c->codes, sizeof(c->codes));
	if (err == ERR_CONFLICT) {
		ret->outcome = AUTH_TWOFA_ON_ALREADY;
		return OK;
	}
	if (err != ERR_DENIED)
		return err;
	ret->outcome = AUTH_TWOFA_BAD_CODE;
	return auth_factor_refuse(c->context, c->user->id);
}

enum err auth_twofa_enable(const struct auth_context *context,
    const struct store_user *user, struct secret_str code,
    struct auth_twofa_result *ret)
{
	struct change c = {.context = context, .user = user};
	enum err err;

	ret->outcome = AUTH_TWOFA_ON_ALREADY;
	if (user->twofa_enabled)
		return OK;
	ret->outcome = AUTH_TWOFA_THROTTLED;
	err = auth_factor_take(context, user->id, &ret->wait_s);
	if (err != OK || ret->wait_s > 0)
		return err;
	err = look_at_pending(&c, code);
	return err == OK ? conclude(&c, enable_in_transaction, ret) : err;
}

/* What is done for a code of the factor that is in use. */
static enum err change_by_code(const struct auth_context *context,
    const struct store_user *user, struct secret_str code,
    enum err (*body)(struct db *db, void *arg), struct auth_twofa_result *ret)
{
	struct change c = {.context = context, .user = user};
	enum err err;

	ret->outcome = AUTH_TWOFA_THROTTLED;
	err = auth_factor_try(context, user->id, NULL, code, &c.factor,
	    &ret->wait_s);
	if (err != OK || ret->wait_s > 0)
		return err;
	return conclude(&c, body, ret);
}

/* The factor with all that belongs to it. */
static enum err take_away(struct db *db, uint64_t user_id)
{
	enum err err = store_totp_delete(db, user_id);

	if (err == OK)
		err = store_recovery_delete_of(db, user_id);
	return err;
}

static enum err disable_in_transaction(struct db *db, void *arg)
{
	struct change *c = arg;
	enum err err = store_user_lock(db, c->user->id);

	if (err == OK)
		err = auth_factor_spend(c->context, c->user, &c->factor);
	if (err == OK)
		err = take_away(db, c->user->id);
	if (err == OK)
		err = announce(c, MAIL_TWOFA_DISABLED, AUDIT_TWOFA_DISABLED);
	return err;
}

enum err auth_twofa_disable(const struct auth_context *context,
    const struct store_user *user, struct secret_str code,
    struct auth_twofa_result *ret)
{
	return change_by_code(context, user, code, disable_in_transaction, ret);
}

static enum err renew_in_transaction(struct db *db, void *arg)
{
	struct change *c = arg;
	enum err err = store_user_lock(db, c->user->id);

	if (err == OK)
		err = auth_factor_spend(c->context, c->user, &c->factor);
	if (err == OK)
		err = auth_recovery_renew(c->context, c->user->id, &c->codes);
	return err == OK ? audit(c, AUDIT_RECOVERY_CODES_MADE) : err;
}

enum err auth_twofa_renew_codes(const struct auth_context *context,
    const struct store_user *user, struct secret_str code,
    struct auth_twofa_result *ret)
{
	return change_by_code(context, user, code, renew_in_transaction, ret);
}

enum err auth_twofa_remove(const struct auth_context *context,
    const struct store_user *user)
{
	const struct change c = {.context = context, .user = user};
	struct db *db = context->app->db;
	enum err err = store_user_lock(db, user->id);

	if (err == OK)
		err = take_away(db, user->id);
	if (err == OK)
		err = announce(&c, MAIL_TWOFA_DISABLED, AUDIT_TWOFA_RESET);
	return err;
}
