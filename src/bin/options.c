#include "core/base.h"

#include "bin/options.h"

#include <getopt.h>

#include "core/field.h"
#include "core/utf8.h"

#define NUMBER_SHOWN_MAX 100

enum { CODE_HELP = OPTIONS_MAX, CODE_VERSION };

int options_number(const struct start *start, const char *text, uint64_t *ret_n)
{
	char clean[NUMBER_SHOWN_MAX];
	size_t len;

	if (str_to_u64(str_of(text), FIELD_ID_MAX, ret_n) == OK)
		return EXIT_DONE;
	len = utf8_clean(str_of(text), clean, sizeof(clean));
	fprintf(stderr, "%s: \"%.*s\" is not a number\n", start->name, (int)len,
	    clean);
	return EXIT_USAGE;
}

static int set(const struct start *start, const struct option_row *row,
    void *options)
{
	void *member = (char *)options + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)member = true;
		break;
	case OPTION_TEXT:
		*(const char **)member = optarg;
		break;
	case OPTION_NUMBER:
		return options_number(start, optarg, member);
	}
	return EXIT_DONE;
}

bool options_given(const struct option_row *row, const void *options)
{
	const void *member = (const char *)options + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		return *(const bool *)member;
	case OPTION_TEXT:
		return *(const char *const *)member != NULL;
	case OPTION_NUMBER:
		return *(const uint64_t *)member != 0;
	}
	return false;
}

static int answer(const struct start *start, int code)
{
	if (code == CODE_HELP) {
		start->print_help(start);
		return start_flush(start, EXIT_DONE);
	}
	if (code == CODE_VERSION) {
		printf("%s %s\n", start->name, PACKAGE_VERSION);
		return start_flush(start, EXIT_DONE);
	}
	return start_usage_error(start, "unknown option");
}

int options_parse(const struct start *start, const struct option_row *rows,
    size_t n_rows, int argc, char **argv, void *ret)
{
	struct option longs[OPTIONS_MAX + 3] = {0};
	int code;

	start_descriptors();
	ensure(n_rows <= OPTIONS_MAX);
	for (size_t i = 0; i < n_rows; i++)
		longs[i] = (struct option){rows[i].name,
		    rows[i].kind == OPTION_FLAG ? no_argument
						: required_argument,
		    NULL, (int)i};
	longs[n_rows] = (struct option){"help", no_argument, NULL, CODE_HELP};
	longs[n_rows + 1] = (struct option){"version", no_argument, NULL,
	    CODE_VERSION};

	while ((code = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (code < 0 || code >= (int)n_rows)
			return answer(start, code);
		code = set(start, &rows[code], ret);
		if (code != EXIT_DONE)
			return code;
	}
	return -1;
}
