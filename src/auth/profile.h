/* What a user is called, and how they are reached. */
#ifndef T2O_AUTH_PROFILE_H
#define T2O_AUTH_PROFILE_H

#include "auth/context.h"
#include "auth/policy.h"
#include "core/crypto.h"
#include "store/session.h"

/* Whoever holds this may change other users' profiles. */
#define AUTH_PROFILE_PERMISSION STR("manage_users")

struct auth_profile {
	struct auth_person person;	    /* checked by policy.h's rules */
	uint64_t user_id;		    /* whose; 0: the principal's own */
	struct secret_str password;	    /* p NULL: stays as it is */
	struct secret_str current_password; /* p NULL: not given */
};

enum auth_profile_outcome {
	AUTH_PROFILE_UPDATED = 1,
	AUTH_PROFILE_FORBIDDEN,	  /* another's, or one above the principal */
	AUTH_PROFILE_NOT_RECENT,  /* auth/identity.h's proof is too old */
	AUTH_PROFILE_NOBODY,	  /* there is no such user */
	AUTH_PROFILE_NO_PASSWORD, /* the current one, and it is needed */
	AUTH_PROFILE_WRONG_PASSWORD,
	AUTH_PROFILE_THROTTLED,
	AUTH_PROFILE_USERNAME_TAKEN,
	/* The new password: */
	AUTH_PROFILE_PASSWORD_LENGTH,
	AUTH_PROFILE_PASSWORD_WEAK,
};

struct auth_profile_result {
	enum auth_profile_outcome outcome;
	int64_t wait_s;	 /* AUTH_PROFILE_THROTTLED: till the next try */
	const char *why; /* about the new password */
	/* AUTH_PROFILE_UPDATED, when the current password was shown: the
	   session's new id; the caller wipes. */
	bool renewed;
	struct secret session_id;
};

/*
 * `principal` is the context's actor.  Changes what differs from what is
 * stored, in one transaction; what does not differ leaves no row and no mail.
 * A new address is asked for (auth/email.h), which takes a recent proof of
 * identity or the current password; so does one's own new password, which ends
 * the other sessions.
 *
 * ERR_NOT_FOUND when the session has ended meanwhile.
 *
 * Another user's profile takes AUTH_PROFILE_PERMISSION, all permissions that
 * they hold, and a recent proof.  A new password ends their sessions.
 */
enum err auth_profile_update(const struct auth_context *context,
    const struct store_principal *principal, const struct auth_profile *wanted,
    struct auth_profile_result *ret) must_check;

#endif
