#include "core/base.h"

#include "auth/password.h"

#include "auth/hash.h"
#include "auth/notice.h"
#include "store/challenge.h"
#include "store/credential.h"
#include "store/session.h"

struct auth_person auth_password_person(const struct store_user *user)
{
	return (struct auth_person){user->first_name, user->last_name,
	    user->username, user->email};
}

enum err auth_password_accept(const struct auth_context *context,
    struct secret_str password, const struct auth_person *person,
    struct buf *hash, enum auth_password_verdict *ret_verdict,
    const char **ret_why)
{
	const struct config *config = context->app->config;
	enum err err = auth_policy_password(config, context->arena, password,
	    person, ret_verdict, ret_why);

	if (err != OK || *ret_verdict != AUTH_PASSWORD_FINE)
		return err;
	return auth_hash_new(config, password, hash);
}

enum err auth_password_set(const struct auth_context *context,
    const struct store_user *user, struct secret_str hash, uint64_t except_id,
    enum audit_event event)
{
	struct db *db = context->app->db;
	uint64_t n_ended;
	/* Against a login that has verified the old one: auth/login.c. */
	enum err err = store_user_lock(db, user->id);

	if (err == OK)
		err = store_credential_set_password(db, user->id, hash,
		    context->now_us);
	if (err == OK)
		err = store_session_delete_of(db, user->id, except_id,
		    &n_ended);
	/* Whoever began one has shown the old password. */
	if (err == OK)
		err = store_challenge_delete_of(db, user->id);
	if (err == OK)
		err = auth_notice_queue(context, MAIL_PASSWORD_CHANGED,
		    user->id, user->email, STR(""));
	if (err == OK)
		err = store_audit_add(db, &context->origin, event, user->id,
		    STR(""), context->now_us);
	return err;
}
