#include "core/base.h"

#include "auth/notice.h"

#include "auth/throttle.h"

static const struct cap {
	enum throttle_kind minute;
	enum throttle_kind hour;
} caps[MAIL_N_TEMPLATES] = {
    [MAIL_VERIFY_EMAIL] = {THROTTLE_VERIFY_MAIL_MINUTE,
	THROTTLE_VERIFY_MAIL_HOUR},
    [MAIL_SIGNUP_TAKEN] = {THROTTLE_TAKEN_MAIL_MINUTE,
	THROTTLE_TAKEN_MAIL_HOUR},
};

/* Apart, or one could use up what an address has before it signs up. */
static const struct cap nobody = {THROTTLE_NO_MAIL_MINUTE,
    THROTTLE_NO_MAIL_HOUR};

enum err auth_notice_queue(const struct auth_context *context,
    enum mail_template template, uint64_t user_id, struct str recipient)
{
	const struct cap *cap = user_id != 0 ? &caps[template] : &nobody;
	bool has_room;
	enum err err = auth_throttle_hit(context, cap->minute, recipient,
	    &has_room);

	if (err == OK && has_room)
		err = auth_throttle_hit(context, cap->hour, recipient,
		    &has_room);
	if (err != OK || !has_room || user_id == 0)
		return err;
	return store_outbox_add(context->app->db, template, user_id, recipient,
	    context->now_us);
}
