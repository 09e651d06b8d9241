/* Runs the suites of one layer. */
#include "core/base.h"

#include <check.h>

#include "unit.h"

const char *J(const char *single_quoted)
{
	char *text = strdup(single_quoted);

	ck_assert_ptr_nonnull(text);
	for (char *p = text; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	return text;
}

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int failed;

	for (size_t i = 0; unit_suites[i] != NULL; i++)
		srunner_add_suite(runner, unit_suites[i]());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
