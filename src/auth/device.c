#include "core/base.h"

#include "auth/device.h"

static void mac_of(const struct config *config, struct str name,
    struct secret *ret)
{
	struct secret key;
	struct digest mac;

	crypto_derive(config->secret_key, "t2o device cookie", &key);
	crypto_hmac((struct secret_str){(const char *)key.byte,
			sizeof(key.byte)},
	    name.p, name.len, &mac);
	memcpy(ret->byte, mac.byte, sizeof(ret->byte));
	crypto_wipe(&key, sizeof(key));
	crypto_wipe(&mac, sizeof(mac));
}

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
	mac_of(config, buf_str(out), &mac);
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
	struct secret given, right;
	struct auth_device device;
	bool fits;

	if (!str_split(text, '.', &id, &random) ||
	    !str_split(random, '.', &random, &mac) ||
	    str_to_u64(id, UINT64_MAX, &device.user_id) != OK ||
	    secret_parse(mac, &given) != OK)
		return false;
	device.name = (struct str){text.p, (size_t)(mac.p - 1 - text.p)};
	mac_of(config, device.name, &right);
	fits = crypto_equal(&given, &right, sizeof(given));
	crypto_wipe(&right, sizeof(right));
	if (fits)
		*ret = device;
	return fits;
}
