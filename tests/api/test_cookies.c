/* Cookie fields, as browsers and others send them. */
#include "core/base.h"

#include "api.h"

#define UNKNOWN "dGhpc2lzbm9zZXNzaW9udGhpc2lzbm9zZXNzaW9uISE"

static const struct response *ask(const char *cookies)
{
	return SEND(client_new(), .path = "/current_user_details",
	    .headers = {text("Cookie: %s", cookies)});
}

static const char *new_session(struct account *ret)
{
	*ret = account_new();
	return client_cookie(account_login(ret), SESSION_COOKIE);
}

static void expect_known(const struct response *res, const struct account *a)
{
	expect_success(res, 200, NULL);
	expect_user(res, cJSON_GetObjectItem(res->json, "user"), a->username,
	    a->email);
}

/* "%s": a live session's id. */
static const char *const fine[] = {
    "__Host-session=%s",
    "a=b; __Host-session=%s; c=d",
    "a=b;__Host-session=%s;c=d",
    "; ;__Host-session=%s;;",
    "__Host-session=; __Host-session=%s",
    "__Host-session=nonsense; __Host-session=%s",
    "__Host-session=" UNKNOWN "; __Host-session=%s",
    "__Host-session=%s; __Host-session=" UNKNOWN,
    "__Host-session=" UNKNOWN "; __Host-session=x; __Host-session=%s",
    "__Host-session; __Host-session=%s",
    "=x; __Host-session=%s",
    "X__Host-session=x; __Host-session=%s",
};

START_TEST(session_is_found)
{
	struct account a;
	const char *id = new_session(&a);
	const char *hole = strstr(fine[_i], "%s");

	expect_known(ask(text("%.*s%s%s", (int)(hole - fine[_i]), fine[_i], id,
			 hole + 2)),
	    &a);
}
END_TEST

static const char *const other_names[] = {"__host-session", "__HOST-SESSION",
    "session", "__Secure-session", "__Host-session2", "x__Host-session",
    "__Host-sessio", "%5F_Host-session"};

START_TEST(session_has_one_name)
{
	struct account a;
	const char *id = new_session(&a);

	for (size_t i = 0; i < ARRAY_LEN(other_names); i++)
		expect_error(ask(text("%s=%s", other_names[i], id)), 401,
		    "not_authenticated");
}
END_TEST

START_TEST(session_has_one_value)
{
	struct account a;
	const char *id = new_session(&a);
	char *tampered = text_dup(str_of(id));

	tampered[20] = tampered[20] == 'A' ? 'B' : 'A';
	expect_error(ask(text("__Host-session=%s", tampered)), 401,
	    "not_authenticated");
	expect_error(ask(text("__Host-session=%s", text_swap_case(id))), 401,
	    "not_authenticated");
	expect_error(ask(text("__Host-session=%s=", id)), 401,
	    "not_authenticated");
	expect_error(ask(text("__Host-session=%sA", id)), 401,
	    "not_authenticated");
	expect_error(ask(text("__Host-session=%.42s", id)), 401,
	    "not_authenticated");
	expect_error(ask(text("__Host-session=%s%%00", id)), 401,
	    "not_authenticated");
	expect_known(ask(text("__Host-session=%s", id)), &a);
}
END_TEST

START_TEST(of_two_sessions_the_first_counts)
{
	struct account a, b;
	const char *of_a = new_session(&a), *of_b = new_session(&b);

	expect_known(ask(text("__Host-session=%s; __Host-session=%s", of_a,
			 of_b)),
	    &a);
	expect_known(ask(text("__Host-session=%s; __Host-session=%s", of_b,
			 of_a)),
	    &b);
}
END_TEST

/* HTTP/2 may send crumbs (RFC 9113 section 8.2.3). */
START_TEST(several_cookie_fields)
{
	struct account a;
	const char *id = new_session(&a);

	expect_known(SEND(client_new(), .path = "/current_user_details",
			 .headers = {"Cookie: a=b",
			     text("Cookie: __Host-session=%s", id),
			     "Cookie: c=d"}),
	    &a);
}
END_TEST

/* Nowhere but in the cookie. */
START_TEST(session_elsewhere_is_nothing)
{
	struct account a;
	const char *id = new_session(&a);
	struct client *c = client_new();

	expect_error(get(c,
			 text("/current_user_details?__Host-session=%s", id)),
	    401, "not_authenticated");
	expect_error(SEND(c, .path = "/current_user_details",
			 .headers = {text("__Host-session: %s", id),
			     text("Authorization: Bearer %s", id),
			     text("X-Session: %s", id)}),
	    401, "not_authenticated");
}
END_TEST

START_TEST(many_cookies)
{
	struct account a;
	const char *id = new_session(&a);

	expect_known(ask(text("%s__Host-session=%s",
			 text_repeat("name=value; ", 500), id)),
	    &a);
	expect_known(ask(text("%s__Host-session=%s",
			 text_repeat("__Host-session=x; ", 200), id)),
	    &a);
	expect_error(ask(text_repeat("__Host-session=" UNKNOWN "; ", 100)), 401,
	    "not_authenticated");
}
END_TEST

static const char *const odd[] = {"", ";", "=", "__Host-session",
    "__Host-session=", "__Host-session=\"\"", "__Host-session=a b",
    "__Host-session=\x01", "__Host-session=\xff\xfe", "\xf0\x9f\xa6\x95=x"};

START_TEST(odd_cookies_are_nobodys)
{
	const struct response *res = ask(odd[_i]);

	/* nginx may refuse what RFC 9110 does not allow. */
	if (res->status != 400)
		expect_error(res, 401, "not_authenticated");
}
END_TEST

void add_cookies(TCase *tc)
{
	tcase_add_loop_test(tc, session_is_found, 0, ARRAY_LEN(fine));
	tcase_add_test(tc, session_has_one_name);
	tcase_add_test(tc, session_has_one_value);
	tcase_add_test(tc, of_two_sessions_the_first_counts);
	tcase_add_test(tc, several_cookie_fields);
	tcase_add_test(tc, session_elsewhere_is_nothing);
	tcase_add_test(tc, many_cookies);
	tcase_add_loop_test(tc, odd_cookies_are_nobodys, 0, ARRAY_LEN(odd));
}
