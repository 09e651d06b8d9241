/* GET /account/export: all that is stored, and nothing that opens a door. */
#include "core/base.h"

#include "api.h"

static const cJSON *member(const struct response *res, const char *name)
{
	return cJSON_GetObjectItem(res->json, name);
}

START_TEST(all_there_is)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *res = get(c, "/account/export");

	expect_success(res, 200, NULL);
	expect_members(res, res->json, "success", "message", "user",
	    "credentials", "sessions", "networks", "email_changes", "mails",
	    "logs", "truncated");
	expect_user(res, member(res, "user"), a.username, a.email);
	ck_assert_int_eq(cJSON_GetArraySize(member(res, "credentials")), 1);
	ck_assert_int_eq(cJSON_GetArraySize(member(res, "sessions")), 1);
	ck_assert_int_eq(cJSON_GetArraySize(member(res, "networks")), 1);
	ck_assert_int_eq(cJSON_GetArraySize(member(res, "email_changes")), 0);
	ck_assert_int_eq(cJSON_GetArraySize(member(res, "mails")), 1);
	ck_assert(cJSON_IsFalse(member(res, "truncated")));
	ck_assert_str_eq(cJSON_GetStringValue(
			     cJSON_GetObjectItem(cJSON_GetArrayItem(member(res,
									"logs"),
						     0),
				 "event")),
	    "account_exported");
}
END_TEST

START_TEST(no_secrets)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *res = get(c, "/account/export");
	const char *hash = database_text("SELECT secret FROM credentials"
					 " WHERE user_id = %llu",
	    account_id(&a));

	ck_assert_ptr_null(strstr(res->body.p, hash));
	ck_assert_ptr_null(strstr(res->body.p, "argon2"));
	ck_assert_ptr_null(strstr(res->body.p, a.password));
	ck_assert_ptr_null(
	    strstr(res->body.p, client_cookie(c, SESSION_COOKIE)));
	ck_assert_ptr_null(strstr(res->body.p, client_csrf(c)));
}
END_TEST

START_TEST(nothing_of_others)
{
	struct account a = account_new(), b = account_new();
	const struct response *res;

	account_login(&b);
	res = get(account_login(&a), "/account/export");
	ck_assert_ptr_null(strstr(res->body.p, b.username));
	ck_assert_ptr_null(strstr(res->body.p, b.email));
}
END_TEST

/* Where an administrator sits is not their users' business. */
START_TEST(no_addresses_of_others)
{
	struct account a = account_new();
	struct account boss = {
	    .username = environment("T2O_ADMIN_USERNAME"),
	    .password = environment("T2O_ADMIN_PASSWORD"),
	};
	struct client *c = account_login(&a), *other = account_login(&boss);
	const struct response *res;

	expect_success(post(other, "/update_profile",
			   J("{'first_name':'New','last_name':'Name',"
			     "'username':'%s','email':'%s','user_id':%llu}",
			       a.username, a.email, account_id(&a))),
	    200, NULL);
	res = get(c, "/account/export");
	ck_assert_ptr_nonnull(strstr(res->body.p, "profile_updated"));
	ck_assert_ptr_nonnull(strstr(res->body.p, client_address(c)));
	ck_assert_ptr_null(strstr(res->body.p, client_address(other)));
}
END_TEST

/* As long as each text can be, and of what JSON makes the most. */
START_TEST(more_than_fits)
{
	struct account a = account_new();
	unsigned long long id = account_id(&a);
	struct client *c = account_login(&a);
	const struct response *res;

	database_run("INSERT INTO audit_log (created_at, event, level,"
		     " target_id, message, client_ip, user_agent, request_id)"
		     " SELECT UTC_TIMESTAMP(6), 'login', 'info', %llu,"
		     " REPEAT('\"', 255), REPEAT('f', 45), REPEAT('\\\\', 255),"
		     " REPEAT('f', 32) FROM seq_1_to_1000",
	    id);
	database_run("INSERT INTO mail_outbox (state, template, user_id,"
		     " recipient, detail, created_at, next_at)"
		     " SELECT 'sent', 'new_login', %llu, REPEAT('r', 254),"
		     " REPEAT('\"', 255), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)"
		     " FROM seq_1_to_200",
	    id);
	database_run("INSERT INTO sessions (id_hash, user_id, created_at,"
		     " last_seen_at, confirmed_at, expires_at, client_ip,"
		     " user_agent) SELECT UNHEX(SHA2(CONCAT(%llu, seq), 256)),"
		     " %llu, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6),"
		     " UTC_TIMESTAMP(6), '2126-01-01', REPEAT('f', 45),"
		     " REPEAT('\"', 255) FROM seq_1_to_200",
	    id, id);
	res = get(c, "/account/export");
	expect_success(res, 200, NULL);
	ck_assert(cJSON_IsTrue(member(res, "truncated")));
	ck_assert_int_eq(cJSON_GetArraySize(member(res, "logs")), 400);
	ck_assert_int_eq(cJSON_GetArraySize(member(res, "mails")), 100);
	ck_assert_int_eq(cJSON_GetArraySize(member(res, "sessions")), 100);
}
END_TEST

void add_export(TCase *tc)
{
	tcase_add_test(tc, all_there_is);
	tcase_add_test(tc, no_secrets);
	tcase_add_test(tc, nothing_of_others);
	tcase_add_test(tc, no_addresses_of_others);
	tcase_add_test(tc, more_than_fits);
}
