#include "core/base.h"

#include "auth/identity.h"

#include "auth/factor.h"
#include "auth/hash.h"
#include "auth/password.h"
#include "auth/throttle.h"
#include "db/conn.h"
#include "store/user.h"

/* One proof, as its steps fill it in. */
struct proof {
	const struct auth_context *context;
	const struct store_principal *principal;
	struct store_login stored; /* what was verified */
	struct secret_str hash;	   /* of a new password; p NULL: none */
	struct auth_factor factor; /* kind 0: it is by the password */
	struct secret session_id;
};

bool auth_identity_is_recent(const struct auth_context *context,
    const struct store_principal *principal)
{
	int64_t age_us = context->now_us - principal->session.confirmed_us;

	/* A clock that was set back makes nothing recent. */
	return age_us >= -MINUTE_S * SECOND_US &&
	    age_us < AUTH_IDENTITY_RECENT_S * SECOND_US;
}

static enum err check_password(struct proof *p, struct secret_str password,
    bool *ret_match)
{
	const struct auth_context *context = p->context;
	enum err err = store_user_for_login_by_id(context->app->db,
	    context->arena, p->principal->user.id, &p->stored);

	if (err == OK && p->stored.password_hash.p == NULL)
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	return auth_hash_verify(p->stored.password_hash, password, ret_match);
}

static enum err fail_in_transaction(struct db *db, void *arg)
{
	const struct proof *p = arg;
	char id[STR_U64_LEN];
	bool had_room;
	enum err err = auth_throttle_hit(p->context, THROTTLE_IDENTITY,
	    str_u64(p->principal->user.id, id), &had_room);

	if (err != OK)
		return err;
	return store_audit_add(db, &p->context->origin, AUDIT_IDENTITY_FAILED,
	    p->principal->user.id, STR(""), p->context->now_us);
}

static enum err forget_failures(const struct proof *p)
{
	char id[STR_U64_LEN];

	return auth_throttle_clear(p->context, THROTTLE_IDENTITY,
	    str_u64(p->principal->user.id, id));
}

/* A new id for the session: what was seen of the old one is worthless. */
static enum err renew_session(struct proof *p)
{
	struct digest id_hash;

	secret_new(&p->session_id);
	secret_digest(&p->session_id, &id_hash);
	return store_session_renew(p->context->app->db, &p->principal->session,
	    &id_hash, p->context->now_us);
}

/*
 * Hashing took its time: who changed the password meanwhile has ended this
 * session, and what was verified proves nothing any more.
 */
enum err auth_identity_hold(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str verified)
{
	struct db *db = context->app->db;
	uint64_t id = principal->user.id;
	struct store_login now;
	enum err err = store_user_lock(db, id);

	if (err == OK)
		err = store_user_for_login_by_id(db, context->arena, id, &now);
	if (err == OK && !auth_hash_same(now.password_hash, verified))
		err = ERR_NOT_FOUND;
	return err;
}

static enum err prove_in_transaction(struct db *db, void *arg)
{
	struct proof *p = arg;
	const struct store_user *user = &p->principal->user;
	/* A code proves as much as it did: spending it tells. */
	enum err err = p->factor.kind != 0
	    ? store_user_lock(db, user->id)
	    : auth_identity_hold(p->context, p->principal,
		  p->stored.password_hash);

	if (err == OK)
		err = renew_session(p);
	if (err == OK && p->factor.kind != 0)
		err = auth_factor_spend(p->context, user, &p->factor);
	else if (err == OK)
		err = forget_failures(p);
	if (err != OK)
		return err;
	if (p->hash.p != NULL)
		return auth_password_set(p->context, user, p->hash,
		    p->principal->session.id, AUDIT_PASSWORD_CHANGED);
	return store_audit_add(db, &p->context->origin,
	    AUDIT_IDENTITY_CONFIRMED, user->id, STR(""), p->context->now_us);
}

