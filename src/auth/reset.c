#include "core/base.h"

#include "auth/reset.h"

#include "auth/hash.h"
#include "auth/notice.h"
#include "auth/password.h"
#include "auth/throttle.h"
#include "db/conn.h"
#include "store/token.h"
#include "store/user.h"

struct asking {
	const struct auth_context *context;
	struct str email;
};

/* The same for all addresses but for the mail: time does not tell. */
static enum err ask_in_transaction(struct db *db, void *arg)
{
	const struct asking *a = arg;
	const struct auth_context *context = a->context;
	struct store_user user;
	uint64_t user_id = 0;
	enum err err = store_user_by_email(db, context->arena, a->email, &user);

	if (err == OK && user.disabled_us == 0)
		user_id = user.id;
	if (err == OK || err == ERR_NOT_FOUND)
		err = auth_notice_queue(context, MAIL_RESET_PASSWORD, user_id,
		    user_id != 0 ? user.email : a->email, STR(""));
	if (err != OK)
		return err;
	return store_audit_add(db, &context->origin, AUDIT_RESET_ASKED, user_id,
	    STR(""), context->now_us);
}

enum err auth_reset_ask(const struct auth_context *context, struct str email)
{
	struct asking a = {context, email};

	return db_conn_transact(context->app->db, ask_in_transaction, &a);
}

struct resetting {
	const struct auth_context *context;
	const struct digest *token_hash;
	const struct store_user *user;
	struct secret_str password_hash;
};

static enum err reset_in_transaction(struct db *db, void *arg)
{
	const struct resetting *r = arg;
	const struct auth_context *context = r->context;
	struct store_token token;
	enum err err = store_token_redeem(db, context->arena,
	    TOKEN_RESET_PASSWORD, r->token_hash, context->now_us, &token);

	if (err != OK)
		return err;
	ensure(token.user_id == r->user->id);
	err = store_user_mark_verified(db, token.user_id, context->now_us);
	if (err == OK || err == ERR_NOT_FOUND)
		err = auth_throttle_clear(context, THROTTLE_ACCOUNT,
		    r->user->username);
	if (err == OK)
		err = auth_throttle_clear(context, THROTTLE_ACCOUNT,
		    r->user->email);
	if (err == OK)
		err = auth_password_set(context, r->user, r->password_hash, 0,
		    AUDIT_PASSWORD_RESET);
	return err;
}

/* Whose token it is; ERR_NOT_FOUND for one that opens nothing. */
static enum err find_user(const struct auth_context *context,
    const struct auth_reset *reset, const struct digest *token_hash,
    struct store_user *ret)
{
	struct db *db = context->app->db;
	struct store_token token;
	enum err err = store_token_find(db, context->arena,
	    TOKEN_RESET_PASSWORD, token_hash, context->now_us, &token);

	if (err == OK)
		err = store_user_get(db, context->arena, token.user_id, ret);
	if (err == OK && !str_eq_nocase(token.email, ret->email))
		err = ERR_NOT_FOUND;
	if (err == OK && reset->email.len > 0 &&
	    !str_eq_nocase(reset->email, ret->email))
		err = ERR_NOT_FOUND;
	if (err == OK && ret->disabled_us != 0)
		err = ERR_NOT_FOUND;
	return err;
}

/* The password is judged and hashed before the token is spent. */
static enum err set_password(const struct auth_context *context,
    const struct auth_reset *reset, const struct digest *token_hash,
    const struct store_user *user, enum auth_reset_outcome *ret_outcome,
    const char **ret_why)
{
	struct auth_person person = auth_password_person(user);
	enum auth_password_verdict verdict;
	struct buf hash;
	struct resetting r = {.context = context,
	    .token_hash = token_hash,
	    .user = user};
	enum err err;

	buf_init(&hash, AUTH_HASH_LEN_MAX);
	err = auth_password_accept(context, reset->password, &person, &hash,
	    &verdict, ret_why);
	r.password_hash = (struct secret_str){hash.p, hash.len};
	if (err == OK && verdict == AUTH_PASSWORD_FINE)
		err = db_conn_transact(context->app->db, reset_in_transaction,
		    &r);
	buf_done(&hash);
	if (err == OK)
		*ret_outcome = verdict == AUTH_PASSWORD_FINE ? AUTH_RESET_DONE
		    : verdict == AUTH_PASSWORD_WEAK
		    ? AUTH_RESET_PASSWORD_WEAK
		    : AUTH_RESET_PASSWORD_LENGTH;
	return err;
}

enum err auth_reset(const struct auth_context *context,
    const struct auth_reset *reset, enum auth_reset_outcome *ret_outcome,
    const char **ret_why)
{
	struct digest token_hash;
	struct store_user user;
	enum err err;

	secret_digest(&reset->token, &token_hash);
	err = find_user(context, reset, &token_hash, &user);
	if (err == OK)
		err = set_password(context, reset, &token_hash, &user,
		    ret_outcome, ret_why);
	if (err != ERR_NOT_FOUND)
		return err;
	*ret_outcome = AUTH_RESET_BAD_TOKEN;
	return OK;
}
