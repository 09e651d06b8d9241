/* What the unit tests of a layer share. */
#ifndef T2O_TESTS_UNIT_H
#define T2O_TESTS_UNIT_H

#include "core/base.h"

#include <check.h>

#include "core/str.h"

/* Each layer's suites.c lists its suites, NULL at the end. */
extern Suite *(*const unit_suites[])(void);

/*
 * JSON for people: J("{'name': 'x'}") is {"name": "x"}.  The text lives until
 * the test ends.
 */
const char *J(const char *single_quoted);

#define assert_ok(expr) ck_assert_int_eq((expr), OK)
#define assert_err(expr, err) ck_assert_int_eq((expr), (err))
#define assert_str(s, z)                                                       \
	do {                                                                   \
		struct str got_ = (s);                                         \
		const char *want_ = (z);                                       \
		ck_assert_msg(str_eq(got_, str_of(want_)),                     \
		    "%s: got \"%.*s\", want \"%s\"", #s, STR_ARG(got_),        \
		    want_);                                                    \
	} while (0)

#endif
