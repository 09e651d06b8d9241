/*
 * The API as a client sees it: through nginx, the pools, MariaDB and the SMTP
 * catcher that tools/up has started.  Reads T2O_URL and the other assignments
 * of .run/env from the environment.
 */
#include "core/base.h"

#include <curl/curl.h>

#include "api.h"

#define TEST_TIMEOUT_S 120

/* In this order; what asks whether the workers survived comes last. */
static const struct {
	const char *name;
	add_tests *add;
} suites[] = {
    {"operations", add_operations},
    {"signup", add_signup},
    {"signup fields", add_signup_fields},
    {"taken names", add_taken},
    {"verify", add_verify},
    {"resend", add_resend},
    {"login", add_login},
    {"login by form", add_forms},
    {"imported users", add_imported},
    {"session", add_session},
    {"cookies", add_cookies},
    {"logout", add_logout},
    {"password", add_password},
    {"devices", add_devices},
    {"profile", add_profile},
    {"change of email", add_email_change},
    {"export", add_export},
    {"erase", add_erase},
    {"logs", add_logs},
    {"roles", add_roles},
    {"users", add_users},
    {"origin", add_origin},
    {"denials", add_denials},
    {"json", add_json},
    {"bad input", add_bad_input},
    {"fastcgi", add_fastcgi},
    {"two-factor", add_twofa},
    {"two-factor login", add_twofa_login},
    {"headers", add_headers},
    {"nginx", add_nginx},
    {"throttle", add_throttle},
    {"parallel", add_parallel},
    {"audit", add_audit},
    {"secrets", add_secrets},
    {"aftermath", add_aftermath},
};

static void begin_test(void)
{
	mailbox_begin();
}

static void end_test(void)
{
	client_free_all();
	database_close();
	text_free_all();
}

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int n_failed;

	if (curl_global_init(CURL_GLOBAL_ALL) != 0)
		return EXIT_FAILURE;
	aftermath_begin();
	for (size_t i = 0; i < ARRAY_LEN(suites); i++) {
		Suite *suite = suite_create(suites[i].name);
		TCase *tc = tcase_create(suites[i].name);

		tcase_set_timeout(tc, TEST_TIMEOUT_S);
		tcase_add_checked_fixture(tc, begin_test, end_test);
		suites[i].add(tc);
		suite_add_tcase(suite, tc);
		srunner_add_suite(runner, suite);
	}
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	curl_global_cleanup();
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
