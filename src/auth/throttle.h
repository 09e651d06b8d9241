/*
 * How often something may be tried, counted in the database so that it holds
 * across workers and hosts (NIST SP 800-63B section 5.2.2, ASVS 6.1.1).
 *
 * A kind says how many hits a window takes; the one that fills it blocks the
 * key.  Nothing is ever locked for good, and a key that nobody has is counted
 * exactly like one that somebody has.
 */
#ifndef T2O_AUTH_THROTTLE_H
#define T2O_AUTH_THROTTLE_H

#include "auth/context.h"

enum throttle_kind {
	THROTTLE_ACCOUNT = 1, /* wrong passwords, by the name that was typed */
	THROTTLE_DEVICE,   /* the same from a device of theirs, by its name */
	THROTTLE_ADDRESS,  /* wrong passwords, by client address (IPv6: /64) */
	THROTTLE_IDENTITY, /* wrong proofs in a session, by user id */
	THROTTLE_CODE,	   /* codes of a second factor, by user id */
	THROTTLE_MAIL_MINUTE, /* mails, by template and recipient */
	THROTTLE_MAIL_HOUR,
	THROTTLE_N_KINDS,
};

/*
 * How many seconds until `key` may try again, rounded up; 0: now.  The case of
 * ASCII letters in a key does not count.
 */
enum err auth_throttle_wait(const struct auth_context *context,
    enum throttle_kind kind, struct str key, int64_t *ret_wait_s) must_check;

/*
 * Counts a hit in the caller's transaction, and says whether there was room
 * for it (for mails: whether one may be sent).
 */
enum err auth_throttle_hit(const struct auth_context *context,
    enum throttle_kind kind, struct str key, bool *ret_had_room) must_check;

/* Forgets, after a success; in the caller's transaction. */
enum err auth_throttle_clear(const struct auth_context *context,
    enum throttle_kind kind, struct str key) must_check;

#endif
