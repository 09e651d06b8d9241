/* What every service is given: the program, and whose request this is. */
#ifndef T2O_AUTH_CONTEXT_H
#define T2O_AUTH_CONTEXT_H

#include "core/app.h"
#include "core/arena.h"
#include "store/audit.h"
#include "store/session.h"

struct auth_context {
	const struct app *app;
	struct arena *arena;
	struct audit_origin origin;

	/* Who asks: a session's user, or the sysadmin by t2octl, or nobody. */
	const struct store_principal *actor;
	bool is_sysadmin;

	int64_t now_us; /* one moment for the whole request */
};

#endif
