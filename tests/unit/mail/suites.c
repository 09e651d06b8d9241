#include "core/base.h"

#include "suites.h"
#include "unit.h"

Suite *(*const unit_suites[])(void) = {
    suite_mail_template,
    suite_mail_message,
    suite_mail_compose,
    suite_mail_smtp,
    suite_mail_delivery,
    NULL,
};
