#include "core/base.h"

#include "auth/admin.h"

#include "auth/access.h"
#include "auth/hash.h"
#include "auth/notice.h"
#include "auth/password.h"
#include "auth/twofa.h"
#include "core/utf8.h"
#include "db/conn.h"
#include "store/credential.h"
#include "store/role.h"
#include "store/session.h"
#include "store/user.h"

/* What a transaction's body is told, and what it says about a refusal. */
struct act {
	const struct auth_context *context;
	enum err (*body)(struct db *db, struct act *a);
	uint64_t user_id; /* acted on, or just made */
	struct str role;
	struct secret_str hash;
	const struct auth_new_user *new_user; /* NULL: there is one */
	const struct store_user *user;
	uint64_t n_ended; /* sessions */
	const char *why;
};

static enum err audit(const struct act *a, enum audit_event event,
    struct str detail)
{
	return store_audit_add(a->context->app->db, &a->context->origin, event,
	    a->user_id, detail, a->context->now_us);
}

/* The one place where it is decided whether an actor may act on a user. */
static enum err act_in_transaction(struct db *db, void *arg)
{
	struct act *a = arg;
	enum err err = OK;

	if (a->new_user == NULL)
		err = auth_access_over_user(a->context, a->user_id);
	if (err == ERR_DENIED)
		a->why = "This user may do what you may not.";
	return err == OK ? a->body(db, a) : err;
}

/* Runs `body`; the sentence for a refusal comes out with it. */
static enum err run(struct act *a,
    enum err (*body)(struct db *db, struct act *a), const char **ret_why)
{
	enum err err;

	a->body = body;
	a->why = "";
	err = db_conn_transact(a->context->app->db, act_in_transaction, a);
	if (err != OK)
		*ret_why = a->why;
	return err;
}

/* Makes a change to a user who may be the last administrator. */
static enum err keep_admin(struct act *a,
    enum err (*change)(struct db *db, void *arg))
{
	enum err err = auth_access_keep_admin(a->context, change, a);

	if (err == ERR_DENIED)
		a->why = "The last administrator cannot be taken away.";
	return err;
}

/* What a change that found nothing to change comes to. */
static enum err unless_so(struct act *a, enum err err, const char *why)
{
	if (err != ERR_NOT_FOUND)
		return err;
	a->why = why;
	return ERR_CONFLICT;
}

static enum err accept_password(const struct auth_context *context,
    struct secret_str password, const struct auth_person *person,
    struct buf *hash, const char **ret_why)
{
	enum auth_password_verdict verdict;
	enum err err;

	*ret_why = "The password is not valid UTF-8.";
	err = auth_password_accept(context, password, person, hash, &verdict,
	    ret_why);
	return err == OK && verdict != AUTH_PASSWORD_FINE ? ERR_INVALID : err;
}

static enum err grant_role(struct db *db, struct act *a)
{
	struct store_role role;
	enum err err = store_role_by_name(db, a->context->arena, a->role,
	    &role);

	if (err == ERR_NOT_FOUND)
		a->why = "There is no such role.";
	if (err != OK)
		return err;
	if (!auth_access_covers(a->context, role.permissions)) {
		a->why = "This role permits what you may not.";
		return ERR_DENIED;
	}
	err = store_role_grant(db, a->user_id, role.name);
	if (err == ERR_CONFLICT)
		a->why = "The user has this role already.";
	return err == OK ? audit(a, AUDIT_ROLE_GRANTED, role.name) : err;
}

static enum err add_user(struct db *db, struct act *a)
{
	const struct auth_new_user *new = a->new_user;
	int64_t now_us = a->context->now_us;
	const struct store_user user = {
	    .username = new->person.username,
	    .email = new->person.email,
	    .first_name = new->person.first_name,
	    .last_name = new->person.last_name,
	    .verified_us = new->verified ? now_us : 0,
	    .created_us = now_us,
	};
	enum err err = store_user_add(db, &user, &a->user_id);

	if (err == ERR_CONFLICT)
		a->why = "The username or the address is taken.";
	if (err == OK)
		err = store_credential_set_password(db, a->user_id, a->hash,
		    now_us);
	if (err == OK)
		err = store_role_grant(db, a->user_id, STORE_ROLE_DEFAULT);
	if (err == OK && !new->verified)
		err = auth_notice_queue(a->context, MAIL_VERIFY_EMAIL,
		    a->user_id, user.email, STR(""));
	if (err == OK)
		err = audit(a, AUDIT_USER_CREATED, STR(""));
	if (err == OK && a->role.len > 0 &&
	    !str_eq_nocase(a->role, STORE_ROLE_DEFAULT))
		err = grant_role(db, a);
	return err;
}

/* What the field table sees to where a name comes as JSON. */
static const char *name_problem(struct str name)
{
	size_t n_code_points = utf8_len(name);

	if (n_code_points == SIZE_MAX)
		return "A name must be valid UTF-8.";
	if (n_code_points > AUTH_NAME_LEN_MAX)
		return "A name has 60 characters at the most.";
	return auth_policy_name(name);
}

static const char *person_problem(const struct auth_person *p)
{
	const char *why = auth_policy_username(p->username);

	if (why == NULL)
		why = auth_policy_email(p->email);
	if (why == NULL)
		why = name_problem(p->first_name);
	if (why == NULL)
		why = name_problem(p->last_name);
	return why;
}