/* Checks the password; *ret tells unless it is AUTH_IDENTITY_PROVEN. */
static enum err prove(struct proof *p, struct secret_str password,
    struct auth_identity_result *ret)
{
	struct db *db = p->context->app->db;
	char id[STR_U64_LEN];
	bool match;
	enum err err = auth_throttle_wait(p->context, THROTTLE_IDENTITY,
	    str_u64(p->principal->user.id, id), &ret->wait_s);

	if (err != OK)
		return err;
	ret->outcome = AUTH_IDENTITY_THROTTLED;
	if (ret->wait_s > 0)
		return OK;
	err = check_password(p, password, &match);
	if (err != OK)
		return err;
	ret->outcome = match ? AUTH_IDENTITY_PROVEN : AUTH_IDENTITY_WRONG;
	ret->verified = p->stored.password_hash;
	if (match)
		return OK;
	return db_conn_transact(db, fail_in_transaction, p);
}

static enum err finish(struct proof *p, struct auth_identity_result *ret)
{
	enum err err = db_conn_transact(p->context->app->db,
	    prove_in_transaction, p);

	if (err == OK)
		ret->session_id = p->session_id;
	crypto_wipe(&p->session_id, sizeof(p->session_id));
	return err;
}

enum err auth_identity_check(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str password,
    struct auth_identity_result *ret)
{
	struct proof p = {.context = context, .principal = principal};

	return prove(&p, password, ret);
}

enum err auth_identity_renew(const struct auth_context *context,
    const struct store_principal *principal, struct secret *ret_session_id)
{
	struct proof p = {.context = context, .principal = principal};
	enum err err = forget_failures(&p);

	if (err == OK)
		err = renew_session(&p);
	if (err == OK)
		*ret_session_id = p.session_id;
	crypto_wipe(&p.session_id, sizeof(p.session_id));
	return err;
}

enum err auth_identity_confirm(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str password,
    struct auth_identity_result *ret)
{
	struct proof p = {.context = context, .principal = principal};
	enum err err = prove(&p, password, ret);

	if (err == OK && ret->outcome == AUTH_IDENTITY_PROVEN)
		err = finish(&p, ret);
	return err;
}

enum err auth_identity_confirm_by_code(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str code,
    struct auth_identity_result *ret)
{
	struct proof p = {.context = context, .principal = principal};
	uint64_t user_id = principal->user.id;
	enum err err = auth_factor_try(context, user_id, NULL, code, &p.factor,
	    &ret->wait_s);

	if (err != OK)
		return err;
	ret->outcome = AUTH_IDENTITY_THROTTLED;
	if (ret->wait_s > 0)
		return OK;
	ret->outcome = AUTH_IDENTITY_PROVEN;
	err = p.factor.kind != 0 ? finish(&p, ret) : ERR_DENIED;
	if (err != ERR_DENIED)
		return err;
	ret->outcome = AUTH_IDENTITY_BAD_CODE;
	return auth_factor_refuse(context, user_id);
}

static enum err set_password(struct proof *p, struct secret_str wanted,
    struct auth_identity_result *ret)
{
	struct auth_person person = auth_password_person(&p->principal->user);
	enum auth_password_verdict verdict;
	struct buf hash;
	enum err err;

	buf_init(&hash, AUTH_HASH_LEN_MAX);
	err = auth_password_accept(p->context, wanted, &person, &hash, &verdict,
	    &ret->why);
	p->hash = (struct secret_str){hash.p, hash.len};
	if (err == OK && verdict == AUTH_PASSWORD_FINE)
		err = finish(p, ret);
	else if (err == OK)
		ret->outcome = verdict == AUTH_PASSWORD_WEAK
		    ? AUTH_IDENTITY_PASSWORD_WEAK
		    : AUTH_IDENTITY_PASSWORD_LENGTH;
	p->hash = (struct secret_str){NULL, 0};
	buf_done(&hash);
	return err;
}

enum err auth_identity_change_password(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str current,
    struct secret_str wanted, struct auth_identity_result *ret)
{
	struct proof p = {.context = context, .principal = principal};
	enum err err = prove(&p, current, ret);

	if (err == OK && ret->outcome == AUTH_IDENTITY_PROVEN)
		err = set_password(&p, wanted, ret);
	return err;
}
