#include "core/base.h"

#include "suites.h"
#include "unit.h"

Suite *(*const unit_suites[])(void) = {
    suite_http_router,
    suite_http_request,
    suite_http_response,
    suite_http_media,
    suite_http_form,
    suite_http_multipart,
    suite_http_body,
    suite_http_listen,
    suite_http_fcgi,
    suite_http_fcgi_broken,
    suite_http_fcgi_signals,
    NULL,
};
