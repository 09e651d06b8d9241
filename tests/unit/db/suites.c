#include "core/base.h"

#include "suites.h"
#include "unit.h"

Suite *(*const unit_suites[])(void) = {
    suite_db_url,
    suite_db_conn,
    suite_db_bind,
    suite_db_stmt,
    suite_db_transact,
    suite_db_migrate,
    NULL,
};
