#include "core/base.h"

#include "api/call.h"
#include "suites.h"
#include "unit.h"

static struct http_response response;
static struct api_call call;

static void set_up(void)
{
	http_response_init(&response);
	call = (struct api_call){.response = &response};
}

static void tear_down(void)
{
	http_response_done(&response);
}

START_TEST(every_error_has_status_code_and_sentence)
{
	struct str body;

	api_fail(&call, (enum api_error)_i);
	body = buf_str(&response.body);
	ck_assert_uint_ge(response.status, 400);
	ck_assert_uint_lt(response.status, 600);
	ck_assert(str_starts(body, STR("{\"success\":false,\"error\":\"")));
	ck_assert(str_contains(body, STR(",\"message\":\"")));
	ck_assert(str_ends(body, STR(".\"}")));
}
END_TEST

START_TEST(a_failure_takes_back_what_was_said)
{
	struct json_out out;

	api_begin(&call, 200, true, "Login successful", &out);
	http_response_header(&response, "Set-Cookie", STR("a=b"));
	api_fail(&call, API_INTERNAL);
	ck_assert_uint_eq(response.status, 500);
	ck_assert_uint_eq(response.headers.len, 0);
	ck_assert(!str_contains(buf_str(&response.body), STR("Login")));
}
END_TEST

START_TEST(unavailable_says_when_to_come_back)
{
	api_fail_err(&call, ERR_UNAVAILABLE);
	ck_assert_uint_eq(response.status, 503);
	assert_str(buf_str(&response.headers), "Retry-After: 2\r\n");
}
END_TEST

START_TEST(a_session_that_has_ended_is_401)
{
	api_fail_session(&call, ERR_NOT_FOUND);
	ck_assert_uint_eq(response.status, 401);
	ck_assert(str_contains(buf_str(&response.body),
	    STR("\"not_authenticated\"")));
	api_fail_session(&call, ERR_UNAVAILABLE);
	ck_assert_uint_eq(response.status, 503);
}
END_TEST

static const enum err ours[] = {ERR_NOT_FOUND, ERR_CONFLICT, ERR_DENIED,
    ERR_INVALID, ERR_LIMIT, ERR_INTERNAL};

START_TEST(what_a_handler_did_not_expect_tells_nothing)
{
	api_fail_err(&call, ours[_i]);
	ck_assert_uint_eq(response.status, 500);
	assert_str(buf_str(&response.body),
	    J("{'success':false,'error':'internal',"
	      "'message':'Something went wrong.'}"));
}
END_TEST

START_TEST(fields_come_with_their_sentences)
{
	const struct field_errors errors = {.n = 1,
	    .list = {{"email", "This is not a mail address."}}};

	api_fail_fields(&call, API_VALIDATION_FAILED, &errors);
	ck_assert(str_ends(buf_str(&response.body),
	    str_of(J(",'fields':{'email':'This is not a mail address.'}}"))));
}
END_TEST

Suite *suite_api_call(void)
{
	Suite *suite = suite_create("api/call");
	TCase *tcase = tcase_create("call");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, every_error_has_status_code_and_sentence, 1,
	    API_N_ERRORS);
	tcase_add_test(tcase, a_failure_takes_back_what_was_said);
	tcase_add_test(tcase, unavailable_says_when_to_come_back);
	tcase_add_test(tcase, a_session_that_has_ended_is_401);
	tcase_add_loop_test(tcase, what_a_handler_did_not_expect_tells_nothing,
	    0, ARRAY_LEN(ours));
	tcase_add_test(tcase, fields_come_with_their_sentences);
	suite_add_tcase(suite, tcase);
	return suite;
}
