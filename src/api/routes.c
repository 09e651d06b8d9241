#include "core/base.h"

#include "api/routes.h"

#include "api/handlers.h"
#include "core/log.h"
#include "http/router.h"

const struct field_table api_no_body = {NULL, 0, 0};

/* clang-format off */
const struct api_route api_routes[] = {
	/* account.c */
	{HTTP_POST, "/signup",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON, &api_account_signup_body,
	    AUDIT_SIGNUP, api_account_signup},
	{HTTP_GET, "/verify_email/:token",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_CAPABILITY,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_EMAIL_VERIFIED, api_account_verify_path},
	{HTTP_POST, "/verify_email",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON, &api_account_token_body,
	    AUDIT_EMAIL_VERIFIED, api_account_verify_body},
	{HTTP_POST, "/resend_verification",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON, &api_account_email_body,
	    AUDIT_VERIFICATION_ASKED, api_account_resend},

	/* session.c */
	{HTTP_POST, "/login",
	    API_ANYBODY, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON_AND_FORMS, &api_session_login_body,
	    AUDIT_LOGIN, api_session_login},
	{HTTP_POST, "/logout",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_LOGOUT, api_session_logout},
	{HTTP_GET, "/logout",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_FETCH_SITE,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_LOGOUT, api_session_logout},
	{HTTP_GET, "/check_auth_status",
	    API_ANYBODY, API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_session_status},
	{HTTP_GET, "/csrf_token",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_session_csrf},
	{HTTP_GET, "/current_user_details",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_session_user},

	/* password.c */
	{HTTP_POST, "/forgot_password",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON, &api_account_email_body,
	    AUDIT_RESET_ASKED, api_password_forgot},
	{HTTP_POST, "/reset_password/:token",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON, &api_password_reset_path_body,
	    AUDIT_PASSWORD_RESET, api_password_reset_path},
	{HTTP_POST, "/reset_password",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON, &api_password_reset_body,
	    AUDIT_PASSWORD_RESET, api_password_reset},
	{HTTP_POST, "/change_password",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_password_change_body,
	    AUDIT_PASSWORD_CHANGED, api_password_change},
	{HTTP_POST, "/confirm_identity",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_password_confirm_body,
	    AUDIT_IDENTITY_CONFIRMED, api_password_confirm},

	/* twofa.c */
	{HTTP_GET, "/twofa_uri",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_FETCH_SITE,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_TWOFA_ASKED, api_twofa_uri},
	{HTTP_POST, "/twofa_uri",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_TWOFA_ASKED, api_twofa_uri},
	{HTTP_POST, "/update_twofa",
	    API_SIGNED_IN, API_NO_PERMISSION, API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_twofa_update_body,
	    AUDIT_TWOFA_ENABLED, api_twofa_update},
	{HTTP_POST, "/twofa/recovery_codes",
	    API_SIGNED_IN, API_NO_PERMISSION, API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_twofa_code_body,
	    AUDIT_RECOVERY_CODES_MADE, api_twofa_codes},

	/* device.c */
	{HTTP_GET, "/sessions",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_device_list},
	{HTTP_DELETE, "/sessions/:id",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_SESSION_REVOKED, api_device_end},
	{HTTP_DELETE, "/sessions",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_SESSION_REVOKED, api_device_end_others},

	/* profile.c: what each change takes is for auth/profile.h to say */
	{HTTP_POST, "/update_profile",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_profile_update_body,
	    AUDIT_PROFILE_UPDATED, api_profile_update},

	/* email.c */
	{HTTP_POST, "/confirm_email",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON, &api_account_token_body,
	    AUDIT_EMAIL_CHANGED, api_email_confirm},
	{HTTP_POST, "/undo_email_change",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_ORIGIN,
	    HTTP_TAKES_JSON, &api_account_token_body,
	    AUDIT_EMAIL_RESTORED, api_email_undo},

	/* export.c, erase.c: the password in the body is the proof */
	{HTTP_GET, "/account/export",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_ACCOUNT_EXPORTED, api_export},
	{HTTP_DELETE, "/account",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_erase_body,
	    AUDIT_ACCOUNT_ERASED, api_erase},

	/* role.c */
	{HTTP_GET, "/admin/roles",
	    API_PERMITTED, "manage_roles", API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_role_list},
	{HTTP_POST, "/admin/create_role",
	    API_PERMITTED, "manage_roles", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_role_name_body,
	    AUDIT_ROLE_CREATED, api_role_create},
	{HTTP_DELETE, "/admin/delete_role",
	    API_PERMITTED, "manage_roles", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_role_id_body,
	    AUDIT_ROLE_DELETED, api_role_delete},
	{HTTP_GET, "/admin/permissions",
	    API_PERMITTED, "manage_roles", API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_role_permissions},
	{HTTP_POST, "/admin/create_permission",
	    API_PERMITTED, "manage_roles", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_role_name_body,
	    AUDIT_PERMISSION_CREATED, api_role_create_permission},
	{HTTP_DELETE, "/admin/delete_permission",
	    API_PERMITTED, "manage_roles", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_role_permission_id_body,
	    AUDIT_PERMISSION_DELETED, api_role_delete_permission},
	{HTTP_POST, "/admin/assign_permission_to_role",
	    API_PERMITTED, "manage_roles", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_role_pair_body,
	    AUDIT_PERMISSION_GIVEN, api_role_give},
	{HTTP_POST, "/admin/remove_permission_from_role",
	    API_PERMITTED, "manage_roles", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_role_pair_body,
	    AUDIT_PERMISSION_TAKEN, api_role_take},

	/* user.c */
	{HTTP_POST, "/assign_role_to_user",
	    API_PERMITTED, "manage_users", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_user_role_body,
	    AUDIT_ROLE_GRANTED, api_user_grant},
	{HTTP_POST, "/admin/remove_role_from_user",
	    API_PERMITTED, "manage_users", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_user_role_body,
	    AUDIT_ROLE_REVOKED, api_user_revoke},
	{HTTP_POST, "/admin/users/:id/disable",
	    API_PERMITTED, "manage_users", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_USER_DISABLED, api_user_disable},
	{HTTP_POST, "/admin/users/:id/enable",
	    API_PERMITTED, "manage_users", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_USER_ENABLED, api_user_enable},
	{HTTP_POST, "/admin/users/:id/mark_verified",
	    API_PERMITTED, "manage_users", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_USER_VERIFIED, api_user_verify},
	{HTTP_POST, "/admin/users/:id/send_password_reset",
	    API_PERMITTED, "manage_users", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_RESET_ASKED, api_user_send_reset},
	{HTTP_POST, "/admin/users/:id/reset_twofa",
	    API_PERMITTED, "manage_users", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_TWOFA_RESET, api_user_reset_twofa},
	{HTTP_POST, "/admin/users/:id/revoke_sessions",
	    API_PERMITTED, "manage_users", API_RECENTLY, API_CSRF_TOKEN,
	    HTTP_TAKES_JSON, &api_no_body,
	    AUDIT_SESSION_REVOKED, api_user_end_sessions},
	{HTTP_GET, "/admin/users/:id/access",
	    API_PERMITTED, "manage_users", API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_user_access},

	/* user_list.c */
	{HTTP_GET, "/admin/users/details",
	    API_PERMITTED, "manage_users", API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_QUERY, &api_user_list_query,
	    AUDIT_NONE, api_user_list},
	{HTTP_GET, "/all_user_profiles",
	    API_PERMITTED, "manage_users", API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_user_profiles},

	/* log.c */
	{HTTP_GET, "/logs",
	    API_SIGNED_IN, API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_QUERY, &api_log_query,
	    AUDIT_NONE, api_log_list},

	/* operations.c */
	{HTTP_GET, "/healthz",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_operations_healthz},
	{HTTP_GET, "/readyz",
	    API_PUBLIC, API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING,
	    HTTP_TAKES_NOTHING, &api_no_body,
	    AUDIT_NONE, api_operations_readyz},
};
/* clang-format on */

