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
	THROTTLE_ADDRESS, /* wrong passwords, by client address (IPv6: /64) */
	THROTTLE_VERIFY_MAIL_MINUTE, /* mails, by recipient */
	THROTTLE_VERIFY_MAIL_HOUR,
	THROTTLE_TAKEN_MAIL_MINUTE,
	THROTTLE_TAKEN_MAIL_HOUR,
	THROTTLE_NO_MAIL_MINUTE, /* mails to nobody, which only cost time */
	THROTTLE_NO_MAIL_HOUR,
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

/*
 * The key of a client address: itself, or for IPv6 its /64 network, which is
 * what one customer is given.  Texts that are no address are keys as they are.
 */
#define THROTTLE_ADDRESS_LEN 64
struct str auth_throttle_address(struct str client_ip,
    char storage[THROTTLE_ADDRESS_LEN]);

#endif
