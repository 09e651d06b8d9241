/* Lists of users for administrators. */
#include "core/base.h"

#include "api/call.h"
#include "api/cursor.h"
#include "api/handlers.h"
#include "core/addr.h"
#include "store/user_list.h"

#define PER_PAGE_PRESET 20
#define PER_PAGE_MAX 100
#define PAGE_MAX 1000

/* Beyond that `total` counts no further. */
#define COUNTED_MAX 10000

/* What the old client gets in one piece. */
#define PROFILES_MAX 1000

static const struct {
	const char *name;
	enum store_user_order order;
} orders[] = {
    {"id", STORE_USER_BY_ID},
    {"-id", STORE_USER_BY_ID_DOWN},
    {"created_at", STORE_USER_BY_ID},
    {"-created_at", STORE_USER_BY_ID_DOWN},
    {"username", STORE_USER_BY_USERNAME},
    {"-username", STORE_USER_BY_USERNAME_DOWN},
    {"email", STORE_USER_BY_EMAIL},
    {"-email", STORE_USER_BY_EMAIL_DOWN},
};

/* 0: there is no such. */
static enum store_user_order find_order(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		if (str_eq(name, str_of(orders[i].name)))
			return orders[i].order;
	return 0;
}

static const char *check_order(struct str name)
{
	return find_order(name) != 0
	    ? NULL
	    : "must be id, username, email or created_at, with - before it "
	      "for the other way";
}

struct list_query {
	struct str q;
	struct str sort;
	uint64_t page;
	uint64_t per_page;
	struct str cursor;
};

#define AT(member) offsetof(struct list_query, member)

static const struct field query_fields[] = {
    {"q", FIELD_TEXT, AT(q), false, ADDR_LEN_MAX, NULL},
    {"sort", FIELD_TEXT, AT(sort), false, 20, check_order},
    {"page", FIELD_ID, AT(page), false, PAGE_MAX, NULL},
    {"per_page", FIELD_ID, AT(per_page), false, PER_PAGE_MAX, NULL},
    {"cursor", FIELD_TEXT, AT(cursor), false, API_CURSOR_LEN, api_cursor_check},
};
const struct field_table api_user_list_query = FIELD_TABLE(query_fields,
    struct list_query);

static void put_listed(struct json_out *out, const struct store_listed_user *l)
{
	json_object(out, NULL);
	json_u64(out, "id", l->user.id);
	json_str(out, "first_name", l->user.first_name);
	json_str(out, "last_name", l->user.last_name);
	json_str(out, "username", l->user.username);
	json_str(out, "email", l->user.email);
	json_bool(out, "verified", l->user.verified_us != 0);
	json_bool(out, "disabled", l->user.disabled_us != 0);
	json_bool(out, "twofa_enabled", l->user.twofa_enabled);
	json_lines(out, "roles", l->roles);
	json_time(out, "created_at", l->user.created_us);
	json_object_end(out);
}

static void put_list(struct json_out *out, const char *key,
    const struct store_listed_user *list, size_t n, uint64_t per_page)
{
	json_array(out, key);
	for (size_t i = 0; i < n; i++)
		put_listed(out, &list[i]);
	json_array_end(out);
	api_cursor_put(out, n < per_page ? 0 : list[n - 1].user.id);
}

void api_user_list(struct api_call *call)
{
	const struct list_query *query = call->body;
	uint64_t per_page = query->per_page != 0 ? query->per_page
						 : PER_PAGE_PRESET;
	uint64_t page = MAX_OF(query->page, 1);
	struct store_user_filter filter = {.prefix = query->q};
	struct store_listed_user *list;
	struct json_out out;
	uint64_t total;
	size_t n;
	enum err err;

	filter.order = query->sort.len > 0 ? find_order(query->sort)
					   : STORE_USER_BY_ID;
	filter.after_id = api_cursor_id(query->cursor);
	err = store_user_search(call->app->db, call->arena, &filter,
	    filter.after_id != 0 ? 0 : (page - 1) * per_page, per_page, &list,
	    &n);
	if (err == OK)
		err = store_user_count(call->app->db, call->arena, query->q,
		    COUNTED_MAX, &total);
	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	api_begin(call, 200, true, "Users", &out);
	put_list(&out, "users", list, n, per_page);
	json_u64(&out, "total", total);
	api_end(&out);
}

/* The old client reads them from `message`. */
void api_user_profiles(struct api_call *call)
{
	const struct store_user_filter filter = {.order = STORE_USER_BY_ID};
	struct store_listed_user *list;
	struct json_out out;
	size_t n;
	enum err err = store_user_search(call->app->db, call->arena, &filter, 0,
	    PROFILES_MAX, &list, &n);

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	call->response->status = 200;
	json_out_init(&out, &call->response->body);
	json_object(&out, NULL);
	json_bool(&out, "success", true);
	put_list(&out, "message", list, n, PROFILES_MAX);
	json_object_end(&out);
}
