/* The suites of tests/unit/mail, one a file; suites.c lists them. */
#ifndef T2O_TESTS_UNIT_MAIL_SUITES_H
#define T2O_TESTS_UNIT_MAIL_SUITES_H

#include "core/base.h"

#include <check.h>

Suite *suite_mail_compose(void);
Suite *suite_mail_delivery(void);
Suite *suite_mail_message(void);
Suite *suite_mail_smtp(void);
Suite *suite_mail_template(void);

#endif
