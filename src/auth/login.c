#include "core/base.h"

#include "auth/login_private.h"

#include "auth/hash.h"
#include "auth/network.h"
#include "auth/throttle.h"
#include "db/conn.h"

/*
 * What counts the failures: the name that was typed, or the device, when its
 * user is called that.
 */
static enum err choose_bucket(struct auth_login_try *t)
{
	const struct auth_login *login = t->login;
	struct store_login found;
	enum err err;

	t->kind = THROTTLE_ACCOUNT;
	t->key = login->username_or_email;
	if (login->device.user_id == 0)
		return OK;
	err = store_user_for_login(t->context->app->db, t->context->arena,
	    login->username_or_email, &found);
	if (err == OK && found.user.id == login->device.user_id) {
		t->kind = THROTTLE_DEVICE;
		t->key = login->device.name;
	}
	return err == ERR_NOT_FOUND ? OK : err;
}

/* The longer of the two waits. */
static enum err wait_of(const struct auth_login_try *t, int64_t *ret_wait_s)
{
	int64_t account_s;
	int64_t address_s;
	enum err err = auth_throttle_wait(t->context, t->kind, t->key,
	    &account_s);

	if (err == OK)
		err = auth_throttle_wait(t->context, THROTTLE_ADDRESS,
		    t->address, &address_s);
	if (err == OK)
		*ret_wait_s = MAX_OF(account_s, address_s);
	return err;
}

/* Looks up and verifies; *ret_match false also when there is nobody. */
static enum err check_password(struct auth_login_try *t, bool *ret_match)
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
	const struct auth_login_try *t = arg;
	const struct auth_context *context = t->context;
	bool had_room;
	enum err err = auth_throttle_hit(context, t->kind, t->key, &had_room);

	if (err == OK)
		err = auth_throttle_hit(context, THROTTLE_ADDRESS, t->address,
		    &had_room);
	if (err == OK)
		err = store_audit_add(db, &context->origin, AUDIT_LOGIN_FAILED,
		    t->found.user.id, STR(""), context->now_us);
	return err;
}

/*
 * A code that came with the password is looked at before the user is locked.
 * Who is kept out anyway does not get to try one.
 */
static bool has_code_to_check(const struct auth_login_try *t)
{
	const struct store_user *user = &t->found.user;

	return t->login->code.len > 0 && t->factor.kind == 0 &&
	    user->twofa_enabled && user->verified_us != 0 &&
	    user->disabled_us == 0;
}

static enum err grant(struct auth_login_try *t)
{
	const struct config *config = t->context->app->config;
	struct buf hash;
	enum err err = OK;

	if (has_code_to_check(t))
		err = auth_login_check_code(t);
	if (err != OK || t->result.outcome != 0)
		return err;
	buf_init(&hash, AUTH_HASH_LEN_MAX);
	if (auth_hash_outdated(config, t->found.password_hash))
		err = auth_hash_new(config, t->login->password, &hash);
	t->rehash = (struct secret_str){hash.p, hash.len};
	if (err == OK)
		err = auth_login_enter(t);
	t->rehash = (struct secret_str){NULL, 0};
	buf_done(&hash);
	return err;
}

static enum err verify_and_grant(struct auth_login_try *t)
{
	bool match;
	enum err err = check_password(t, &match);

	if (err != OK)
		return err;
	if (match)
		return grant(t);
	t->result.outcome = AUTH_LOGIN_INVALID;
	return db_conn_transact(t->context->app->db, fail_in_transaction, t);
}

static enum err by_password(struct auth_login_try *t)
{
	char storage[AUTH_NETWORK_LEN];
	enum err err;

	t->address = auth_network_of(t->context->origin.client_ip,
	    AUTH_NETWORK_CUSTOMER, storage);
	err = choose_bucket(t);
	if (err == OK)
		err = wait_of(t, &t->result.wait_s);
	if (err != OK)
		return err;
	if (t->result.wait_s > 0) {
		t->result.outcome = AUTH_LOGIN_THROTTLED;
		return auth_login_block(t, "too many failures");
	}
	err = verify_and_grant(t);
	/* Also when a login beside this one has renewed the hash. */
	return err == ERR_CONFLICT ? verify_and_grant(t) : err;
}

enum err auth_login(const struct auth_context *context,
    const struct auth_login *login, struct auth_login_result *ret)
{
	struct auth_login_try t = {.context = context, .login = login};
	enum err err = login->challenge.len > 0 ? auth_login_by_challenge(&t)
						: by_password(&t);

	if (err == OK)
		*ret = t.result;
	crypto_wipe(&t.result, sizeof(t.result));
	return err;
}
