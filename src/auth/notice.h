/* The mails that account events cause, capped per recipient and purpose. */
#ifndef T2O_AUTH_NOTICE_H
#define T2O_AUTH_NOTICE_H

#include "auth/context.h"
#include "store/outbox.h"

/*
 * Queues a mail in the caller's transaction, or silently nothing when this
 * recipient has had one of the kind within the minute, or five within the
 * hour: nobody can use us to fill a mailbox.  `user_id` 0: nobody has this
 * address; it is counted just the same, so that time does not tell.
 * `detail`: what the template says as {{detail}}; may be empty.
 */
enum err auth_notice_queue(const struct auth_context *context,
    enum mail_template template, uint64_t user_id, struct str recipient,
    struct str detail) must_check;

/*
 * The same for a code to one login (store/challenge.h); says whether one is on
 * its way.
 */
enum err auth_notice_queue_code(const struct auth_context *context,
    uint64_t user_id, struct str recipient, uint64_t challenge_id,
    bool *ret_queued) must_check;

#endif
