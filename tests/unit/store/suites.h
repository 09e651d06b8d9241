/* The suites of tests/unit/store, one a file; suites.c lists them. */
#ifndef T2O_TESTS_UNIT_STORE_SUITES_H
#define T2O_TESTS_UNIT_STORE_SUITES_H

#include "core/base.h"

#include <check.h>

Suite *suite_store_audit(void);
Suite *suite_store_credential(void);
Suite *suite_store_email_change(void);
Suite *suite_store_grants(void);
Suite *suite_store_housekeep(void);
Suite *suite_store_outbox(void);
Suite *suite_store_outbox_claim(void);
Suite *suite_store_role(void);
Suite *suite_store_session(void);
Suite *suite_store_statements(void);
Suite *suite_store_throttle(void);
Suite *suite_store_totp(void);
Suite *suite_store_recovery(void);
Suite *suite_store_challenge(void);
Suite *suite_store_token(void);
Suite *suite_store_user(void);
Suite *suite_store_user_list(void);

#endif