enum err auth_admin_add(const struct auth_context *context,
    const struct auth_new_user *user, uint64_t *ret_id, const char **ret_why)
{
	struct act a = {.context = context,
	    .new_user = user,
	    .role = user->role};
	struct buf hash;
	enum err err;

	*ret_why = person_problem(&user->person);
	if (*ret_why != NULL)
		return ERR_INVALID;
	buf_init(&hash, AUTH_HASH_LEN_MAX);
	err = accept_password(context, user->password, &user->person, &hash,
	    ret_why);
	a.hash = (struct secret_str){hash.p, hash.len};
	if (err == OK)
		err = run(&a, add_user, ret_why);
	if (err == OK)
		*ret_id = a.user_id;
	buf_done(&hash);
	return err;
}

static enum err set_password(struct db *db, struct act *a)
{
	(void)db;
	return auth_password_set(a->context, a->user, a->hash, 0,
	    AUDIT_PASSWORD_SET);
}

enum err auth_admin_set_password(const struct auth_context *context,
    uint64_t user_id, struct secret_str password, const char **ret_why)
{
	struct store_user user;
	struct act a = {.context = context, .user_id = user_id, .user = &user};
	struct auth_person person;
	struct buf hash;
	enum err err = store_user_get(context->app->db, context->arena, user_id,
	    &user);

	if (err != OK)
		return err;
	person = auth_password_person(&user);
	buf_init(&hash, AUTH_HASH_LEN_MAX);
	err = accept_password(context, password, &person, &hash, ret_why);
	a.hash = (struct secret_str){hash.p, hash.len};
	if (err == OK)
		err = run(&a, set_password, ret_why);
	buf_done(&hash);
	return err;
}

static enum err disable_change(struct db *db, void *arg)
{
	const struct act *a = arg;

	return store_user_disable(db, a->user_id, a->context->now_us);
}

static enum err disable(struct db *db, struct act *a)
{
	uint64_t n_ended;
	enum err err = store_user_lock(db, a->user_id);

	if (err == OK)
		err = unless_so(a, keep_admin(a, disable_change),
		    "This account is disabled already.");
	if (err == OK)
		err = store_session_delete_of(db, a->user_id, 0, &n_ended);
	return err == OK ? audit(a, AUDIT_USER_DISABLED, STR("")) : err;
}

static enum err enable(struct db *db, struct act *a)
{
	enum err err = unless_so(a, store_user_enable(db, a->user_id),
	    "This account is not disabled.");

	return err == OK ? audit(a, AUDIT_USER_ENABLED, STR("")) : err;
}

static enum err verify(struct db *db, struct act *a)
{
	enum err err = unless_so(a,
	    store_user_mark_verified(db, a->user_id, a->context->now_us),
	    "This address is confirmed already.");

	return err == OK ? audit(a, AUDIT_USER_VERIFIED, STR("")) : err;
}

static enum err send_reset(struct db *db, struct act *a)
{
	struct store_user user;
	enum err err = store_user_get(db, a->context->arena, a->user_id, &user);

	if (err == OK)
		err = auth_notice_queue(a->context, MAIL_RESET_PASSWORD,
		    user.id, user.email, STR(""));
	return err == OK ? audit(a, AUDIT_RESET_ASKED, STR("")) : err;
}

static enum err reset_twofa(struct db *db, struct act *a)
{
	struct store_user user;
	enum err err = store_user_get(db, a->context->arena, a->user_id, &user);

	if (err != OK)
		return err;
	return unless_so(a, auth_twofa_remove(a->context, &user),
	    "This user has no second factor.");
}

static enum err end_sessions(struct db *db, struct act *a)
{
	enum err err = store_session_delete_of(db, a->user_id, 0, &a->n_ended);

	if (err != OK || a->n_ended == 0)
		return err;
	return audit(a, AUDIT_SESSION_REVOKED, STR("all"));
}

static enum err revoke_change(struct db *db, void *arg)
{
	const struct act *a = arg;

	return store_role_revoke(db, a->user_id, a->role);
}

static enum err revoke_role(struct db *db, struct act *a)
{
	enum err err = keep_admin(a, revoke_change);

	(void)db;
	if (err == ERR_NOT_FOUND)
		a->why = "The user does not have this role.";
	return err == OK ? audit(a, AUDIT_ROLE_REVOKED, a->role) : err;
}

enum err auth_admin_disable(const struct auth_context *context,
    uint64_t user_id, const char **ret_why)
{
	struct act a = {.context = context, .user_id = user_id};

	return run(&a, disable, ret_why);
}

enum err auth_admin_enable(const struct auth_context *context, uint64_t user_id,
    const char **ret_why)
{
	struct act a = {.context = context, .user_id = user_id};

	return run(&a, enable, ret_why);
}

enum err auth_admin_verify(const struct auth_context *context, uint64_t user_id,
    const char **ret_why)
{
	struct act a = {.context = context, .user_id = user_id};

	return run(&a, verify, ret_why);
}

enum err auth_admin_send_reset(const struct auth_context *context,
    uint64_t user_id, const char **ret_why)
{
	struct act a = {.context = context, .user_id = user_id};

	return run(&a, send_reset, ret_why);
}

enum err auth_admin_reset_twofa(const struct auth_context *context,
    uint64_t user_id, const char **ret_why)
{
	struct act a = {.context = context, .user_id = user_id};

	return run(&a, reset_twofa, ret_why);
}

enum err auth_admin_end_sessions(const struct auth_context *context,
    uint64_t user_id, const char **ret_why)
{
	struct act a = {.context = context, .user_id = user_id};

	return run(&a, end_sessions, ret_why);
}

enum err auth_admin_grant(const struct auth_context *context, uint64_t user_id,
    struct str role, const char **ret_why)
{
	struct act a = {.context = context, .user_id = user_id, .role = role};

	return run(&a, grant_role, ret_why);
}

enum err auth_admin_revoke(const struct auth_context *context, uint64_t user_id,
    struct str role, const char **ret_why)
{
	struct act a = {.context = context, .user_id = user_id, .role = role};

	return run(&a, revoke_role, ret_why);
}
