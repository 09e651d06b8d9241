#include "core/base.h"

#include "auth/account.h"

#include "auth/email.h"
#include "auth/hash.h"
#include "auth/notice.h"
#include "auth/password.h"
#include "db/conn.h"
#include "store/credential.h"
#include "store/role.h"
#include "store/token.h"
#include "store/user.h"

struct signing_up {
	const struct auth_context *context;
	const struct auth_person *person;
	struct secret_str hash;
	enum auth_signup_outcome outcome;
};

/* The address has an account: its owner is told, the caller is not. */
static enum err tell_owner(const struct auth_context *context,
    const struct store_user *owner)
{
	enum err err = auth_notice_queue(context, MAIL_SIGNUP_TAKEN, owner->id,
	    owner->email, STR(""));

	if (err != OK)
		return err;
	return store_audit_add(context->app->db, &context->origin,
	    AUDIT_SIGNUP_TAKEN, owner->id, STR(""), context->now_us);
}

static enum err add_account(struct signing_up *s)
{
	const struct auth_context *context = s->context;
	struct db *db = context->app->db;
	const struct store_user user = {
	    .username = s->person->username,
	    .email = s->person->email,
	    .first_name = s->person->first_name,
	    .last_name = s->person->last_name,
	    .created_us = context->now_us,
	};
	uint64_t id;
	enum err err = store_user_add(db, &user, &id);

	if (err == OK)
		err = store_credential_set_password(db, id, s->hash,
		    context->now_us);
	if (err == OK)
		err = store_role_grant(db, id, STORE_ROLE_DEFAULT);
	if (err == OK)
		err = auth_notice_queue(context, MAIL_VERIFY_EMAIL, id,
		    user.email, STR(""));
	if (err == OK)
		err = store_audit_add(db, &context->origin, AUDIT_SIGNUP, id,
		    STR(""), context->now_us);
	return err;
}

/*
 * The address first: who comes between the two look-ups and takes both is
 * then found by the name, and the name is what the loser must be told.
 */
static enum err sign_up_in_transaction(struct db *db, void *arg)
{
	struct signing_up *s = arg;
	struct arena *arena = s->context->arena;
	struct store_user owner;
	struct store_user other;
	enum err email_err = auth_email_owner(s->context, s->person->email,
	    &owner);
	enum err err;

	if (email_err != OK && email_err != ERR_NOT_FOUND)
		return email_err;
	err = store_user_by_username(db, arena, s->person->username, &other);
	if (err == OK) {
		s->outcome = AUTH_SIGNUP_USERNAME_TAKEN;
		return OK;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	s->outcome = AUTH_SIGNUP_ACCEPTED;
	return email_err == OK ? tell_owner(s->context, &owner)
			       : add_account(s);
}

/*
 * Two who ask for one name at the same moment: the unique key lets one in,
 * and the other, run again, finds it taken.
 */
static enum err sign_up(struct signing_up *s)
{
	struct db *db = s->context->app->db;
	enum err err = db_conn_transact(db, sign_up_in_transaction, s);

	if (err == ERR_CONFLICT)
		err = db_conn_transact(db, sign_up_in_transaction, s);
	return err;
}

enum err auth_account_signup(const struct auth_context *context,
    const struct auth_signup *signup, enum auth_signup_outcome *ret_outcome,
    const char **ret_why)
{
	struct signing_up s = {.context = context, .person = &signup->person};
	enum auth_password_verdict verdict;
	struct buf hash;
	enum err err;

	/* Before anything is looked up: what is taken costs what is free. */
	buf_init(&hash, AUTH_HASH_LEN_MAX);
	err = auth_password_accept(context, signup->password, &signup->person,
	    &hash, &verdict, ret_why);
	s.hash = (struct secret_str){hash.p, hash.len};
	if (err == OK && verdict == AUTH_PASSWORD_FINE)
		err = sign_up(&s);
	else if (err == OK)
		s.outcome = verdict == AUTH_PASSWORD_WEAK
		    ? AUTH_SIGNUP_PASSWORD_WEAK
		    : AUTH_SIGNUP_PASSWORD_LENGTH;
	if (err == OK)
		*ret_outcome = s.outcome;
	buf_done(&hash);
	return err;
}

struct verifying {
	const struct auth_context *context;
	const struct digest *hash;
};

static enum err verify_in_transaction(struct db *db, void *arg)
{
	const struct verifying *v = arg;
	const struct auth_context *context = v->context;
	struct store_token token;
	struct store_user user;
	enum err err = store_token_redeem(db, context->arena,
	    TOKEN_VERIFY_EMAIL, v->hash, context->now_us, &token);

	if (err == OK)
		err = store_user_get(db, context->arena, token.user_id, &user);
	if (err == OK && !str_eq_nocase(token.email, user.email))
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	err = store_user_mark_verified(db, user.id, context->now_us);
	/* Verified already, by an administrator: fine all the same. */
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	return store_audit_add(db, &context->origin, AUDIT_EMAIL_VERIFIED,
	    user.id, STR(""), context->now_us);
}

enum err auth_account_verify(const struct auth_context *context,
    const struct secret *token)
{
	struct digest hash;
	struct verifying v = {context, &hash};

	secret_digest(token, &hash);
	return db_conn_transact(context->app->db, verify_in_transaction, &v);
}

struct resending {
	const struct auth_context *context;
	struct str email;
};

/* The same for all addresses but for the mail: time does not tell. */
static enum err resend_in_transaction(struct db *db, void *arg)
{
	const struct resending *r = arg;
	const struct auth_context *context = r->context;
	struct store_user user;
	uint64_t user_id = 0;
	enum err err = store_user_by_email(db, context->arena, r->email, &user);

	if (err == OK && user.verified_us == 0 && user.disabled_us == 0)
		user_id = user.id;
	if (err == OK || err == ERR_NOT_FOUND)
		err = auth_notice_queue(context, MAIL_VERIFY_EMAIL, user_id,
		    user_id != 0 ? user.email : r->email, STR(""));
	if (err != OK)
		return err;
	/* A row either way: who asks for strangers is worth knowing. */
	return store_audit_add(db, &context->origin, AUDIT_VERIFICATION_ASKED,
	    user_id, STR(""), context->now_us);
}

enum err auth_account_resend(const struct auth_context *context,
    struct str email)
{
	struct resending r = {context, email};

	return db_conn_transact(context->app->db, resend_in_transaction, &r);
}
