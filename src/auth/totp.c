#include "core/base.h"

#include <liboath/oath.h>

#include "auth/totp.h"

#include "auth/seal.h"
#include "core/clock.h"
#include "core/log.h"

#define WINDOW 1 /* steps to either side */
#define PURPOSE "totp secret"

void auth_totp_new(struct auth_totp_secret *ret)
{
	crypto_random(ret->byte, sizeof(ret->byte));
}

bool auth_totp_is_code(struct secret_str code)
{
	if (code.len != AUTH_TOTP_DIGITS)
		return false;
	for (size_t i = 0; i < code.len; i++)
		if (code.p[i] < '0' || code.p[i] > '9')
			return false;
	return true;
}

static enum err code_of(const struct auth_totp_secret *secret, uint64_t step,
    char code[AUTH_TOTP_DIGITS + 1])
{
	char key[sizeof(secret->byte)];
	int e = oath_init();

	memcpy(key, secret->byte, sizeof(key));
	if (e == OATH_OK)
		e = oath_hotp_generate(key, sizeof(key), step, AUTH_TOTP_DIGITS,
		    false, OATH_HOTP_DYNAMIC_TRUNCATION, code);
	crypto_wipe(key, sizeof(key));
	if (e == OATH_OK)
		return OK;
	log_at(LOG_ERROR, "liboath failed", LOG_Z("why", oath_strerror(e)));
	return ERR_INTERNAL;
}

enum err auth_totp_match(const struct auth_totp_secret *secret,
    struct secret_str code, int64_t now_us, uint64_t *ret_step)
{
	uint64_t now = (uint64_t)(now_us / SECOND_US / AUTH_TOTP_STEP_S);
	uint64_t found = 0;
	enum err err = OK;

	*ret_step = 0;
	if (!auth_totp_is_code(code))
		return OK;
	ensure(now > WINDOW);
	for (uint64_t step = now - WINDOW; err == OK && step <= now + WINDOW;
	     step++) {
		char want[AUTH_TOTP_DIGITS + 1];

		err = code_of(secret, step, want);
		if (err == OK && crypto_equal(want, code.p, code.len))
			found = step;
		crypto_wipe(want, sizeof(want));
	}
	if (err == OK)
		*ret_step = found;
	return err;
}

enum err auth_totp_uri(const struct config *config,
    const struct auth_totp_secret *secret, struct str username, struct buf *out)
{
	char text[BASE32_LEN(sizeof(secret->byte))];

	base32_encode(secret->byte, sizeof(secret->byte), text);
	buf_puts(out, "otpauth://totp/");
	buf_put_uri(out, config->site_name);
	buf_putc(out, ':');
	buf_put_uri(out, username);
	buf_puts(out, "?secret=");
	buf_puts(out, text);
	buf_puts(out, "&issuer=");
	buf_put_uri(out, config->site_name);
	crypto_wipe(text, sizeof(text));
	return buf_err(out);
}

enum err auth_totp_seal(const struct config *config, uint64_t user_id,
    const struct auth_totp_secret *secret, struct buf *out)
{
	return auth_seal_put(config, PURPOSE, user_id, secret->byte,
	    sizeof(secret->byte), out);
}

enum err auth_totp_open(const struct config *config, uint64_t user_id,
    struct secret_str sealed, struct auth_totp_secret *ret)
{
	return auth_seal_open(config, PURPOSE, user_id, sealed, ret->byte,
	    sizeof(ret->byte));
}
