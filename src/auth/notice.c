#include "core/base.h"

#include "auth/notice.h"

#include "auth/throttle.h"
#include "core/addr.h"

#define KEY_LEN_MAX (ADDR_LEN_MAX + 64)

/* Each kind of mail to each address has a count of its own. */
static enum err count(const struct auth_context *context, struct str key,
    bool *ret_had_room)
{
	enum err err = auth_throttle_hit(context, THROTTLE_MAIL_MINUTE, key,
	    ret_had_room);

	if (err == OK && *ret_had_room)
		err = auth_throttle_hit(context, THROTTLE_MAIL_HOUR, key,
		    ret_had_room);
	return err;
}

enum err auth_notice_queue(const struct auth_context *context,
    enum mail_template template, uint64_t user_id, struct str recipient,
    struct str detail)
{
	bool had_room;
	struct buf key;
	enum err err;

	buf_init(&key, KEY_LEN_MAX);
	/* Nobody's are apart, or one could use up what an address has before
	   it signs up. */
	buf_puts(&key, user_id != 0 ? "user\n" : "nobody\n");
	buf_puts(&key, store_outbox_template_name(template));
	buf_putc(&key, '\n');
	buf_put(&key, recipient);
	err = buf_err(&key);
	if (err == OK)
		err = count(context, buf_str(&key), &had_room);
	if (err == OK && had_room && user_id != 0)
		err = store_outbox_add(context->app->db, template, user_id,
		    recipient, detail, context->now_us);
	buf_done(&key);
	return err;
}
