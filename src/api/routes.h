/*
 * The table of routes: everything this service answers, one row each.
 *
 * The guard (api/guard.h) runs a row from left to right, so a handler is
 * reached only by whoever may reach it, with a body that has been bound and
 * checked.  Zero is invalid in every column: a forgotten one stops start-up.
 */
#ifndef T2O_API_ROUTES_H
#define T2O_API_ROUTES_H

#include "core/field.h"
#include "http/body.h"
#include "http/request.h"
#include "store/audit.h"

struct api_call;

/* Who may. */
enum api_access {
	API_PUBLIC = 1, /* anybody; a session is not looked at */
	API_ANYBODY,	/* anybody; call->principal when there is a session */
	API_SIGNED_IN,	/* 401 without a session */
	API_PERMITTED,	/* 401, or 403 without the row's permission */
};

/* How recently they must have proved who they are (auth/identity.h). */
enum api_proof {
	API_ANY_TIME = 1, /* at login */
	API_RECENTLY,	  /* within 5 minutes, else 403 recent_login_required */
};

/* How a forged request is told from a meant one. */
enum api_csrf {
	API_CHANGES_NOTHING = 1, /* safe (RFC 9110 section 9.2.1); HEAD too */
	API_CSRF_TOKEN,		 /* X-CSRFToken must fit the session */
	API_CSRF_ORIGIN,	 /* no session yet: Origin, Sec-Fetch-Site */
	API_CSRF_FETCH_SITE,	 /* a GET that changes something */
	API_CSRF_CAPABILITY,	 /* the path holds a one-time secret */
};

/* Handlers decode nothing and check nothing. */
typedef void api_handler(struct api_call *call);

struct api_route {
	enum http_method method;
	const char *path; /* http/router.h's pattern */
	enum api_access access;
	const char *permission; /* API_NO_PERMISSION, or for API_PERMITTED */
	enum api_proof proof;
	enum api_csrf csrf;
	enum http_body_kinds takes;
	const struct field_table *body; /* api_no_body: nothing is bound */
	enum audit_event event;		/* what a success leaves in the log */
	api_handler *handle;
};

#define API_NO_PERMISSION ""
extern const struct field_table api_no_body;

extern const struct api_route api_routes[];
extern const size_t api_n_routes;

/*
 * Looks at every column of every row.  ERR_INTERNAL, with a log line that
 * names row and column, when one is not filled in, asks for too weak a proof
 * against forgery, or does not go with the others, or when two rows are the
 * same.
 */
enum err api_routes_check(const struct api_route *routes,
    size_t n_routes) must_check;

#endif
