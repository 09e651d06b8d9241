#include "core/base.h"

#include "http/router.h"

#include "suites.h"
#include "unit.h"

static const struct {
	const char *pattern, *path;
	bool match;
	const char *params[HTTP_PATH_PARAMS_MAX];
} matches[] = {
    {"/login", "/login", true, {"", ""}},
    {"/login", "/login/", false, {NULL}},
    {"/login", "/logi", false, {NULL}},
    {"/login", "/login/x", false, {NULL}},
    {"/login", "/Login", false, {NULL}},
    {"/login", "login", false, {NULL}},
    {"/login", "", false, {NULL}},
    {"/login", "/", false, {NULL}},
    {"/sessions/:id", "/sessions/12", true, {"12", ""}},
    {"/sessions/:id", "/sessions/:id", true, {":id", ""}},
    {"/sessions/:id", "/sessions/", false, {NULL}},
    {"/sessions/:id", "/sessions", false, {NULL}},
    {"/sessions/:id", "/sessions/12/", false, {NULL}},
    {"/sessions/:id", "/sessions/12/x", false, {NULL}},
    {"/a/:x/b/:y", "/a/1/b/2", true, {"1", "2"}},
    {"/a/:x/b/:y", "/a//b/2", false, {NULL}},
    {"/a/:x/b", "/a/1/c", false, {NULL}},
};

START_TEST(table_of_matches)
{
	for (size_t i = 0; i < ARRAY_LEN(matches); i++) {
		struct str params[HTTP_PATH_PARAMS_MAX] = {STR("-"), STR("-")};
		bool match = http_router_match(matches[i].pattern,
		    str_of(matches[i].path), params);

		ck_assert_msg(match == matches[i].match, "row %zu", i);
		for (size_t k = 0; k < HTTP_PATH_PARAMS_MAX; k++)
			assert_str(params[k],
			    match ? matches[i].params[k] : "-");
	}
}
END_TEST

static const struct {
	const char *pattern;
	bool valid;
} patterns[] = {
    {"/login", true},
    {"/sessions/:id", true},
    {"/:a/:b", true},
    {"/:a/:b/:c", false},
    {"", false},
    {"/", false},
    {"login", false},
    {"/login/", false},
    {"//login", false},
    {"/a//b", false},
    {"/a/:", false},
    {"/a\n", false},
    {"/a b", false},
    {"/\xc3\xa4", false},
};

START_TEST(table_of_patterns)
{
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		ck_assert_msg(http_router_valid(patterns[i].pattern) ==
			patterns[i].valid,
		    "row %zu", i);
}
END_TEST

Suite *suite_http_router(void)
{
	Suite *suite = suite_create("http/router");
	TCase *tcase = tcase_create("router");

	tcase_add_test(tcase, table_of_matches);
	tcase_add_test(tcase, table_of_patterns);
	suite_add_tcase(suite, tcase);
	return suite;
}
