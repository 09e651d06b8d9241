#include "core/base.h"

#include "auth/notice.h"

#include "auth/throttle.h"
#include "core/addr.h"

#define KEY_LEN_MAX (ADDR_LEN_MAX + 64)

/*
 * Each kind of mail to each address has a count of its own.  Nobody's are
 * apart, or one could use up what an address has before it signs up.
 */
static enum err put_key(struct buf *key, enum mail_template template,
    uint64_t user_id, struct str recipient)
{
	buf_init(key, KEY_LEN_MAX);
	buf_puts(key, user_id != 0 ? "user\n" : "nobody\n");
	buf_puts(key, store_outbox_template_name(template));
	buf_putc(key, '\n');
	buf_put(key, recipient);
	return buf_err(key);
}

static enum err count(const struct auth_context *context,
    enum mail_template template, uint64_t user_id, struct str recipient,
    bool *ret_had_room)
{
	struct buf key;
	enum err err = put_key(&key, template, user_id, recipient);

	if (err == OK)
		err = auth_throttle_hit(context, THROTTLE_MAIL_MINUTE,
		    buf_str(&key), ret_had_room);
	if (err == OK && *ret_had_room)
		err = auth_throttle_hit(context, THROTTLE_MAIL_HOUR,
		    buf_str(&key), ret_had_room);
	buf_done(&key);
	return err;
}

enum err auth_notice_queue(const struct auth_context *context,
    enum mail_template template, uint64_t user_id, struct str recipient,
    struct str detail)
{
	bool had_room;
	enum err err = count(context, template, user_id, recipient, &had_room);

	if (err != OK || !had_room || user_id == 0)
		return err;
	return store_outbox_add(context->app->db, template, user_id, recipient,
	    detail, context->now_us);
}

enum err auth_notice_queue_code(const struct auth_context *context,
    uint64_t user_id, struct str recipient, uint64_t challenge_id,
    bool *ret_queued)
{
	enum err err = count(context, MAIL_LOGIN_CODE, user_id, recipient,
	    ret_queued);

	if (err != OK || !*ret_queued)
		return err;
	return store_outbox_add_code(context->app->db, user_id, recipient,
	    challenge_id, context->now_us);
}
