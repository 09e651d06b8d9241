/* The suites of tests/unit/db, one a file; suites.c lists them. */
#ifndef T2O_TESTS_UNIT_DB_SUITES_H
#define T2O_TESTS_UNIT_DB_SUITES_H

#include "core/base.h"

#include <check.h>

Suite *suite_db_bind(void);
Suite *suite_db_conn(void);
Suite *suite_db_migrate(void);
Suite *suite_db_stmt(void);
Suite *suite_db_transact(void);
Suite *suite_db_url(void);

#endif
