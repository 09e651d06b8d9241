#include "core/base.h"

#include "auth/login_private.h"

enum err auth_login_check_code(struct auth_login_try *t)
{
	struct auth_login_result *result = &t->result;
	uint64_t id = t->found.user.id;
	enum err err = auth_factor_try(t->context, id,
	    t->challenge.id != 0 ? &t->challenge : NULL, t->login->code,
	    &t->factor, &result->wait_s);

	if (err != OK)
		return err;
	if (result->wait_s > 0) {
		result->outcome = AUTH_LOGIN_THROTTLED;
		return OK;
	}
	if (t->factor.kind != 0)
		return OK;
	result->outcome = AUTH_LOGIN_BAD_CODE;
	return auth_factor_refuse(t->context, id);
}

/* ERR_NOT_FOUND when there is no such login that waits. */
static enum err find_challenge(struct auth_login_try *t)
{
	const struct auth_context *context = t->context;
	struct db *db = context->app->db;
	struct secret id;
	struct digest id_hash;
	enum err err = secret_parse(t->login->challenge, &id);

	if (err != OK)
		return ERR_NOT_FOUND;
	secret_digest(&id, &id_hash);
	crypto_wipe(&id, sizeof(id));
	err = store_challenge_get(db, context->arena, &id_hash, context->now_us,
	    &t->challenge);
	if (err == OK)
		err = store_user_for_login_by_id(db, context->arena,
		    t->challenge.user_id, &t->found);
	return err;
}

enum err auth_login_by_challenge(struct auth_login_try *t)
{
	enum err err = find_challenge(t);

	if (err == OK)
		err = auth_login_check_code(t);
	if (err == OK && t->result.outcome == 0)
		err = auth_login_enter(t);
	/* Unknown, answered, too old; or ended by a new password. */
	if (err == ERR_NOT_FOUND || err == ERR_CONFLICT) {
		t->result.outcome = AUTH_LOGIN_OVER;
		return auth_login_block(t, "no such login waits");
	}
	return err;
}
