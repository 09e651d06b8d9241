#include "core/base.h"

#include "auth/login_private.h"

#include "auth/hash.h"
#include "auth/network.h"
#include "auth/notice.h"
#include "auth/session.h"
#include "auth/throttle.h"
#include "db/conn.h"
#include "store/credential.h"
#include "store/network.h"

/* What a provider hands out to one place: another one is worth a mail. */
static const struct auth_network_bits place = {24, 48};

enum err auth_login_block(const struct auth_login_try *t, const char *why)
{
	return store_audit_add(t->context->app->db, &t->context->origin,
	    AUDIT_LOGIN_BLOCKED, t->found.user.id, str_of(why),
	    t->context->now_us);
}

static enum err replace_hash(const struct auth_login_try *t, struct db *db)
{
	const struct auth_context *context = t->context;
	uint64_t id = t->found.user.id;
	enum err err = store_credential_rehash_password(db, id,
	    t->found.password_hash, t->rehash, context->now_us);

	if (err != OK)
		return err;
	return store_audit_add(db, &context->origin, AUDIT_PASSWORD_REHASHED,
	    id, STR(""), context->now_us);
}

static enum err end_old_session(const struct auth_login_try *t, struct db *db)
{
	const struct store_principal *old = t->login->old;
	enum err err;

	if (old == NULL)
		return OK;
	err = store_session_delete(db, old->user.id, old->session.id);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* A place that the user has not come from before is told to them. */
static enum err note_network(const struct auth_login_try *t, struct db *db)
{
	const struct auth_context *context = t->context;
	const struct store_user *user = &t->found.user;
	char storage[AUTH_NETWORK_LEN];
	struct str text = auth_network_of(context->origin.client_ip, place,
	    storage);
	enum store_network_news news;
	struct digest network;
	enum err err;

	/* An address that nginx did not say is a network of its own. */
	if (text.len == 0)
		text = STR("unknown");
	crypto_sha256(text.p, text.len, &network);
	err = store_network_note(db, context->arena, user->id, &network,
	    context->now_us, &news);
	if (err != OK || news != STORE_NETWORK_NEW)
		return err;
	return auth_notice_queue(context, MAIL_NEW_LOGIN, user->id, user->email,
	    context->origin.client_ip);
}

/*
 * By either name, as the try may have been by a challenge.  From a device of
 * the user's it is the device's alone: who tries the name elsewhere gains
 * nothing by the user's being at home.
 */
static enum err forget_failures(const struct auth_login_try *t)
{
	const struct store_user *user = &t->found.user;
	const struct auth_device *device = &t->login->device;
	enum err err;

	if (device->user_id == user->id)
		return auth_throttle_clear(t->context, THROTTLE_DEVICE,
		    device->name);
	err = auth_throttle_clear(t->context, THROTTLE_ACCOUNT, user->username);
	if (err == OK)
		err = auth_throttle_clear(t->context, THROTTLE_ACCOUNT,
		    user->email);
	return err;
}

static enum err begin_session(struct auth_login_try *t, struct db *db)
{
	const struct auth_context *context = t->context;
	struct auth_login_result *result = &t->result;
	uint64_t id = t->found.user.id;
	struct digest id_hash;
	enum err err = end_old_session(t, db);

	if (err == OK)
		err = auth_session_start(context, id, &result->session_id);
	if (err == OK) {
		secret_digest(&result->session_id, &id_hash);
		err = store_session_principal(db, context->arena, &id_hash,
		    &result->principal);
	}
	if (err == OK)
		err = note_network(t, db);
	if (err == OK)
		err = forget_failures(t);
	if (err == OK)
		err = store_audit_add(db, &context->origin, AUDIT_LOGIN, id,
		    STR(""), context->now_us);
	result->outcome = AUTH_LOGIN_GRANTED;
	return err;
}

/* The password was right, and a code is to follow: by mail, if so wished. */
static enum err begin_challenge(struct auth_login_try *t, struct db *db)
{
	const struct auth_context *context = t->context;
	struct auth_login_result *result = &t->result;
	const struct store_user *user = &t->found.user;
	struct digest id_hash;
	uint64_t row_id;
	enum err err;

	result->mailed = false;
	secret_new(&result->challenge);
	secret_digest(&result->challenge, &id_hash);
	err = store_challenge_add(db, user->id, &id_hash, context->now_us,
	    &row_id);
	if (err == OK && context->app->config->twofa_email_otp)
		err = auth_notice_queue_code(context, user->id, user->email,
		    row_id, &result->mailed);
	if (err == OK)
		err = store_audit_add(db, &context->origin,
		    AUDIT_LOGIN_CHALLENGED, user->id, STR(""), context->now_us);
	result->outcome = AUTH_LOGIN_TWOFA;
	return err;
}

/* ERR_DENIED when the code was spent before, ERR_NOT_FOUND the challenge. */
static enum err spend_code(const struct auth_login_try *t, struct db *db)
{
	enum err err = OK;

	if (t->challenge.id != 0)
		err = store_challenge_redeem(db, t->challenge.id);
	if (err == OK)
		err = auth_factor_spend(t->context, &t->found.user, &t->factor);
	return err;
}

/* Whoever has shown the right things, and is not kept out. */
static enum err admit(struct auth_login_try *t, struct db *db)
{
	const struct store_user *user = &t->found.user;
	enum err err = OK;

	if (user->disabled_us != 0) {
		t->result.outcome = AUTH_LOGIN_DISABLED;
		return auth_login_block(t, "account disabled");
	}
	if (user->verified_us == 0) {
		t->result.outcome = AUTH_LOGIN_UNVERIFIED;
		return auth_login_block(t, "email not verified");
	}
	if (t->rehash.p != NULL)
		err = replace_hash(t, db);
	if (err == OK && user->twofa_enabled && t->factor.kind == 0)
		return begin_challenge(t, db);
	if (err == OK && t->factor.kind != 0)
		err = spend_code(t, db);
	return err == OK ? begin_session(t, db) : err;
}

/*
 * Hashing took its time, so the user is looked at once more, behind the lock:
 * who changed the password or disabled the user meanwhile has ended all
 * sessions, and none may begin after that.
 */
static enum err enter_in_transaction(struct db *db, void *arg)
{
	struct auth_login_try *t = arg;
	struct store_login now;
	uint64_t id = t->found.user.id;
	enum err err = store_user_lock(db, id);

	if (err == OK)
		err = store_user_for_login_by_id(db, t->context->arena, id,
		    &now);
	if (err == ERR_NOT_FOUND)
		return ERR_CONFLICT;
	if (err != OK)
		return err;
	if (!auth_hash_same(now.password_hash, t->found.password_hash))
		return ERR_CONFLICT;
	t->found = now;
	return admit(t, db);
}

enum err auth_login_enter(struct auth_login_try *t)
{
	enum err err = db_conn_transact(t->context->app->db,
	    enter_in_transaction, t);

	if (err != ERR_DENIED)
		return err;
	t->result.outcome = AUTH_LOGIN_BAD_CODE;
	return auth_factor_refuse(t->context, t->found.user.id);
}
