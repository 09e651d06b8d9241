/* What every test file here needs. */
#ifndef T2O_TESTS_API_API_H
#define T2O_TESTS_API_API_H

#include <check.h>

#include "account.h"
#include "client.h"
#include "database.h"
#include "environment.h"
#include "expect.h"
#include "mailbox.h"
#include "text.h"

/* Each adds its tests to a case of its own; main.c lists them. */
typedef void add_tests(TCase *tc);

add_tests add_aftermath;
add_tests add_audit;
add_tests add_bad_input;
add_tests add_cookies;
add_tests add_denials;
add_tests add_devices;
add_tests add_email_change;
add_tests add_erase;
add_tests add_export;
add_tests add_fastcgi;
add_tests add_forms;
add_tests add_headers;
add_tests add_imported;
add_tests add_json;
add_tests add_login;
add_tests add_logout;
add_tests add_logs;
add_tests add_nginx;
add_tests add_operations;
add_tests add_origin;
add_tests add_password;
add_tests add_profile;
add_tests add_parallel;
add_tests add_resend;
add_tests add_roles;
add_tests add_secrets;
add_tests add_session;
add_tests add_signup;
add_tests add_signup_fields;
add_tests add_taken;
add_tests add_throttle;
add_tests add_twofa;
add_tests add_twofa_login;
add_tests add_users;
add_tests add_verify;

/* Remembers which workers run, before anything is sent to them. */
void aftermath_begin(void);

#endif
