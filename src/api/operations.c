/* For those who watch the service. */
#include "core/base.h"

#include "api/call.h"
#include "api/handlers.h"
#include "store/schema.h"

/* This process answers; nothing else is asked. */
void api_operations_healthz(struct api_call *call)
{
	api_done(call, 200, "alive");
}

/* Never SMTP: mail can wait, and so can a host that is ready otherwise. */
void api_operations_readyz(struct api_call *call)
{
	if (store_schema_require(call->app->db) == OK)
		api_done(call, 200, "ready");
	else
		api_fail_err(call, ERR_UNAVAILABLE);
}
