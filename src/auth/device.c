#include "core/base.h"

#include "auth/device.h"

#define LABEL "t2o device cookie"

static void put_secret(struct buf *out, const struct secret *secret)
{
	char text[SECRET_TEXT_LEN + 1];

	secret_text(secret, text);
	buf_puts(out, text);
	crypto_wipe(text, sizeof(text));
}

void auth_device_new(const struct config *config, uint64_t user_id,
    struct buf *out)
{
	struct secret random, mac;

	secret_new(&random);
	buf_put_u64(out, user_id);
	buf_putc(out, '.');
	put_secret(out, &random);
	crypto_mac(config->secret_key, LABEL, out->p, out->len, &mac);
	buf_putc(out, '.');
	put_secret(out, &mac);
	ensure(buf_err(out) == OK);
	crypto_wipe(&random, sizeof(random));
	crypto_wipe(&mac, sizeof(mac));
}

bool auth_device_parse(const struct config *config, struct str text,
    struct auth_device *ret)
{
	struct str id, random, mac;
	struct auth_device device;

	if (!str_split(text, '.', &id, &random) ||
	    !str_split(random, '.', &random, &mac) ||
	    str_to_u64(id, UINT64_MAX, &device.user_id) != OK)
		return false;
	device.name = (struct str){text.p, (size_t)(mac.p - 1 - text.p)};
	if (!crypto_mac_fits(config->secret_key, LABEL, device.name.p,
		device.name.len, mac))
		return false;
	*ret = device;
	return true;
}
