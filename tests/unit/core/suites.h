/* The suites of tests/unit/core, one a file; suites.c lists them. */
#ifndef T2O_TESTS_UNIT_CORE_SUITES_H
#define T2O_TESTS_UNIT_CORE_SUITES_H

#include "core/base.h"

#include <check.h>

Suite *suite_core_arena(void);
Suite *suite_core_buf(void);
Suite *suite_core_clock(void);
Suite *suite_core_config(void);
Suite *suite_core_config_bad(void);
Suite *suite_core_crypto(void);
Suite *suite_core_seal(void);
Suite *suite_core_encode(void);
Suite *suite_core_err(void);
Suite *suite_core_field(void);
Suite *suite_core_json_read(void);
Suite *suite_core_json_write(void);
Suite *suite_core_log(void);
Suite *suite_core_str(void);
Suite *suite_core_utf8(void);

#endif
