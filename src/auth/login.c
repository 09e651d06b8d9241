#include "core/base.h"

#include "auth/login.h"

#include "auth/hash.h"
#include "auth/network.h"
#include "auth/notice.h"
#include "auth/session.h"
#include "auth/throttle.h"
#include "db/conn.h"
#include "store/credential.h"
#include "store/network.h"
#include "store/user.h"

/* What one customer is given, and whose failures count together. */
static const struct auth_network_bits customer = {32, 64};

/* What a provider hands out to one place: another one is worth a mail. */
static const struct auth_network_bits place = {24, 48};

/* One try, as its steps fill it in. */
struct
try {
	const struct auth_context *context;
	const struct auth_login *login;
	struct str address; /* throttle key of the client */

	struct store_login found; /* user.id 0: nobody */
	struct secret_str rehash; /* p NULL: the stored one will do */
	enum auth_login_outcome outcome;
	struct secret session_id;
	struct store_principal principal;
};

/* The longer of the two waits. */
static enum err wait_of(const struct try *t, int64_t *ret_wait_s)
{
	int64_t account_s;
	int64_t address_s;
	enum err err = auth_throttle_wait(t->context, THROTTLE_ACCOUNT,
	    t->login->username_or_email, &account_s);

	if (err == OK)
		err = auth_throttle_wait(t->context, THROTTLE_ADDRESS,
		    t->address, &address_s);
	if (err == OK)
		*ret_wait_s = MAX_OF(account_s, address_s);
	return err;
}

/* Looks up and verifies; *ret_match false also when there is nobody. */
static enum err check_password(struct try *t, bool *ret_match)
{
	const struct config *config = t->context->app->config;
	struct secret_str password = t->login->password;
	bool match = false;
	enum err err = store_user_for_login(t->context->app->db,
	    t->context->arena, t->login->username_or_email, &t->found);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (err == OK && t->found.password_hash.p != NULL)
		err = auth_hash_verify(t->found.password_hash, password,
		    &match);
	else
		err = auth_hash_verify_nobody(config, password);
	if (err == OK)
		*ret_match = match;
	return err;
}

static enum err fail_in_transaction(struct db *db, void *arg)
{
	const struct try *t = arg;
	const struct auth_context *context = t->context;
	bool had_room;
	enum err err = auth_throttle_hit(context, THROTTLE_ACCOUNT,
	    t->login->username_or_email, &had_room);

	if (err == OK)
		err = auth_throttle_hit(context, THROTTLE_ADDRESS, t->address,
		    &had_room);
	if (err == OK)
		err = store_audit_add(db, &context->origin, AUDIT_LOGIN_FAILED,
		    t->found.user.id, STR(""), context->now_us);
	return err;
}

static enum err audit_block(const struct try *t, const char *why)
{
	return store_audit_add(t->context->app->db, &t->context->origin,
	    AUDIT_LOGIN_BLOCKED, t->found.user.id, str_of(why),
	    t->context->now_us);
}

/* A right password is not enough for these. */
static enum err check_user(const struct try *t, enum auth_login_outcome *ret)
{
	const struct store_user *user = &t->found.user;

	*ret = AUTH_LOGIN_GRANTED;
	if (user->disabled_us != 0) {
		*ret = AUTH_LOGIN_DISABLED;
		return audit_block(t, "account disabled");
	}
	if (user->verified_us == 0) {
		*ret = AUTH_LOGIN_UNVERIFIED;
		return audit_block(t, "email not verified");
	}
	if (user->twofa_enabled) {
		*ret = AUTH_LOGIN_TWOFA;
		return audit_block(t, "second factor required");
	}
	return OK;
}

static enum err replace_hash(const struct try *t, struct db *db)
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

static enum err end_old_session(const struct try *t, struct db *db)
{
	const struct store_principal *old = t->login->old;
	enum err err;

	if (old == NULL)
		return OK;
	err = store_session_delete(db, old->user.id, old->session.id);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* A place that the user has not come from before is told to them. */
static enum err note_network(const struct try *t, struct db *db)
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

static enum err begin_session(struct try *t, struct db *db)
{
	const struct auth_context *context = t->context;
	uint64_t id = t->found.user.id;
	struct digest id_hash;
	enum err err = end_old_session(t, db);

	if (err == OK)
		err = auth_session_start(context, id, &t->session_id);
	if (err == OK) {
		secret_digest(&t->session_id, &id_hash);
		err = store_session_principal(db, context->arena, &id_hash,
		    &t->principal);
	}
	if (err == OK)
		err = note_network(t, db);
	if (err == OK)
		err = auth_throttle_clear(context, THROTTLE_ACCOUNT,
		    t->login->username_or_email);
	if (err == OK)
		err = store_audit_add(db, &context->origin, AUDIT_LOGIN, id,
		    STR(""), context->now_us);
	return err;
}

/*
 * Hashing took its time, so the user is looked at once more, behind the lock:
 * who changed the password or disabled the user meanwhile has ended all
 * sessions, and none may begin after that.  ERR_CONFLICT when it is not the
 * password that was verified.
 */
static enum err grant_in_transaction(struct db *db, void *arg)
{
	struct try *t = arg;
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
	err = check_user(t, &t->outcome);
	if (err != OK || t->outcome != AUTH_LOGIN_GRANTED)
		return err;
	if (t->rehash.p != NULL)
		err = replace_hash(t, db);
	return err == OK ? begin_session(t, db) : err;
}

static enum err grant(struct try *t)
{
	const struct app *app = t->context->app;
	struct buf hash;
	enum err err = OK;

	buf_init(&hash, AUTH_HASH_LEN_MAX);
	if (auth_hash_outdated(app->config, t->found.password_hash))
		err = auth_hash_new(app->config, t->login->password, &hash);
	t->rehash = (struct secret_str){hash.p, hash.len};
	if (err == OK)
		err = db_conn_transact(app->db, grant_in_transaction, t);
	t->rehash = (struct secret_str){NULL, 0};
	buf_done(&hash);
	return err;
}

static enum err verify_and_grant(struct try *t)
{
	bool match;
	enum err err = check_password(t, &match);

	if (err != OK)
		return err;
	if (match)
		return grant(t);
	t->outcome = AUTH_LOGIN_INVALID;
	return db_conn_transact(t->context->app->db, fail_in_transaction, t);
}

enum err auth_login(const struct auth_context *context,
    const struct auth_login *login, struct auth_login_result *ret)
{
	char storage[AUTH_NETWORK_LEN];
	struct try t = {
	    .context = context,
	    .login = login,
	    .address = auth_network_of(context->origin.client_ip, customer,
		storage),
	};
	int64_t wait_s;
	enum err err = wait_of(&t, &wait_s);

	if (err != OK)
		return err;
	if (wait_s > 0) {
		t.outcome = AUTH_LOGIN_THROTTLED;
		err = audit_block(&t, "too many failures");
	} else {
		err = verify_and_grant(&t);
		/* Also when a login beside this one has renewed the hash. */
		if (err == ERR_CONFLICT)
			err = verify_and_grant(&t);
	}
	if (err == OK)
		*ret = (struct auth_login_result){t.outcome, wait_s,
		    t.session_id, t.principal};
	crypto_wipe(&t.session_id, sizeof(t.session_id));
	return err;
}
