/* People to test with, each new in every test. */
#ifndef T2O_TESTS_API_ACCOUNT_H
#define T2O_TESTS_API_ACCOUNT_H

#include "client.h"

struct account {
	const char *first_name;
	const char *last_name;
	const char *username;
	const char *email;
	const char *password;
};

/* Only invented; nothing is sent. */
struct account account_invent(void);

/* The body of /signup. */
char *account_signup_body(const struct account *a);

/* Signs up, from an address of its own. */
void account_sign_up(const struct account *a);

/* Signed up; marked as verified in the database, with no mail read. */
struct account account_new(void);

/*
 * Put into the database, with that password hash (the tests' way to have a
 * user from the old service); verified.
 */
struct account account_import(const char *password, const char *hash);

/* The one that tools/up made; only the names and the password are set. */
struct account account_administrator(void);

char *account_login_body(const char *username_or_email, const char *password);

/* A browser in which that user is logged in. */
struct client *account_login(const struct account *a);

/* Of the database. */
unsigned long long account_id(const struct account *a);

/* Sets users.disabled_at. */
void account_disable(const struct account *a);

#endif
