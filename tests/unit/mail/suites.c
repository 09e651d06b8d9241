#include "core/base.h"

#include "unit.h"

Suite *(*const unit_suites[])(void) = {
	NULL,
};
