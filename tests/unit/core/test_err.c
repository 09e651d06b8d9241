#include "core/base.h"

#include "core/err.h"

#include "suites.h"
#include "unit.h"

START_TEST(every_code_has_its_own_name)
{
	for (int a = OK; a <= ERR_INTERNAL; a++) {
		ck_assert_str_ne(err_name((enum err)a), "unknown error");
		for (int b = OK; b < a; b++)
			ck_assert_str_ne(err_name((enum err)a),
			    err_name((enum err)b));
	}
}
END_TEST

START_TEST(a_number_that_is_no_code)
{
	ck_assert_str_eq(err_name((enum err)(ERR_INTERNAL + 1)),
	    "unknown error");
}
END_TEST

Suite *suite_core_err(void)
{
	Suite *suite = suite_create("core/err");
	TCase *tcase = tcase_create("err");

	tcase_add_test(tcase, every_code_has_its_own_name);
	tcase_add_test(tcase, a_number_that_is_no_code);
	suite_add_tcase(suite, tcase);
	return suite;
}
