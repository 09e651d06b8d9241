#include "core/base.h"

#include <check.h>

#include "environment.h"

const char *environment(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL || *value == '\0')
		ck_abort_msg("%s is not set; see tools/up", name);
	return value;
}
