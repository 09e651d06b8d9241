#include "core/base.h"

#include "http/router.h"

static bool is_param(struct str segment)
{
	return segment.len > 1 && segment.p[0] == ':';
}

bool http_router_match(const char *pattern, struct str path,
    struct str ret_params[HTTP_PATH_PARAMS_MAX])
{
	struct str params[HTTP_PATH_PARAMS_MAX] = {{NULL, 0}};
	struct str rest = str_of(pattern);
	size_t n_params = 0;

	for (;;) {
		struct str want, have;
		bool more = str_next(&rest, '/', &want);

		if (str_next(&path, '/', &have) != more)
			return false;
		if (!more)
			break;
		if (!is_param(want)) {
			if (!str_eq(want, have))
				return false;
			continue;
		}
		if (have.len == 0)
			return false;
		ensure(n_params < HTTP_PATH_PARAMS_MAX);
		params[n_params++] = have;
	}
	memcpy(ret_params, params, sizeof(params));
	return true;
}

bool http_router_valid(const char *pattern)
{
	struct str rest = str_of(pattern);
	struct str segment;
	size_t n_params = 0;

	if (!str_next(&rest, '/', &segment) || segment.len != 0 ||
	    rest.p == NULL)
		return false;
	while (str_next(&rest, '/', &segment)) {
		if (segment.len == 0 || str_eq(segment, STR(":")))
			return false;
		if (is_param(segment) && ++n_params > HTTP_PATH_PARAMS_MAX)
			return false;
	}
	for (const char *p = pattern; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return false;
	return true;
}
