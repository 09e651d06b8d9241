/* POST /update_profile, as the old client calls it and beyond. */
#include "core/base.h"

#include "api.h"

#define NEW_PASSWORD "harbour lantern ninety"
#define DONE "Profile updated successfully."

/* The four members that the old client always sends, and `more`. */
static char *body_of(const struct account *a, const char *more)
{
	return J("{'first_name':%s,'last_name':%s,'username':%s,'email':%s%s}",
	    text_json(a->first_name), text_json(a->last_name),
	    text_json(a->username), text_json(a->email), more);
}

static const struct response *update(struct client *c, const struct account *a,
    const char *more)
{
	return post(c, "/update_profile", body_of(a, text_swap_quotes(more)));
}

static struct client *admin(void)
{
	struct account a = {
	    .username = environment("T2O_ADMIN_USERNAME"),
	    .password = environment("T2O_ADMIN_PASSWORD"),
	};

	return account_login(&a);
}

static void give_role(const struct account *a, const char *role)
{
	database_run("INSERT INTO user_roles SELECT %llu, id FROM roles"
		     " WHERE name = '%s'",
	    account_id(a), role);
}

static long long count_rows(const struct account *a)
{
	unsigned long long id = account_id(a);

	return database_number("SELECT (SELECT COUNT(*) FROM audit_log"
			       " WHERE target_id = %llu) +"
			       " (SELECT COUNT(*) FROM mail_outbox"
			       " WHERE user_id = %llu) +"
			       " (SELECT COUNT(*) FROM email_changes"
			       " WHERE user_id = %llu)",
	    id, id, id);
}

START_TEST(names_change_at_once)
{
	struct account a = account_new(), wanted = account_invent();
	struct client *c = account_login(&a);
	const struct response *res;

	wanted.first_name = "Zoë";
	wanted.last_name = "O'Neil";
	wanted.email = a.email;
	res = update(c, &wanted, "");
	expect_success(res, 200, DONE);
	expect_members(res, res->json, "success", "message");
	res = get(c, "/current_user_details");
	expect_user(res, cJSON_GetObjectItem(res->json, "user"),
	    wanted.username, a.email);
	ck_assert_str_eq(cJSON_GetStringValue(
			     cJSON_GetObjectItem(cJSON_GetObjectItem(res->json,
						     "user"),
				 "first_name")),
	    "Zoë");
	wanted.password = a.password;
	account_login(&wanted);
}
END_TEST

START_TEST(what_is_unchanged_changes_nothing)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	long long n_before = count_rows(&a);

	database_let_pass(600);
	a.email = text_swap_case(a.email);
	expect_success(update(c, &a, ",'password':'','user_id':null"), 200,
	    DONE);
	ck_assert_int_eq(count_rows(&a), n_before);
}
END_TEST

static const struct {
	const char *member;
	const char *body;
} wrong[] = {
    {"first_name", "{'last_name':'L','username':'u_x','email':'x@y.org'}"},
    {"first_name",
	"{'first_name':'<b>','last_name':'L','username':'u_x',"
	"'email':'x@y.org'}"},
    {"last_name",
	"{'first_name':'F','last_name':'','username':'u_x',"
	"'email':'x@y.org'}"},
    {"username",
	"{'first_name':'F','last_name':'L','username':'u x',"
	"'email':'x@y.org'}"},
    {"username",
	"{'first_name':'F','last_name':'L','username':5,"
	"'email':'x@y.org'}"},
    {"email",
	"{'first_name':'F','last_name':'L','username':'u_x',"
	"'email':'x'}"},
    {"user_id",
	"{'first_name':'F','last_name':'L','username':'u_x',"
	"'email':'x@y.org','user_id':0}"},
    {"user_id",
	"{'first_name':'F','last_name':'L','username':'u_x',"
	"'email':'x@y.org','user_id':'1x'}"},
};

START_TEST(wrong_members)
{
	struct account a = account_new();

	expect_bad_field(post(account_login(&a), "/update_profile",
			     text_swap_quotes(wrong[_i].body)),
	    wrong[_i].member);
}
END_TEST

START_TEST(taken_username)
{
	struct account a = account_new(), b = account_new(), wanted = a;
	struct client *c = account_login(&a);

	wanted.username = text_swap_case(b.username);
	expect_error(update(c, &wanted, ""), 409, "username_taken");
	wanted.username = text_swap_case(a.username);
	expect_success(update(c, &wanted, ""), 200, DONE);
}
END_TEST

#define RACERS 10

START_TEST(of_many_at_once_one_gets_the_name)
{
	struct account wanted = account_invent();
	struct client *racers[RACERS];
	size_t n_won = 0;

	/* Each with an address of its own, so one body will not do. */
	for (size_t i = 0; i < RACERS; i++) {
		struct account a = account_new();

		racers[i] = account_login(&a);
		wanted.email = a.email;
		if (update(racers[i], &wanted, "")->status == 200)
			n_won++;
	}
	ck_assert_uint_eq(n_won, 1);
}
END_TEST

START_TEST(email_wants_a_recent_login)
{
	struct account a = account_new(), wanted = a;
	struct client *c = account_login(&a);

	wanted.email = account_invent().email;
	database_let_pass(301);
	expect_error(update(c, &wanted, ""), 403, "recent_login_required");
	expect_error(update(c, &wanted, ",'current_password':'wrong one'"), 401,
	    "invalid_credentials");
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM email_changes"
					 " WHERE user_id = %llu",
			     account_id(&a)),
	    0);
	expect_success(post(c, "/confirm_identity",
			   J("{'password':%s}", text_json(a.password))),
	    200, NULL);
	expect_success(update(c, &wanted, ""), 200, DONE);
}
END_TEST

