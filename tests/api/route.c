#include "core/base.h"

#include "route.h"
#include "text.h"

bool route_needs_session(const struct api_route *r)
{
	return r->access == API_SIGNED_IN || r->access == API_PERMITTED;
}

bool route_takes_body(const struct api_route *r)
{
	return r->takes >= HTTP_TAKES_JSON;
}

char *route_path(const struct api_route *r)
{
	struct str rest = str_of(r->path + 1), segment;
	char *path = text("%s", "");

	while (str_next(&rest, '/', &segment))
		path = str_starts(segment, STR(":"))
		    ? text("%s/" ROUTE_NOBODYS, path)
		    : text("%s/%.*s", path, STR_ARG(segment));
	return path;
}
