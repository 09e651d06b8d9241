/*
 * All that is stored about somebody, for them: no secrets, no hashes.
 *
 * Each list is cut, its newest rows first, so that the whole fits a response
 * and a request's memory at their worst; `truncated` says that there is more.
 */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "store/credential.h"
#include "store/email_change.h"
#include "store/network.h"
#include "store/outbox.h"

#define LIST_MAX 100
#define AUDIT_MAX 400

/* One export, as it is written. */
struct export
{
	struct api_call *call;
	uint64_t user_id;
	struct json_out out;
	bool truncated;
};

/* Of one row more than `max` that were asked for, how many to write. */
static size_t cut(struct export *e, size_t n, size_t max)
{
	e->truncated = e->truncated || n > max;
	return MIN_OF(n, max);
}

static enum err put_credentials(struct export *e)
{
	struct store_credential *list;
	size_t n;
	enum err err = store_credential_list(e->call->app->db, e->call->arena,
	    e->user_id, LIST_MAX + 1, &list, &n);

	if (err != OK)
		return err;
	n = cut(e, n, LIST_MAX);
	json_array(&e->out, "credentials");
	for (size_t i = 0; i < n; i++) {
		json_object(&e->out, NULL);
		json_str(&e->out, "kind", list[i].kind);
		json_time(&e->out, "changed_at", list[i].changed_us);
		json_object_end(&e->out);
	}
	json_array_end(&e->out);
	return OK;
}

static enum err put_sessions(struct export *e)
{
	struct store_session *list;
	size_t n;
	enum err err = store_session_list(e->call->app->db, e->call->arena,
	    e->user_id, e->call->auth.now_us, LIST_MAX + 1, &list, &n);

	if (err != OK)
		return err;
	n = cut(e, n, LIST_MAX);
	json_array(&e->out, "sessions");
	for (size_t i = 0; i < n; i++) {
		json_object(&e->out, NULL);
		json_u64(&e->out, "id", list[i].id);
		json_time(&e->out, "created_at", list[i].created_us);
		json_time(&e->out, "last_seen_at", list[i].last_seen_us);
		json_time(&e->out, "confirmed_at", list[i].confirmed_us);
		json_time(&e->out, "expires_at", list[i].expires_us);
		json_str(&e->out, "ip", list[i].client_ip);
		json_str(&e->out, "user_agent", list[i].user_agent);
		json_object_end(&e->out);
	}
	json_array_end(&e->out);
	return OK;
}

/* Their times: which networks they are is a hash to us as well. */
static enum err put_networks(struct export *e)
{
	int64_t *seen_us;
	size_t n;
	enum err err = store_network_list(e->call->app->db, e->call->arena,
	    e->user_id, LIST_MAX + 1, &seen_us, &n);

	if (err != OK)
		return err;
	n = cut(e, n, LIST_MAX);
	json_array(&e->out, "networks");
	for (size_t i = 0; i < n; i++) {
		json_object(&e->out, NULL);
		json_time(&e->out, "last_seen_at", seen_us[i]);
		json_object_end(&e->out);
	}
	json_array_end(&e->out);
	return OK;
}

static enum err put_email_changes(struct export *e)
{
	struct store_email_change *list;
	size_t n;
	enum err err = store_email_change_list(e->call->app->db, e->call->arena,
	    e->user_id, LIST_MAX + 1, &list, &n);

	if (err != OK)
		return err;
	n = cut(e, n, LIST_MAX);
	json_array(&e->out, "email_changes");
	for (size_t i = 0; i < n; i++) {
		json_object(&e->out, NULL);
		json_str(&e->out, "old_email", list[i].old_email);
		json_str(&e->out, "new_email", list[i].new_email);
		json_time(&e->out, "asked_at", list[i].asked_us);
		json_time(&e->out, "confirmed_at", list[i].confirmed_us);
		json_object_end(&e->out);
	}
	json_array_end(&e->out);
	return OK;
}

static enum err put_mails(struct export *e)
{
	struct store_mail *list;
	size_t n;
	enum err err = store_outbox_list_of(e->call->app->db, e->call->arena,
	    e->user_id, LIST_MAX + 1, &list, &n);

	if (err != OK)
		return err;
	n = cut(e, n, LIST_MAX);
	json_array(&e->out, "mails");
	for (size_t i = 0; i < n; i++) {
		json_object(&e->out, NULL);
		json_str(&e->out, "template", list[i].template);
		json_str(&e->out, "recipient", list[i].recipient);
		json_str(&e->out, "detail", list[i].detail);
		json_str(&e->out, "state", list[i].state);
		json_time(&e->out, "created_at", list[i].created_us);
		json_time(&e->out, "sent_at", list[i].sent_us);
		json_object_end(&e->out);
	}
	json_array_end(&e->out);
	return OK;
}

/* Where another user acted from is that one's, and not told. */
static void put_event(struct export *e, const struct store_log *row)
{
	bool foreign = row->actor_id != 0 && row->actor_id != e->user_id;

	json_object(&e->out, NULL);
	json_time(&e->out, "timestamp", row->created_us);
	json_str(&e->out, "log_level", row->level);
	json_str(&e->out, "event", row->event);
	json_str(&e->out, "message", row->message);
	json_str(&e->out, "client_ip", foreign ? STR("") : row->client_ip);
	json_str(&e->out, "user_agent", foreign ? STR("") : row->user_agent);
	json_str(&e->out, "request_id", row->request_id);
	json_object_end(&e->out);
}

static enum err put_audit(struct export *e)
{
	const struct store_log_filter filter = {.user_id = e->user_id};
	struct store_log *list;
	size_t n;
	enum err err = store_audit_list(e->call->app->db, e->call->arena,
	    &filter, 0, AUDIT_MAX + 1, &list, &n);

	if (err != OK)
		return err;
	n = cut(e, n, AUDIT_MAX);
	json_array(&e->out, "logs");
	for (size_t i = 0; i < n; i++)
		put_event(e, &list[i]);
	json_array_end(&e->out);
	return OK;
}

static enum err (*const lists[])(struct export *e) = {
    put_credentials,
    put_sessions,
    put_networks,
    put_email_changes,
    put_mails,
    put_audit,
};

/* Whoever has stolen a session leaves a trace of having taken it all. */
void api_export(struct api_call *call)
{
	struct export e = {.call = call, .user_id = call->principal->user.id};
	enum err err = store_audit_add(call->app->db, &call->auth.origin,
	    AUDIT_ACCOUNT_EXPORTED, e.user_id, STR(""), call->auth.now_us);

	api_begin(call, 200, true, "All that is stored about you", &e.out);
	api_put_user(&e.out, "user", call->principal);
	for (size_t i = 0; i < ARRAY_LEN(lists) && err == OK; i++)
		err = lists[i](&e);
	json_bool(&e.out, "truncated", e.truncated);
	api_end(&e.out);
	if (err == OK)
		err = buf_err(&call->response->body);
	if (err != OK)
		api_fail_err(call, err);
}
