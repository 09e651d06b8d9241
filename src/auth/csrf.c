#include "core/base.h"

#include "auth/csrf.h"

void auth_csrf_token(const struct config *config,
    const struct secret *session_id, struct secret *ret_token)
{
	struct secret key;
	struct digest mac;

	crypto_derive(config->secret_key, "t2o csrf token", &key);
	crypto_hmac((struct secret_str){(const char *)key.byte,
			sizeof(key.byte)},
	    session_id->byte, sizeof(session_id->byte), &mac);
	memcpy(ret_token->byte, mac.byte, sizeof(ret_token->byte));
	crypto_wipe(&key, sizeof(key));
	crypto_wipe(&mac, sizeof(mac));
}

bool auth_csrf_fits(const struct config *config,
    const struct secret *session_id, struct str text)
{
	struct secret given;
	struct secret right;
	bool fits;

	if (secret_parse(text, &given) != OK)
		return false;
	auth_csrf_token(config, session_id, &right);
	fits = crypto_equal(&given, &right, sizeof(given));
	crypto_wipe(&given, sizeof(given));
	crypto_wipe(&right, sizeof(right));
	return fits;
}
