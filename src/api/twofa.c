/* The second factor: its secret, on, off, and its recovery codes. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/totp.h"
#include "auth/twofa.h"

struct update_body {
	bool enabled;
	struct secret_str code;
};

static const struct field update_fields[] = {
    {"enabled", FIELD_BOOL, offsetof(struct update_body, enabled), true, 0,
	NULL},
    {"token", FIELD_PASSWORD, offsetof(struct update_body, code), true, 0,
	NULL},
};
const struct field_table api_twofa_update_body = FIELD_TABLE(update_fields,
    struct update_body);

struct code_body {
	struct secret_str code;
};

static const struct field code_fields[] = {
    {"token", FIELD_PASSWORD, offsetof(struct code_body, code), true, 0, NULL},
};
const struct field_table api_twofa_code_body = FIELD_TABLE(code_fields,
    struct code_body);

void api_twofa_uri(struct api_call *call)
{
	enum auth_twofa_outcome outcome;
	struct json_out out;
	struct buf uri;
	enum err err;

	buf_init(&uri, AUTH_TOTP_URI_LEN_MAX);
	err = auth_twofa_begin(&call->auth, &call->principal->user, &uri,
	    &outcome);
	if (err != OK) {
		api_fail_err(call, err);
	} else if (outcome == AUTH_TWOFA_ON_ALREADY) {
		api_fail(call, API_TWOFA_ALREADY_ENABLED);
	} else {
		api_begin(call, 200, true, "2FA confirmation", &out);
		json_str(&out, "uri", buf_str(&uri));
		api_end(&out);
	}
	buf_done(&uri);
}

static void put_codes(struct json_out *out,
    const struct auth_recovery_codes *codes)
{
	json_array(out, "recovery_codes");
	for (size_t i = 0; i < AUTH_RECOVERY_CODES; i++)
		json_z(out, NULL, codes->text[i]);
	json_array_end(out);
}

/* Answers for a change; `has_codes`: it comes with new recovery codes. */
static void answer(struct api_call *call, enum err err,
    struct auth_twofa_result *r, enum api_error bad_code, const char *message,
    bool has_codes)
{
	struct json_out out;

	if (err != OK) {
		api_fail_err(call, err);
		return;
	}
	switch (r->outcome) {
	case AUTH_TWOFA_DONE:
		api_begin(call, 200, true, message, &out);
		if (has_codes)
			put_codes(&out, &r->codes);
		api_end(&out);
		break;
	case AUTH_TWOFA_BAD_CODE:
		api_fail(call, bad_code);
		break;
	case AUTH_TWOFA_ON_ALREADY:
		api_fail(call, API_TWOFA_ALREADY_ENABLED);
		break;
	case AUTH_TWOFA_THROTTLED:
		api_fail_wait(call, API_TOO_MANY_REQUESTS, r->wait_s);
		break;
	}
	crypto_wipe(r, sizeof(*r));
}

void api_twofa_update(struct api_call *call)
{
	const struct update_body *body = call->body;
	const struct store_user *user = &call->principal->user;
	struct auth_twofa_result result = {0};
	enum err err = body->enabled
	    ? auth_twofa_enable(&call->auth, user, body->code, &result)
	    : auth_twofa_disable(&call->auth, user, body->code, &result);

	answer(call, err, &result, API_NOT_CONFIRMED,
	    "2FA updated successfully", body->enabled);
}

void api_twofa_codes(struct api_call *call)
{
	const struct code_body *body = call->body;
	struct auth_twofa_result result = {0};
	enum err err = auth_twofa_renew_codes(&call->auth,
	    &call->principal->user, body->code, &result);

	answer(call, err, &result, API_INVALID_CODE, "New recovery codes",
	    true);
}
