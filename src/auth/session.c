#include "core/base.h"

#include "auth/session.h"

#include "db/conn.h"

#define TOUCH_EVERY_US (60 * SECOND_US)
#define TOUCHES_PER_IDLE 4 /* at least, or use in between goes unseen */

enum err auth_session_start(const struct auth_context *context,
    uint64_t user_id, struct secret *ret_id)
{
	const struct config *config = context->app->config;
	const struct store_session session = {
	    .user_id = user_id,
	    .created_us = context->now_us,
	    .expires_us = context->now_us +
		(int64_t)config->session_lifetime_s * SECOND_US,
	    .client_ip = context->origin.client_ip,
	    .user_agent = context->origin.user_agent,
	};
	struct digest hash;
	struct secret id;
	uint64_t row_id;
	enum err err;

	secret_new(&id);
	secret_digest(&id, &hash);
	err = store_session_add(context->app->db, &hash, &session, &row_id);
	if (err == OK)
		*ret_id = id;
	crypto_wipe(&id, sizeof(id));
	return err;
}

static int64_t idle_us(const struct auth_context *context)
{
	return (int64_t)context->app->config->session_idle_s * SECOND_US;
}

/*
 * A clock that was set back must not revive anything: a session from the
 * future is as dead as one from long ago.
 */
static bool is_live(const struct auth_context *context,
    const struct store_principal *p)
{
	return p->user.disabled_us == 0 &&
	    context->now_us < p->session.expires_us &&
	    context->now_us < p->session.last_seen_us + idle_us(context) &&
	    context->now_us + MINUTE_S * SECOND_US >= p->session.last_seen_us;
}

enum err auth_session_resolve(const struct auth_context *context,
    const struct secret *id, struct store_principal *ret)
{
	struct store_principal principal;
	struct digest hash;
	enum err err;

	secret_digest(id, &hash);
	err = store_session_principal(context->app->db, context->arena, &hash,
	    &principal);
	if (err != OK)
		return err;
	if (!is_live(context, &principal))
		return ERR_NOT_FOUND;
	if (context->now_us - principal.session.last_seen_us >=
	    MIN_OF(TOUCH_EVERY_US, idle_us(context) / TOUCHES_PER_IDLE)) {
		err = store_session_touch(context->app->db,
		    principal.session.id, context->now_us);
		if (err != OK)
			return err;
	}
	*ret = principal;
	return OK;
}

struct ending {
	const struct auth_context *context;
	const struct store_principal *principal;
};

static enum err end_in_transaction(struct db *db, void *arg)
{
	const struct ending *e = arg;
	enum err err = store_session_delete(db, e->principal->user.id,
	    e->principal->session.id);

	/* Gone already, by another tab or a revocation: that is what was
	   asked for. */
	if (err == ERR_NOT_FOUND)
		return OK;
	if (err != OK)
		return err;
	return store_audit_add(db, &e->context->origin, AUDIT_LOGOUT,
	    e->principal->user.id, STR(""), e->context->now_us);
}

enum err auth_session_end(const struct auth_context *context,
    const struct store_principal *principal)
{
	struct ending e = {context, principal};

	return db_conn_transact(context->app->db, end_in_transaction, &e);
}

struct revoking {
	const struct auth_context *context;
	uint64_t user_id;
	uint64_t session_id; /* the one, or the one to keep */
	uint64_t n_ended;
};

static enum err audit_revoking(const struct revoking *r, struct db *db,
    const char *detail)
{
	return store_audit_add(db, &r->context->origin, AUDIT_SESSION_REVOKED,
	    r->user_id, str_of(detail), r->context->now_us);
}

static enum err revoke_in_transaction(struct db *db, void *arg)
{
	const struct revoking *r = arg;
	enum err err = store_session_delete(db, r->user_id, r->session_id);

	return err == OK ? audit_revoking(r, db, "") : err;
}

enum err auth_session_revoke(const struct auth_context *context,
    uint64_t user_id, uint64_t session_id)
{
	struct revoking r = {context, user_id, session_id, 0};

	return db_conn_transact(context->app->db, revoke_in_transaction, &r);
}

static enum err revoke_others_in_transaction(struct db *db, void *arg)
{
	struct revoking *r = arg;
	enum err err = store_session_delete_of(db, r->user_id, r->session_id,
	    &r->n_ended);

	if (err != OK || r->n_ended == 0)
		return err;
	return audit_revoking(r, db, r->session_id == 0 ? "all" : "all others");
}

enum err auth_session_revoke_others(const struct auth_context *context,
    uint64_t user_id, uint64_t except_id, uint64_t *ret_n)
{
	struct revoking r = {context, user_id, except_id, 0};
	enum err err = db_conn_transact(context->app->db,
	    revoke_others_in_transaction, &r);

	if (err == OK)
		*ret_n = r.n_ended;
	return err;
}
