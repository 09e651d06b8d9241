#include "core/base.h"

#include "auth/csrf.h"

#define LABEL "t2o csrf token"

void auth_csrf_token(const struct config *config,
    const struct secret *session_id, struct secret *ret_token)
{
	crypto_mac(config->secret_key, LABEL, session_id->byte,
	    sizeof(session_id->byte), ret_token);
}

bool auth_csrf_fits(const struct config *config,
    const struct secret *session_id, struct str text)
{
	return crypto_mac_fits(config->secret_key, LABEL, session_id->byte,
	    sizeof(session_id->byte), text);
}
