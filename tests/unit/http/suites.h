/* The suites of tests/unit/http, one a file; suites.c lists them. */
#ifndef T2O_TESTS_UNIT_HTTP_SUITES_H
#define T2O_TESTS_UNIT_HTTP_SUITES_H

#include "core/base.h"

#include <check.h>

Suite *suite_http_body(void);
Suite *suite_http_fcgi(void);
Suite *suite_http_fcgi_broken(void);
Suite *suite_http_fcgi_signals(void);
Suite *suite_http_form(void);
Suite *suite_http_listen(void);
Suite *suite_http_media(void);
Suite *suite_http_multipart(void);
Suite *suite_http_request(void);
Suite *suite_http_response(void);
Suite *suite_http_router(void);

#endif
