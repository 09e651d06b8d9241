#include "core/base.h"

#include "auth/email.h"

#include "auth/notice.h"
#include "db/conn.h"
#include "store/challenge.h"
#include "store/email_change.h"
#include "store/session.h"
#include "store/token.h"

enum err auth_email_owner(const struct auth_context *context, struct str email,
    struct store_user *ret)
{
	struct db *db = context->app->db;
	uint64_t user_id;
	enum err err = store_user_by_email(db, context->arena, email, ret);

	if (err != ERR_NOT_FOUND)
		return err;
	err = store_email_change_holder(db, context->arena, email,
	    context->now_us, &user_id);
	if (err == OK)
		err = store_user_get(db, context->arena, user_id, ret);
	if (err == OK)
		ret->email = email;
	return err;
}

/*
 * To the owner.  That row has no actor, or those who may read what they did
 * could find out whose addresses have accounts; the request's id joins it to
 * the one that has.
 */
static enum err tell_owner(const struct auth_context *context,
    const struct store_user *owner)
{
	struct audit_origin origin = context->origin;
	enum err err = auth_notice_queue(context, MAIL_EMAIL_TAKEN, owner->id,
	    owner->email, STR(""));

	origin.actor_id = 0;
	if (err != OK)
		return err;
	return store_audit_add(context->app->db, &origin, AUDIT_EMAIL_TAKEN,
	    owner->id, STR(""), context->now_us);
}

static enum err audit(const struct auth_context *context,
    enum audit_event event, uint64_t user_id)
{
	return store_audit_add(context->app->db, &context->origin, event,
	    user_id, STR(""), context->now_us);
}

/* A mail to the new address: the link, or word to whoever else has it. */
static enum err write_to_new(const struct auth_context *context,
    const struct store_user *user, struct str email)
{
	struct store_user owner;
	enum err err = auth_email_owner(context, email, &owner);

	if (err == ERR_NOT_FOUND || (err == OK && owner.id == user->id))
		return auth_notice_queue(context, MAIL_EMAIL_CONFIRM, user->id,
		    email, STR(""));
	return err == OK ? tell_owner(context, &owner) : err;
}

enum err auth_email_ask(const struct auth_context *context,
    const struct store_user *user, struct str email)
{
	enum err err = store_email_change_ask(context->app->db, user->id,
	    user->email, email, context->now_us);

	if (err == OK)
		err = auth_notice_queue(context, MAIL_EMAIL_CHANGED, user->id,
		    user->email, email);
	if (err == OK)
		err = write_to_new(context, user, email);
	if (err == OK)
		err = audit(context, AUDIT_EMAIL_CHANGE_ASKED, user->id);
	return err;
}

struct redeeming {
	const struct auth_context *context;
	const struct digest *hash;
};

/* Spends the token, and holds its user. */
static enum err redeem(const struct redeeming *r, struct db *db,
    enum token_purpose purpose, struct store_token *ret)
{
	enum err err = store_token_redeem(db, r->context->arena, purpose,
	    r->hash, r->context->now_us, ret);

	return err == OK ? store_user_lock(db, ret->user_id) : err;
}

static enum err run(const struct auth_context *context,
    const struct secret *token, enum err (*body)(struct db *db, void *arg))
{
	struct digest hash;
	struct redeeming r = {context, &hash};

	secret_digest(token, &hash);
	return db_conn_transact(context->app->db, body, &r);
}

/* A code that waits to be typed in was mailed to where it should not be. */
static enum err set_email(const struct auth_context *context,
    const struct store_token *token)
{
	struct db *db = context->app->db;
	enum err err = store_user_set_email(db, token->user_id, token->email,
	    context->now_us);

	return err == OK ? store_challenge_delete_of(db, token->user_id) : err;
}

static enum err check_free(const struct auth_context *context,
    const struct store_token *token)
{
	struct store_user owner;
	enum err err = auth_email_owner(context, token->email, &owner);

	if (err == ERR_NOT_FOUND || (err == OK && owner.id == token->user_id))
		return OK;
	return err == OK ? ERR_CONFLICT : err;
}

static enum err confirm_in_transaction(struct db *db, void *arg)
{
	const struct redeeming *r = arg;
	const struct auth_context *context = r->context;
	struct store_token token;
	enum err err = redeem(r, db, TOKEN_CHANGE_EMAIL, &token);

	if (err == OK)
		err = store_email_change_confirm(db, token.user_id, token.email,
		    context->now_us);
	if (err == OK)
		err = check_free(context, &token);
	if (err == OK)
		err = set_email(context, &token);
	if (err == OK)
		err = audit(context, AUDIT_EMAIL_CHANGED, token.user_id);
	return err;
}

enum err auth_email_confirm(const struct auth_context *context,
    const struct secret *token)
{
	return run(context, token, confirm_in_transaction);
}

static enum err undo_in_transaction(struct db *db, void *arg)
{
	const struct redeeming *r = arg;
	const struct auth_context *context = r->context;
	struct store_token token;
	uint64_t n_ended;
	enum err err = redeem(r, db, TOKEN_UNDO_EMAIL, &token);

	if (err == OK)
		err = store_email_change_undo(db, context->arena, token.user_id,
		    token.email);
	if (err == OK)
		err = set_email(context, &token);
	if (err == OK)
		err = store_session_delete_of(db, token.user_id, 0, &n_ended);
	if (err == OK)
		err = auth_notice_queue(context, MAIL_EMAIL_RESTORED,
		    token.user_id, token.email, STR(""));
	if (err == OK)
		err = audit(context, AUDIT_EMAIL_RESTORED, token.user_id);
	return err;
}

enum err auth_email_undo(const struct auth_context *context,
    const struct secret *token)
{
	return run(context, token, undo_in_transaction);
}
