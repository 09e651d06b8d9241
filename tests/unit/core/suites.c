#include "core/base.h"

#include "suites.h"
#include "unit.h"

Suite *(*const unit_suites[])(void) = {
    suite_core_err,
    suite_core_str,
    suite_core_encode,
    suite_core_arena,
    suite_core_buf,
    suite_core_utf8,
    suite_core_clock,
    suite_core_log,
    suite_core_crypto,
    suite_core_seal,
    suite_core_field,
    suite_core_json_read,
    suite_core_json_write,
    suite_core_config,
    suite_core_config_bad,
    NULL,
};
