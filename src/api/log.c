/* The audit log: one's own rows, or with access_logs everybody's. */
#include "core/base.h"

#include "api/call.h"
#include "api/cursor.h"
#include "api/handlers.h"
#include "auth/access.h"
#include "core/addr.h"
#include "store/audit.h"
#include "store/user.h"

#define PER_PAGE_PRESET 10
#define PER_PAGE_MAX 100
#define FILTER_LEN_MAX 100

/* Beyond that `total_pages` counts no further: it would cost the whole log. */
#define COUNTED_MAX 10000

/* Numbered pages are for leafing; who goes further takes the cursor. */
#define PAGE_MAX 1000

struct log_query {
	uint64_t page;
	uint64_t per_page;
	uint64_t user_id;
	struct str user_email;
	struct str cursor;
	struct store_log_filter filter;
};

#define AT(member) offsetof(struct log_query, member)

static const struct field query_fields[] = {
    {"page", FIELD_ID, AT(page), false, PAGE_MAX, NULL},
    {"per_page", FIELD_ID, AT(per_page), false, PER_PAGE_MAX, NULL},
    {"level", FIELD_TEXT, AT(filter.level), false, FILTER_LEN_MAX, NULL},
    {"event", FIELD_TEXT, AT(filter.event), false, FILTER_LEN_MAX, NULL},
    {"user_id", FIELD_ID, AT(user_id), false, 0, NULL},
    {"user_email", FIELD_TEXT, AT(user_email), false, ADDR_LEN_MAX, NULL},
    {"from", FIELD_TIME, AT(filter.from_us), false, 0, NULL},
    {"to", FIELD_TIME, AT(filter.to_us), false, 0, NULL},
    {"q", FIELD_TEXT, AT(filter.q), false, FILTER_LEN_MAX, NULL},
    {"cursor", FIELD_TEXT, AT(cursor), false, API_CURSOR_LEN, api_cursor_check},
};
const struct field_table api_log_query = FIELD_TABLE(query_fields,
    struct log_query);

/*
 * Whose rows, from id and address.  ERR_NOT_FOUND when nobody has both: then
 * there are none.
 */
static enum err find_whose(struct api_call *call, struct log_query *query)
{
	struct store_user user;
	uint64_t only_id;
	enum err err = auth_access_logs(&call->auth, 0, &only_id);

	/* Before it is looked up: that it is refused says nothing about it. */
	if (err == OK && only_id != 0 && query->user_email.len > 0 &&
	    !str_eq_nocase(query->user_email, call->principal->user.email))
		err = ERR_DENIED;
	if (err == OK && query->user_email.len > 0)
		err = store_user_by_email(call->app->db, call->arena,
		    query->user_email, &user);
	if (err == OK && query->user_email.len > 0) {
		if (query->user_id != 0 && query->user_id != user.id)
			return ERR_NOT_FOUND;
		query->user_id = user.id;
	}
	return err;
}

static void put_log(struct json_out *out, const struct store_log *log)
{
	json_object(out, NULL);
	json_u64(out, "id", log->id);
	json_time(out, "timestamp", log->created_us);
	json_str(out, "log_level", log->level);
	json_str(out, "message", log->message);
	json_str(out, "client_ip", log->client_ip);
	json_str(out, "user_agent", log->user_agent);
	json_str(out, "user_email", log->user_email);
	json_str(out, "event", log->event);
	json_str(out, "request_id", log->request_id);
	json_object_end(out);
}

static void answer(struct api_call *call, const struct log_query *query,
    const struct store_log *list, size_t n, uint64_t total)
{
	uint64_t pages = (total + query->per_page - 1) / query->per_page;
	struct json_out out;

	api_begin(call, 200, true, "Audit log", &out);
	json_array(&out, "logs");
	for (size_t i = 0; i < n; i++)
		put_log(&out, &list[i]);
	json_array_end(&out);
	json_u64(&out, "total_pages", MAX_OF(pages, 1));
	json_u64(&out, "current_page", query->page);
	api_cursor_put(&out, n < query->per_page ? 0 : list[n - 1].id);
	api_end(&out);
}

static enum err read_logs(struct api_call *call, struct log_query *query,
    struct store_log **ret_list, size_t *ret_n, uint64_t *ret_total)
{
	uint64_t offset = 0;
	enum err err = auth_access_logs(&call->auth, query->user_id,
	    &query->filter.user_id);

	if (err != OK)
		return err;
	query->filter.before_id = api_cursor_id(query->cursor);
	if (query->filter.before_id == 0)
		offset = (query->page - 1) * query->per_page;
	err = store_audit_list(call->app->db, call->arena, &query->filter,
	    offset, query->per_page, ret_list, ret_n);
	if (err == OK)
		err = store_audit_count(call->app->db, call->arena,
		    &query->filter, COUNTED_MAX, ret_total);
	return err;
}

void api_log_list(struct api_call *call)
{
	struct log_query *query = call->body;
	struct store_log *list = NULL;
	uint64_t total = 0;
	size_t n = 0;
	enum err err = find_whose(call, query);

	if (query->page == 0)
		query->page = 1;
	if (query->per_page == 0)
		query->per_page = PER_PAGE_PRESET;
	if (err == OK)
		err = read_logs(call, query, &list, &n, &total);
	if (err == OK || err == ERR_NOT_FOUND)
		answer(call, query, list, n, total);
	else
		api_refuse(call, err, NULL);
}
