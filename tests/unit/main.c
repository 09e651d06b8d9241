/* Runs the suites of one layer. */
#include "core/base.h"

#include <check.h>

#include "unit.h"

/* All that J made, so that LeakSanitizer sees it is not forgotten. */
static struct text {
	struct text *next;
	char bytes[];
} * texts;

const char *J(const char *single_quoted)
{
	size_t size = strlen(single_quoted) + 1;
	struct text *text = malloc(sizeof(*text) + size);

	ck_assert_ptr_nonnull(text);
	memcpy(text->bytes, single_quoted, size);
	for (char *p = text->bytes; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	text->next = texts;
	texts = text;
	return text->bytes;
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
