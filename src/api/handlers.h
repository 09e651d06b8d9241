/* The handlers and body tables that the route table names, by file. */
#ifndef T2O_API_HANDLERS_H
#define T2O_API_HANDLERS_H

#include "api/routes.h"

/* What several handlers take. */
struct api_email_body {
	struct str email;
};

struct api_token_body {
	struct secret token;
};

/* account.c: from sign-up to a confirmed address */
extern const struct field_table api_account_signup_body;
extern const struct field_table api_account_token_body;
extern const struct field_table api_account_email_body;
api_handler api_account_signup;
api_handler api_account_verify_path;
api_handler api_account_verify_body;
api_handler api_account_resend;

/* session.c: in, out, and who am I */
extern const struct field_table api_session_login_body;
api_handler api_session_login;
api_handler api_session_logout;
api_handler api_session_status;
api_handler api_session_csrf;
api_handler api_session_user;

/* password.c: forgotten, reset, changed, shown once more */
extern const struct field_table api_password_reset_path_body;
extern const struct field_table api_password_reset_body;
extern const struct field_table api_password_change_body;
extern const struct field_table api_password_confirm_body;
api_handler api_password_forgot;
api_handler api_password_reset_path;
api_handler api_password_reset;
api_handler api_password_change;
api_handler api_password_confirm;

/* twofa.c: the second factor, on and off */
extern const struct field_table api_twofa_update_body;
extern const struct field_table api_twofa_code_body;
api_handler api_twofa_uri;
api_handler api_twofa_update;
api_handler api_twofa_codes;

/* device.c: where somebody is logged in */
api_handler api_device_list;
api_handler api_device_end;
api_handler api_device_end_others;

/* email.c: what comes back from the mails about a change of address */
api_handler api_email_confirm;
api_handler api_email_undo;

/* profile.c: what somebody is called, and how they are reached */
extern const struct field_table api_profile_update_body;
api_handler api_profile_update;

/* export.c: all that is stored about somebody */
api_handler api_export;

/* erase.c: and how it is not any more */
extern const struct field_table api_erase_body;
api_handler api_erase;

/* role.c: roles and permissions */
extern const struct field_table api_role_name_body;
extern const struct field_table api_role_pair_body;
extern const struct field_table api_role_id_body;
extern const struct field_table api_role_permission_id_body;
api_handler api_role_list;
api_handler api_role_create;
api_handler api_role_delete;
api_handler api_role_permissions;
api_handler api_role_create_permission;
api_handler api_role_delete_permission;
api_handler api_role_give;
api_handler api_role_take;

/* user.c: what administrators do to users */
extern const struct field_table api_user_role_body;
api_handler api_user_grant;
api_handler api_user_revoke;
api_handler api_user_disable;
api_handler api_user_enable;
api_handler api_user_verify;
api_handler api_user_send_reset;
api_handler api_user_reset_twofa;
api_handler api_user_end_sessions;
api_handler api_user_access;

/* user_list.c: lists of them */
extern const struct field_table api_user_list_query;
api_handler api_user_list;
api_handler api_user_profiles;

/* log.c: the audit log */
extern const struct field_table api_log_query;
api_handler api_log_list;

/* operations.c: for those who watch the service */
api_handler api_operations_healthz;
api_handler api_operations_readyz;

#endif
