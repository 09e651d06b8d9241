/* What comes back from the mails about a change of address. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "auth/email.h"

static void answer(struct api_call *call, enum err err, const char *message)
{
	if (err == OK)
		api_done(call, 200, message);
	else if (err == ERR_NOT_FOUND)
		api_fail(call, API_INVALID_TOKEN);
	else if (err == ERR_CONFLICT)
		api_fail(call, API_EMAIL_TAKEN);
	else
		api_fail_err(call, err);
}

void api_email_confirm(struct api_call *call)
{
	const struct api_token_body *body = call->body;

	answer(call, auth_email_confirm(&call->auth, &body->token),
	    "Your new address has been confirmed");
}

void api_email_undo(struct api_call *call)
{
	const struct api_token_body *body = call->body;

	answer(call, auth_email_undo(&call->auth, &body->token),
	    "The change has been undone, and all devices are logged out");
}
