/* Rows of the route table, as tests ask for them. */
#ifndef T2O_TESTS_API_ROUTE_H
#define T2O_TESTS_API_ROUTE_H

#include "api/routes.h"

/* 43 base64url characters that are nobody's token, session or id. */
#define ROUTE_NOBODYS "bm9ib2R5cyBzZWNyZXQsIG5vYm9keXMgc2VjcmV0ISE"

bool route_needs_session(const struct api_route *r);
bool route_takes_body(const struct api_route *r);

/* A path of the row's pattern, each parameter being ROUTE_NOBODYS. */
char *route_path(const struct api_route *r);

#endif
