#include "core/base.h"

#include <liboath/oath.h>

#include "api.h"
#include "factor.h"

#define STEP_S 30
#define DIGITS 6

const char *factor_ask(struct client *c)
{
	const struct response *res = get(c, "/twofa_uri");
	const char *uri, *secret;

	expect_success(res, 200, "2FA confirmation");
	uri = response_text(res, "uri");
	EXPECT(uri != NULL, res, "no uri");
	secret = strstr(uri, "?secret=");
	EXPECT(secret != NULL, res, "no secret");
	secret += strlen("?secret=");
	return text_dup((struct str){secret, strcspn(secret, "&")});
}

struct factor factor_enable(struct client *c)
{
	struct factor f = {.secret = factor_ask(c)};
	const struct response *res = post(c, "/update_twofa",
	    factor_update_body(true, factor_code(f.secret, 0)));
	const cJSON *codes;

	expect_success(res, 200, "2FA updated successfully");
	codes = cJSON_GetObjectItem(res->json, "recovery_codes");
	EXPECT(cJSON_GetArraySize(codes) == RECOVERY_CODES, res, "ten codes");
	for (int i = 0; i < RECOVERY_CODES; i++)
		f.recovery[i] = cJSON_GetStringValue(
		    cJSON_GetArrayItem(codes, i));
	return f;
}

const char *factor_code(const char *secret, int steps)
{
	char *key, *code = text_alloc(DIGITS + 1);
	size_t len;

	ck_assert_int_eq(oath_base32_decode(secret, strlen(secret), &key, &len),
	    OATH_OK);
	ck_assert_uint_eq(len, 20);
	ck_assert_int_eq(oath_totp_generate(key, len,
			     time(NULL) + steps * STEP_S, STEP_S, 0, DIGITS,
			     code),
	    OATH_OK);
	free(key);
	return code;
}

const char *factor_wrong_code(const char *secret)
{
	for (int i = 0;; i++) {
		const char *code = text("%06d", i);
		bool right = false;

		/* A step may pass before it is shown. */
		for (int step = -1; step <= 2; step++)
			right = right ||
			    strcmp(code, factor_code(secret, step)) == 0;
		if (!right)
			return code;
	}
}

void factor_forget_steps(const struct account *a)
{
	database_run("UPDATE credentials SET last_step = 0 WHERE user_id = "
		     "%llu AND kind = 'totp'",
	    account_id(a));
}

char *factor_update_body(bool enabled, const char *token)
{
	return J("{'enabled':%s,'token':'%s'}", enabled ? "true" : "false",
	    token);
}

char *factor_token_body(const char *token)
{
	return J("{'token':'%s'}", token);
}

char *factor_login_body(const char *challenge, const char *token)
{
	return J("{'challenge':'%s','token':'%s'}", challenge, token);
}
