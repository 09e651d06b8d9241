#include "core/base.h"

#include "suites.h"
#include "unit.h"

Suite *(*const unit_suites[])(void) = {
    suite_api_routes,
    suite_api_call,
    suite_api_guard,
    NULL,
};
