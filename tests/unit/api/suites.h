/* The suites of tests/unit/api, one a file; suites.c lists them. */
#ifndef T2O_TESTS_UNIT_API_SUITES_H
#define T2O_TESTS_UNIT_API_SUITES_H

#include "core/base.h"

#include <check.h>

Suite *suite_api_call(void);
Suite *suite_api_guard(void);
Suite *suite_api_routes(void);

#endif
