/*
 * Devices that a user has logged in from.  A cookie says so, for longer than a
 * session, under a key of its own; nothing is stored.  Wrong passwords from
 * such a device are counted by themselves, so that strangers who try a user's
 * name cannot lock the user out (OWASP's device cookies).  It opens nothing.
 */
#ifndef T2O_AUTH_DEVICE_H
#define T2O_AUTH_DEVICE_H

#include "core/buf.h"
#include "core/clock.h"
#include "core/config.h"
#include "core/crypto.h"

#define AUTH_DEVICE_LIFETIME_S (365 * DAY_S)

/* USER-ID.RANDOM.MAC */
#define AUTH_DEVICE_LEN_MAX                                                    \
	(STR_U64_LEN + 1 + SECRET_TEXT_LEN + 1 + SECRET_TEXT_LEN)

struct auth_device {
	uint64_t user_id; /* who has logged in from it; 0: nobody known */
	struct str name;  /* its throttle key, a part of the cookie's text */
};

/* Names a device anew, into *out of AUTH_DEVICE_LEN_MAX. */
void auth_device_new(const struct config *config, uint64_t user_id,
    struct buf *out);

/* What a cookie says; false, and *ret stays, when it is not one of ours. */
bool auth_device_parse(const struct config *config, struct str text,
    struct auth_device *ret);

#endif
