#include "core/base.h"

#include "auth/erase.h"

#include "auth/access.h"
#include "auth/identity.h"
#include "db/conn.h"
#include "store/outbox.h"

struct erasing {
	const struct auth_context *context;
	const struct store_principal *principal;
	struct secret_str verified; /* by the password */
};

static enum err delete_user(struct db *db, void *arg)
{
	const struct erasing *e = arg;

	return store_user_delete(db, e->principal->user.id);
}

static enum err erase_in_transaction(struct db *db, void *arg)
{
	struct erasing *e = arg;
	const struct auth_context *context = e->context;
	uint64_t id = e->principal->user.id;
	struct store_user user;
	enum err err = auth_identity_hold(context, e->principal, e->verified);

	if (err == OK)
		err = store_user_get(db, context->arena, id, &user);
	if (err == OK)
		err = auth_access_keep_admin(context, delete_user, e);
	/* About nobody, or it would have gone with the user; and not capped:
	   an account is erased once. */
	if (err == OK)
		err = store_outbox_add(db, MAIL_ACCOUNT_ERASED, 0, user.email,
		    STR(""), context->now_us);
	if (err == OK)
		err = store_audit_add(db, &context->origin,
		    AUDIT_ACCOUNT_ERASED, id, STR(""), context->now_us);
	return err;
}

/* What a proof by password came to; zero: it was right. */
static const enum auth_erase_outcome proofs[] = {
    [AUTH_IDENTITY_PROVEN] = 0,
    [AUTH_IDENTITY_WRONG] = AUTH_ERASE_WRONG_PASSWORD,
    [AUTH_IDENTITY_THROTTLED] = AUTH_ERASE_THROTTLED,
};

enum err auth_erase(const struct auth_context *context,
    const struct store_principal *principal, struct secret_str password,
    struct auth_erase_result *ret)
{
	struct erasing e = {.context = context, .principal = principal};
	struct auth_identity_result proof = {0};
	enum err err = auth_identity_check(context, principal, password,
	    &proof);

	if (err != OK)
		return err;
	ensure(proof.outcome < ARRAY_LEN(proofs));
	ret->outcome = proofs[proof.outcome];
	ret->wait_s = proof.wait_s;
	if (ret->outcome != 0)
		return OK;
	e.verified = proof.verified;
	err = db_conn_transact(context->app->db, erase_in_transaction, &e);
	if (err != OK && err != ERR_DENIED)
		return err;
	ret->outcome = err == OK ? AUTH_ERASE_DONE : AUTH_ERASE_LAST_ADMIN;
	return OK;
}
