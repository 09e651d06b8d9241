/* The suites of tests/unit/auth, one a file; suites.c lists them. */
#ifndef T2O_TESTS_UNIT_AUTH_SUITES_H
#define T2O_TESTS_UNIT_AUTH_SUITES_H

#include "core/base.h"

#include <check.h>

Suite *suite_auth_access(void);
Suite *suite_auth_account(void);
Suite *suite_auth_seal(void);
Suite *suite_auth_totp(void);
Suite *suite_auth_recovery(void);
Suite *suite_auth_twofa(void);
Suite *suite_auth_login_code(void);
Suite *suite_auth_reseal(void);
Suite *suite_auth_admin(void);
Suite *suite_auth_csrf(void);
Suite *suite_auth_device(void);
Suite *suite_auth_email(void);
Suite *suite_auth_erase(void);
Suite *suite_auth_hash(void);
Suite *suite_auth_identity(void);
Suite *suite_auth_login(void);
Suite *suite_auth_network(void);
Suite *suite_auth_policy(void);
Suite *suite_auth_profile(void);
Suite *suite_auth_reset(void);
Suite *suite_auth_role(void);
Suite *suite_auth_session(void);
Suite *suite_auth_throttle(void);

#endif
