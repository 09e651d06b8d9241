#include "core/base.h"

#include "suites.h"
#include "unit.h"

Suite *(*const unit_suites[])(void) = {
    suite_auth_policy,
    suite_auth_hash,
    suite_auth_csrf,
    suite_auth_throttle,
    suite_auth_session,
    suite_auth_account,
    suite_auth_login,
    suite_auth_network,
    suite_auth_reset,
    suite_auth_device,
    suite_auth_email,
    suite_auth_profile,
    suite_auth_erase,
    suite_auth_identity,
    suite_auth_seal,
    suite_auth_totp,
    suite_auth_recovery,
    suite_auth_twofa,
    suite_auth_login_code,
    suite_auth_reseal,
    suite_auth_admin,
    suite_auth_access,
    suite_auth_role,
    NULL,
};
