/* The audit log through GET /logs. */
#include "core/base.h"

#include "api.h"

static const cJSON *member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static int n_logs(const struct response *res)
{
	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message", "logs",
	    "total_pages", "current_page", "next_cursor");
	return cJSON_GetArraySize(member(res->json, "logs"));
}

static const char *text_of(const struct response *res, int i, const char *name)
{
	return member(cJSON_GetArrayItem(member(res->json, "logs"), i), name)
	    ->valuestring;
}

START_TEST(everyone_sees_their_own)
{
	struct account a = account_new(), other = account_new();
	struct client *c = account_login(&a);
	const struct response *res;

	(void)account_login(&other);
	res = get(c, "/logs");
	ck_assert_int_eq(n_logs(res), 2);
	expect_members(res, cJSON_GetArrayItem(member(res->json, "logs"), 0),
	    "id", "timestamp", "log_level", "message", "client_ip",
	    "user_agent", "user_email", "event", "request_id");
	ck_assert_str_eq(text_of(res, 0, "event"), "login");
	ck_assert_str_eq(text_of(res, 1, "event"), "signup");
	ck_assert_str_eq(text_of(res, 0, "user_email"), a.email);
	ck_assert_str_eq(text_of(res, 0, "client_ip"), client_address(c));
	ck_assert(cJSON_IsNull(member(res->json, "next_cursor")));
	expect_error(get(c, text("/logs?user_id=%llu", account_id(&other))),
	    403, "forbidden");
	expect_error(get(c, text("/logs?user_email=%s", other.email)), 403,
	    "forbidden");
	expect_error(get(c, "/logs?user_email=nobody-has-this@example.org"),
	    403, "forbidden");
}
END_TEST

START_TEST(with_permission_everybodys)
{
	struct account a = account_new(),
		       admin = {
			   .username = environment("T2O_ADMIN_USERNAME"),
			   .password = environment("T2O_ADMIN_PASSWORD"),
		       };
	struct client *c = account_login(&admin);
	const struct response *res;

	(void)account_login(&a);
	res = get(c, text("/logs?user_email=%s", a.email));
	ck_assert_int_eq(n_logs(res), 2);
	res = get(c, text("/logs?user_id=%llu&event=signup", account_id(&a)));
	ck_assert_int_eq(n_logs(res), 1);
	res = get(c, "/logs?user_email=nobody-has-this@example.org");
	ck_assert_int_eq(n_logs(res), 0);
	ck_assert_int_ge(n_logs(get(c, "/logs?per_page=100")), 4);
}
END_TEST

START_TEST(the_cursor_leads_through_all_once)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *res;
	const char *path = "/logs?per_page=2";
	char *seen = text("%s", "");
	int n = 0;

	for (int i = 0; i < 4; i++)
		c = account_login(&a);
	do {
		const cJSON *log;

		res = get(c, path);
		n += n_logs(res);
		cJSON_ArrayForEach (log, member(res->json, "logs")) {
			const char *id = text("/%.0f/",
			    member(log, "id")->valuedouble);

			ck_assert_ptr_null(strstr(seen, id));
			seen = text("%s%s", seen, id);
		}
		if (cJSON_IsString(member(res->json, "next_cursor")))
			path = text("/logs?per_page=2&cursor=%s",
			    response_text(res, "next_cursor"));
	} while (cJSON_IsString(member(res->json, "next_cursor")));
	ck_assert_int_eq(n, 6);
	res = get(c, "/logs?per_page=2&page=2");
	ck_assert_int_eq(n_logs(res), 2);
	ck_assert_int_eq(member(res->json, "total_pages")->valueint, 3);
	ck_assert_int_eq(member(res->json, "current_page")->valueint, 2);
}
END_TEST

static const struct {
	const char *query;
	const char *field;
} refused[] = {
    {"page=0", "page"},
    {"page=1001", "page"},
    {"page=9223372036854775808", "page"},
    {"page=x", "page"},
    {"page=-1", "page"},
    {"per_page=0", "per_page"},
    {"per_page=101", "per_page"},
    {"user_id=1.5", "user_id"},
    {"from=yesterday", "from"},
    {"to=2026-02-30", "to"},
    {"cursor=x", "cursor"},
    {"cursor=AAAAAAAAAAA=", "cursor"},
};

START_TEST(queries_are_checked)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	expect_bad_field(get(c, text("/logs?%s", refused[_i].query)),
	    refused[_i].field);
}
END_TEST

START_TEST(what_is_said_twice_or_not_known)
{
	struct account a = account_new();
	struct client *c = account_login(&a);

	expect_error(get(c, "/logs?page=1&page=2"), 400, "invalid_request");
	expect_error(get(c, "/logs?q=%zz"), 400, "invalid_request");
	ck_assert_int_eq(n_logs(get(c, "/logs?sort=x&page=&q=%25")), 0);
	ck_assert_int_eq(n_logs(get(c, "/logs?q=Login&from=2026-01-01")), 1);
	ck_assert_int_eq(n_logs(get(c, "/logs?to=2026-01-01")), 0);
}
END_TEST

void add_logs(TCase *tc)
{
	tcase_add_test(tc, everyone_sees_their_own);
	tcase_add_test(tc, with_permission_everybodys);
	tcase_add_test(tc, the_cursor_leads_through_all_once);
	tcase_add_loop_test(tc, queries_are_checked, 0, ARRAY_LEN(refused));
	tcase_add_test(tc, what_is_said_twice_or_not_known);
}
