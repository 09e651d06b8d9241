#include "core/base.h"

#include "auth/csrf.h"
#include "suites.h"
#include "unit.h"

static struct config config_with(const char *key)
{
	return (struct config){.secret_key = {key, strlen(key)}};
}

static void text_of(const struct config *config, const struct secret *session,
    char out[SECRET_TEXT_LEN + 1])
{
	struct secret token;

	auth_csrf_token(config, session, &token);
	secret_text(&token, out);
}

START_TEST(a_token_fits_its_session_and_key_alone)
{
	const struct config ours = config_with(
	    "0123456789abcdef0123456789abcdef");
	const struct config theirs = config_with(
	    "fedcba9876543210fedcba9876543210");
	struct secret session;
	struct secret other;
	char text[SECRET_TEXT_LEN + 1];

	assert_ok(crypto_init());
	secret_new(&session);
	secret_new(&other);
	text_of(&ours, &session, text);
	ck_assert(auth_csrf_fits(&ours, &session, str_of(text)));
	ck_assert(!auth_csrf_fits(&ours, &other, str_of(text)));
	ck_assert(!auth_csrf_fits(&theirs, &session, str_of(text)));
}
END_TEST

START_TEST(what_is_no_token_fits_nothing)
{
	const struct config ours = config_with(
	    "0123456789abcdef0123456789abcdef");
	struct secret session;
	char text[SECRET_TEXT_LEN + 1];

	assert_ok(crypto_init());
	secret_new(&session);
	text_of(&ours, &session, text);
	ck_assert(!auth_csrf_fits(&ours, &session, STR("")));
	ck_assert(!auth_csrf_fits(&ours, &session,
	    (struct str){text, SECRET_TEXT_LEN - 1}));
	text[0] = text[0] == 'A' ? 'B' : 'A';
	ck_assert(!auth_csrf_fits(&ours, &session, str_of(text)));
	/* Nor does the session's own id. */
	secret_text(&session, text);
	ck_assert(!auth_csrf_fits(&ours, &session, str_of(text)));
}
END_TEST

Suite *suite_auth_csrf(void)
{
	Suite *suite = suite_create("auth/csrf");
	TCase *tcase = tcase_create("csrf");

	tcase_add_test(tcase, a_token_fits_its_session_and_key_alone);
	tcase_add_test(tcase, what_is_no_token_fits_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
