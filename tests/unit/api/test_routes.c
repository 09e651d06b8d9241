#include "core/base.h"

#include "api/routes.h"
#include "suites.h"
#include "unit.h"

static void handle(struct api_call *call)
{
	(void)call;
}

static const struct api_route fine = {HTTP_GET, "/x", API_PUBLIC,
    API_NO_PERMISSION, API_ANY_TIME, API_CHANGES_NOTHING, HTTP_TAKES_NOTHING,
    &api_no_body, AUDIT_NONE, handle};

START_TEST(our_own_table_is_whole)
{
	assert_ok(api_routes_check(api_routes, api_n_routes));
	assert_ok(api_routes_check(&fine, 1));
}
END_TEST

/* Each makes one hole. */
static void no_method(struct api_route *r)
{
	r->method = 0;
}
static void no_path(struct api_route *r)
{
	r->path = NULL;
}
static void odd_path(struct api_route *r)
{
	r->path = "x";
}
static void no_access(struct api_route *r)
{
	r->access = 0;
}
static void no_permission(struct api_route *r)
{
	r->permission = NULL;
}
static void idle_permission(struct api_route *r)
{
	r->permission = "edit";
}
static void free_permission(struct api_route *r)
{
	r->access = API_PERMITTED;
}
static void no_proof(struct api_route *r)
{
	r->proof = 0;
}
static void proof_of_nobody(struct api_route *r)
{
	r->proof = API_RECENTLY;
}
static void no_csrf(struct api_route *r)
{
	r->csrf = 0;
}
static void csrf_of_nobody(struct api_route *r)
{
	r->csrf = API_CSRF_TOKEN;
}
static void csrf_of_nothing(struct api_route *r)
{
	r->method = HTTP_POST;
}
static void csrf_of_a_get(struct api_route *r)
{
	r->csrf = API_CSRF_ORIGIN;
}
static void csrf_too_weak(struct api_route *r)
{
	r->method = HTTP_POST;
	r->access = API_SIGNED_IN;
	r->csrf = API_CSRF_ORIGIN;
}
static void no_takes(struct api_route *r)
{
	r->takes = 0;
}
static void no_body(struct api_route *r)
{
	r->body = NULL;
}
static void unread_body(struct api_route *r)
{
	static const struct field field = {.name = "x"};
	static const struct field_table table = {&field, 1, 1};

	r->body = &table;
}
static void no_event(struct api_route *r)
{
	r->event = 0;
}
static void no_handle(struct api_route *r)
{
	r->handle = NULL;
}

static void (*const holes[])(struct api_route *r) = {
    no_method,
    no_path,
    odd_path,
    no_access,
    no_permission,
    idle_permission,
    free_permission,
    no_proof,
    proof_of_nobody,
    no_csrf,
    csrf_of_nobody,
    csrf_of_nothing,
    csrf_of_a_get,
    csrf_too_weak,
    no_takes,
    no_body,
    unread_body,
    no_event,
    no_handle,
};

START_TEST(a_hole_in_any_column_is_found)
{
	struct api_route row = fine;

	holes[_i](&row);
	assert_err(api_routes_check(&row, 1), ERR_INTERNAL);
}
END_TEST

START_TEST(a_row_twice_is_found)
{
	const struct api_route rows[] = {fine, fine};

	assert_err(api_routes_check(rows, ARRAY_LEN(rows)), ERR_INTERNAL);
}
END_TEST

Suite *suite_api_routes(void)
{
	Suite *suite = suite_create("api/routes");
	TCase *tcase = tcase_create("routes");

	tcase_add_test(tcase, our_own_table_is_whole);
	tcase_add_loop_test(tcase, a_hole_in_any_column_is_found, 0,
	    ARRAY_LEN(holes));
	tcase_add_test(tcase, a_row_twice_is_found);
	suite_add_tcase(suite, tcase);
	return suite;
}
