#include "core/base.h"

#include "account.h"
#include "database.h"
#include "environment.h"
#include "expect.h"
#include "text.h"

struct account account_invent(void)
{
	const char *tag = text_random_hex(6);

	return (struct account){
	    .first_name = "Nora",
	    .last_name = "Lindqvist",
	    .username = text("u_%s", tag),
	    .email = text("u.%s@example.org", tag),
	    .password = text("granite walrus %s", text_random_hex(4)),
	};
}

char *account_signup_body(const struct account *a)
{
	return J("{'first_name':%s,'last_name':%s,'username':%s,'email':%s,"
		 "'password':%s}",
	    text_json(a->first_name), text_json(a->last_name),
	    text_json(a->username), text_json(a->email),
	    text_json(a->password));
}

void account_sign_up(const struct account *a)
{
	expect_success(post(client_new(), "/signup", account_signup_body(a)),
	    201, "Please check your email to verify your account");
}

struct account account_new(void)
{
	struct account a = account_invent();

	account_sign_up(&a);
	database_run("UPDATE users SET verified_at = UTC_TIMESTAMP(6) "
		     "WHERE username = '%s'",
	    a.username);
	return a;
}

struct account account_import(const char *password, const char *hash)
{
	struct account a = account_invent();

	a.password = password;
	database_run("INSERT INTO users (username, email, first_name,"
		     " last_name, verified_at, created_at) VALUES ('%s', '%s',"
		     " '%s', '%s', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))",
	    a.username, a.email, a.first_name, a.last_name);
	database_run("INSERT INTO credentials (user_id, kind, secret,"
		     " changed_at) VALUES (%llu, 'password', '%s',"
		     " UTC_TIMESTAMP(6))",
	    account_id(&a), hash);
	return a;
}

struct account account_administrator(void)
{
	return (struct account){
	    .username = environment("T2O_ADMIN_USERNAME"),
	    .email = environment("T2O_ADMIN_EMAIL"),
	    .password = environment("T2O_ADMIN_PASSWORD"),
	};
}

char *account_login_body(const char *username_or_email, const char *password)
{
	return J("{'username_or_email':%s,'password':%s}",
	    text_json(username_or_email), text_json(password));
}

struct client *account_login(const struct account *a)
{
	struct client *c = client_new();

	expect_success(post(c, "/login",
			   account_login_body(a->username, a->password)),
	    200, "Login successful");
	ck_assert_ptr_nonnull(client_cookie(c, SESSION_COOKIE));
	ck_assert_ptr_nonnull(client_csrf(c));
	return c;
}

unsigned long long account_id(const struct account *a)
{
	return (unsigned long long)
	    database_number("SELECT id FROM users WHERE username = '%s'",
		a->username);
}

void account_disable(const struct account *a)
{
	database_run("UPDATE users SET disabled_at = UTC_TIMESTAMP(6) "
		     "WHERE username = '%s'",
	    a->username);
}