const size_t api_n_routes = ARRAY_LEN(api_routes);

static bool has_session(const struct api_route *r)
{
	return r->access == API_SIGNED_IN || r->access == API_PERMITTED;
}

/* Whether the row is guarded as its method and access call for. */
static bool is_guarded_enough(const struct api_route *r)
{
	switch (r->csrf) {
	case API_CHANGES_NOTHING:
	case API_CSRF_FETCH_SITE:
		return r->method == HTTP_GET;
	case API_CSRF_TOKEN:
		return r->method != HTTP_GET && has_session(r);
	case API_CSRF_ORIGIN: /* which no GET has */
		return r->method != HTTP_GET && !has_session(r);
	case API_CSRF_CAPABILITY:
		return !has_session(r);
	}
	return false;
}

/* The first column of a row that is not filled in or does not fit, or NULL. */
static const char *missing_column(const struct api_route *r)
{
	if (r->method == 0 || r->method == HTTP_OTHER)
		return "method";
	if (r->path == NULL || !http_router_valid(r->path))
		return "path";
	if (r->access == 0)
		return "access";
	if (r->permission == NULL ||
	    (r->access == API_PERMITTED) != (r->permission[0] != '\0'))
		return "permission";
	if (r->proof == 0 || (r->proof == API_RECENTLY && !has_session(r)))
		return "proof";
	if (!is_guarded_enough(r))
		return "csrf";
	if (r->takes == 0)
		return "takes";
	if (r->body == NULL || r->body->n_fields > FIELD_ERRORS_MAX ||
	    (r->takes == HTTP_TAKES_NOTHING && r->body->n_fields > 0))
		return "body";
	if (r->event == 0)
		return "event";
	if (r->handle == NULL)
		return "handle";
	return NULL;
}

enum err api_routes_check(const struct api_route *routes, size_t n_routes)
{
	for (size_t i = 0; i < n_routes; i++) {
		const char *column = missing_column(&routes[i]);

		for (size_t j = 0; column == NULL && j < i; j++)
			if (routes[i].method == routes[j].method &&
			    str_eq(str_of(routes[i].path),
				str_of(routes[j].path)))
				column = "path (twice)";
		if (column == NULL)
			continue;
		log_at(LOG_ERROR, "the route table has a hole",
		    LOG_Z("path", routes[i].path), LOG_Z("column", column));
		return ERR_INTERNAL;
	}
	return OK;
}
