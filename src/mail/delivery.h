/*
 * The mailer's work: takes what is due from the outbox and sends it, one mail
 * at a time, until it is told to stop.
 *
 * Each mail is claimed under a lease that outlasts any attempt, so a mailer
 * that dies is followed by another, and at most the one mail it was about is
 * sent twice.  What concerns one mail delays that mail alone; while the server
 * takes nothing, the queue stays as it is.
 */
#ifndef T2O_MAIL_DELIVERY_H
#define T2O_MAIL_DELIVERY_H

#include "core/app.h"
#include "mail/smtp.h"
#include "store/outbox.h"

struct mail_delivery {
	struct app *app;
	const struct mail_smtp *smtp;

	/* Waits, and says whether to stop; with 0 it only says. */
	bool (*stop)(int64_t wait_us);
};

/* What becomes of a mail after an attempt. */
enum mail_fate {
	MAIL_FATE_SENT = 1,
	MAIL_FATE_RELEASE, /* as if it had not been tried */
	MAIL_FATE_DEFER,   /* tried again after a while */
	MAIL_FATE_PARK,	   /* never again, unless a sysadmin says so */
};

/*
 * A mail that was refused is parked; one that failed is tried again after a
 * minute, two, four … up to 4 hours, for 3 days.  An attempt that found no
 * server does not count and has no delay: the caller waits for the server.
 * `attempts` is how many were made before this one; *ret_delay_s is set for
 * MAIL_FATE_DEFER alone.
 */
enum mail_fate mail_delivery_fate(enum mail_smtp_outcome outcome,
    uint64_t attempts, int64_t *ret_delay_s);

/*
 * Until d->stop says so: waits for mail, and for SMTP server and database
 * while they are down.  A mail that is under way is finished first.
 * ERR_CONFLICT when the database has another schema.
 */
enum err mail_delivery_run(const struct mail_delivery *d) must_check;

/*
 * Sends what is due.  ERR_UNAVAILABLE when something is left unsent, whatever
 * the reason; ERR_CONFLICT as above.
 */
enum err mail_delivery_drain(const struct mail_delivery *d) must_check;

#endif