START_TEST(email_or_the_password)
{
	struct account a = account_new(), wanted = a;
	struct client *c = account_login(&a);
	const char *cookie = client_cookie(c, SESSION_COOKIE);
	const struct response *res;

	wanted.email = account_invent().email;
	database_let_pass(301);
	res = update(c, &wanted, text(",'current_password':'%s'", a.password));
	expect_success(res, 200, DONE);
	expect_members(res, res->json, "success", "message", "csrf_token");
	ck_assert_str_ne(client_cookie(c, SESSION_COOKIE), cookie);
	expect_success(get(c, "/current_user_details"), 200, NULL);
}
END_TEST

START_TEST(own_password)
{
	struct account a = account_new(), wanted = a;
	struct client *c = account_login(&a), *other = account_login(&a);
	const struct response *res;

	expect_bad_field(update(c, &a, ",'password':'" NEW_PASSWORD "'"),
	    "current_password");
	expect_error(update(c, &a,
			 ",'password':'" NEW_PASSWORD
			 "','current_password':'wrong one'"),
	    401, "invalid_credentials");
	expect_bad_field(update(c, &a,
			     text(",'password':'short',"
				  "'current_password':'%s'",
				 a.password)),
	    "password");
	res = update(c, &a,
	    text(",'password':'" NEW_PASSWORD "','current_password':'%s'",
		a.password));
	expect_success(res, 200, DONE);
	expect_members(res, res->json, "success", "message", "csrf_token");
	expect_success(get(c, "/current_user_details"), 200, NULL);
	expect_error(get(other, "/current_user_details"), 401,
	    "not_authenticated");
	wanted.password = NEW_PASSWORD;
	account_login(&wanted);
}
END_TEST

START_TEST(guesses_are_counted)
{
	struct account a = account_new();
	struct client *c = account_login(&a);
	const struct response *res;

	for (size_t i = 0; i < 5; i++)
		expect_error(update(c, &a,
				 ",'password':'" NEW_PASSWORD
				 "','current_password':'wrong one'"),
		    401, "invalid_credentials");
	res = update(c, &a,
	    text(",'password':'" NEW_PASSWORD "','current_password':'%s'",
		a.password));
	expect_error(res, 429, "too_many_requests");
	ck_assert_ptr_nonnull(response_header(res, "Retry-After", 0));
	/* What needs no password still goes. */
	expect_success(update(c, &a, ""), 200, DONE);
}
END_TEST

START_TEST(anothers_is_forbidden)
{
	struct account a = account_new(), b = account_new(), wanted = b;
	struct client *c = account_login(&a);

	wanted.first_name = "Mallory";
	expect_error(update(c, &wanted,
			 text(",'user_id':%llu", account_id(&b))),
	    403, "forbidden");
	expect_error(update(c, &wanted, ",'user_id':4000000000000000"), 403,
	    "forbidden");
	ck_assert_str_eq(database_text("SELECT first_name FROM users"
				       " WHERE id = %llu",
			     account_id(&b)),
	    b.first_name);
	expect_success(update(c, &a, text(",'user_id':'%llu'", account_id(&a))),
	    200, DONE);
}
END_TEST

START_TEST(anothers_with_the_permission)
{
	struct account a = account_new(), wanted = a;
	struct client *c = account_login(&a), *boss = admin();
	char *id = text(",'user_id':'%llu'", account_id(&a));

	wanted.first_name = "Renamed";
	expect_success(update(boss, &wanted, id), 200, DONE);
	expect_success(get(c, "/current_user_details"), 200, NULL);
	expect_success(update(boss, &wanted,
			   text("%s,'password':'" NEW_PASSWORD "'", id)),
	    200, DONE);
	expect_error(get(c, "/current_user_details"), 401, "not_authenticated");
	ck_assert_ptr_nonnull(
	    strstr(mailbox_wait(a.email, 2)->plain, "was changed on"));
	wanted.password = NEW_PASSWORD;
	account_login(&wanted);
	expect_error(update(boss, &wanted, ",'user_id':4000000000000000"), 404,
	    "not_found");
	database_let_pass(301);
	expect_error(update(boss, &wanted, id), 403, "recent_login_required");
}
END_TEST

/* "Admin" manages users, but has not all that "Super Admin" has. */
START_TEST(nobody_acts_on_those_above)
{
	struct account boss = account_new(), a = account_new(), peer, wanted;
	struct client *c;

	give_role(&a, "Admin");
	give_role(&boss, "Super Admin");
	c = account_login(&a);
	wanted = boss;
	wanted.first_name = "Mallory";
	expect_error(update(c, &wanted,
			 text(",'user_id':%llu,'password':'" NEW_PASSWORD "'",
			     account_id(&boss))),
	    403, "forbidden");
	account_login(&boss);
	peer = account_new();
	give_role(&peer, "Admin");
	wanted = peer;
	wanted.first_name = "Renamed";
	expect_success(update(c, &wanted,
			   text(",'user_id':%llu", account_id(&peer))),
	    200, DONE);
}
END_TEST

void add_profile(TCase *tc)
{
	tcase_add_test(tc, names_change_at_once);
	tcase_add_test(tc, what_is_unchanged_changes_nothing);
	tcase_add_loop_test(tc, wrong_members, 0, ARRAY_LEN(wrong));
	tcase_add_test(tc, taken_username);
	tcase_add_test(tc, of_many_at_once_one_gets_the_name);
	tcase_add_test(tc, email_wants_a_recent_login);
	tcase_add_test(tc, email_or_the_password);
	tcase_add_test(tc, own_password);
	tcase_add_test(tc, guesses_are_counted);
	tcase_add_test(tc, anothers_is_forbidden);
	tcase_add_test(tc, anothers_with_the_permission);
	tcase_add_test(tc, nobody_acts_on_those_above);
}
