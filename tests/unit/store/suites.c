#include "core/base.h"

#include "suites.h"
#include "unit.h"

Suite *(*const unit_suites[])(void) = {
    suite_store_statements,
    suite_store_user,
    suite_store_user_list,
    suite_store_credential,
    suite_store_email_change,
    suite_store_session,
    suite_store_token,
    suite_store_role,
    suite_store_audit,
    suite_store_housekeep,
    suite_store_outbox,
    suite_store_outbox_claim,
    suite_store_throttle,
    suite_store_totp,
    suite_store_recovery,
    suite_store_challenge,
    suite_store_grants,
    NULL,
};
