#include "core/base.h"

#include "auth/profile.h"

#include "auth/access.h"
#include "auth/email.h"
#include "auth/hash.h"
#include "auth/identity.h"
#include "auth/password.h"
#include "db/conn.h"

/* One update, as its steps fill it in. */
struct update {
	const struct auth_context *context;
	const struct store_principal *principal;
	const struct auth_profile *wanted;
	struct store_user user; /* as stored */
	bool own;
	struct secret_str verified; /* by the password; p NULL: not shown */
	struct secret_str hash;	    /* of the new password; p NULL: none */
	struct auth_profile_result *result;
};

static enum err refuse(const struct update *u, const char *why)
{
	u->result->outcome = AUTH_PROFILE_FORBIDDEN;
	return store_audit_add(u->context->app->db, &u->context->origin,
	    AUDIT_ACCESS_DENIED, u->wanted->user_id, str_of(why),
	    u->context->now_us);
}

/* Reads another's user, whom the principal must be allowed to act on. */
static enum err find_other(struct update *u)
{
	const struct auth_context *context = u->context;
	enum err err;

	if (!auth_access_has(u->principal, AUTH_PROFILE_PERMISSION))
		return refuse(u, "another's profile");
	err = store_user_get(context->app->db, context->arena,
	    u->wanted->user_id, &u->user);
	if (err == OK)
		err = auth_access_over_user(context, u->user.id);
	if (err == ERR_DENIED)
		return refuse(u, "a user with more permissions");
	if (err == ERR_NOT_FOUND)
		u->result->outcome = AUTH_PROFILE_NOBODY;
	else if (err == OK && !auth_identity_is_recent(context, u->principal))
		u->result->outcome = AUTH_PROFILE_NOT_RECENT;
	return err == ERR_NOT_FOUND ? OK : err;
}

static bool is_same_email(const struct update *u)
{
	return str_eq_nocase(u->wanted->person.email, u->user.email);
}

/* What a proof by password came to; zero: it was right. */
static const enum auth_profile_outcome proofs[] = {
    [AUTH_IDENTITY_PROVEN] = 0,
    [AUTH_IDENTITY_WRONG] = AUTH_PROFILE_WRONG_PASSWORD,
    [AUTH_IDENTITY_THROTTLED] = AUTH_PROFILE_THROTTLED,
};

/* Has the user show their password where their session alone will not do. */
static enum err prove(struct update *u)
{
	const struct auth_profile *wanted = u->wanted;
	struct auth_identity_result proof = {0};
	bool recent = auth_identity_is_recent(u->context, u->principal);
	enum err err;

	if (wanted->password.p == NULL && (recent || is_same_email(u)))
		return OK;
	if (wanted->current_password.p == NULL) {
		u->result->outcome = wanted->password.p != NULL
		    ? AUTH_PROFILE_NO_PASSWORD
		    : AUTH_PROFILE_NOT_RECENT;
		return OK;
	}
	err = auth_identity_check(u->context, u->principal,
	    wanted->current_password, &proof);
	if (err != OK)
		return err;
	ensure(proof.outcome < ARRAY_LEN(proofs));
	u->result->outcome = proofs[proof.outcome];
	u->result->wait_s = proof.wait_s;
	if (proof.outcome == AUTH_IDENTITY_PROVEN)
		u->verified = proof.verified;
	return OK;
}

static enum err find_and_prove(struct update *u)
{
	uint64_t id = u->wanted->user_id;

	u->own = id == 0 || id == u->principal->user.id;
	if (!u->own)
		return find_other(u);
	u->user = u->principal->user;
	return prove(u);
}

static enum err set_names(const struct update *u, struct db *db)
{
	const struct auth_person *person = &u->wanted->person;
	struct store_user user = u->user;
	enum err err;

	if (str_eq(user.username, person->username) &&
	    str_eq(user.first_name, person->first_name) &&
	    str_eq(user.last_name, person->last_name))
		return OK;
	user.username = person->username;
	user.first_name = person->first_name;
	user.last_name = person->last_name;
	err = store_user_set_names(db, &user);
	if (err != OK)
		return err;
	return store_audit_add(db, &u->context->origin, AUDIT_PROFILE_UPDATED,
	    user.id, STR(""), u->context->now_us);
}

static enum err set_password(const struct update *u)
{
	if (u->own)
		return auth_password_set(u->context, &u->user, u->hash,
		    u->principal->session.id, AUDIT_PASSWORD_CHANGED);
	return auth_password_set(u->context, &u->user, u->hash, 0,
	    AUDIT_PASSWORD_SET);
}

/* Holds the user, whom nobody must have got between in the meantime. */
static enum err hold(const struct update *u, struct db *db)
{
	enum err err;

	if (u->verified.p != NULL)
		return auth_identity_hold(u->context, u->principal,
		    u->verified);
	err = store_user_lock(db, u->user.id);
	if (err == OK && !u->own)
		err = auth_access_over_user(u->context, u->user.id);
	return err;
}

static enum err update_in_transaction(struct db *db, void *arg)
{
	struct update *u = arg;
	const struct auth_context *context = u->context;
	enum err err = hold(u, db);

	if (err == OK)
		err = store_user_get(db, context->arena, u->user.id, &u->user);
	if (err == OK)
		err = set_names(u, db);
	if (err == OK && !is_same_email(u))
		err = auth_email_ask(context, &u->user,
		    u->wanted->person.email);
	if (err == OK && u->hash.p != NULL)
		err = set_password(u);
	if (err == OK && u->verified.p != NULL)
		err = auth_identity_renew(context, u->principal,
		    &u->result->session_id);
	return err;
}

/* The unique key says it, also of two who ask at the same moment. */
static enum err update(struct update *u)
{
	enum err err = db_conn_transact(u->context->app->db,
	    update_in_transaction, u);

	u->result->renewed = err == OK && u->verified.p != NULL;
	if (err == OK)
		u->result->outcome = AUTH_PROFILE_UPDATED;
	else if (err == ERR_CONFLICT)
		u->result->outcome = AUTH_PROFILE_USERNAME_TAKEN;
	else if (err == ERR_NOT_FOUND && !u->own)
		u->result->outcome = AUTH_PROFILE_NOBODY;
	else if (err == ERR_DENIED)
		return refuse(u, "a user with more permissions");
	return u->result->outcome != 0 ? OK : err;
}

static enum err accept_and_update(struct update *u)
{
	enum auth_password_verdict verdict;
	struct buf hash;
	enum err err;

	if (u->wanted->password.p == NULL)
		return update(u);
	buf_init(&hash, AUTH_HASH_LEN_MAX);
	err = auth_password_accept(u->context, u->wanted->password,
	    &u->wanted->person, &hash, &verdict, &u->result->why);
	u->hash = (struct secret_str){hash.p, hash.len};
	if (err == OK && verdict == AUTH_PASSWORD_FINE)
		err = update(u);
	else if (err == OK)
		u->result->outcome = verdict == AUTH_PASSWORD_WEAK
		    ? AUTH_PROFILE_PASSWORD_WEAK
		    : AUTH_PROFILE_PASSWORD_LENGTH;
	buf_done(&hash);
	return err;
}

enum err auth_profile_update(const struct auth_context *context,
    const struct store_principal *principal, const struct auth_profile *wanted,
    struct auth_profile_result *ret)
{
	struct update u = {
	    .context = context,
	    .principal = principal,
	    .wanted = wanted,
	    .result = ret,
	};
	enum err err;

	*ret = (struct auth_profile_result){0};
	err = find_and_prove(&u);
	if (err != OK || ret->outcome != 0)
		return err;
	return accept_and_update(&u);
}
