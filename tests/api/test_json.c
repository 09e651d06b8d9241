/* Bodies that are not strict JSON, on every route that takes JSON. */
#include "core/base.h"

#include "api.h"
#include "route.h"

#define FIVE_OPEN "[[[[["
#define FIVE_SHUT "]]]]]"

/* Slices: some of them hold a NUL. */
static const struct str malformed[] = {
    STR("{"),
    STR("}"),
    STR("["),
    STR("[]"),
    STR("null"),
    STR("true"),
    STR("1"),
    STR("\"x\""),
    STR("nonsense"),
    STR("email=a@example.org"),
    STR("{} {}"),
    STR("{}x"),
    STR("{},"),
    STR("{}\0"),
    STR("\0{}"),
    STR("{\"a\":1}\0{\"a\":2}"),
    STR("{\"a\":\"x\0y\"}"),
    STR("{\"a\":\"x\\u0000y\"}"),
    STR("{\"a\\u0000\":1}"),
    STR("\xef\xbb\xbf{}"),
    STR("\xff\xfe{\0}\0"),
    STR("{\"a\":1,\"a\":2}"),
    STR("{\"a\":1,\"\\u0061\":2}"),
    STR("{\"b\":{\"a\":1,\"a\":1}}"),
    STR("{\"b\":[{\"a\":1,\"a\":1}]}"),
    STR("{\"a\":1,}"),
    STR("{,\"a\":1}"),
    STR("{\"a\" 1}"),
    STR("{\"a\":}"),
    STR("{\"a\"}"),
    STR("{a:1}"),
    STR("{'a':1}"),
    STR("{\"a\":'x'}"),
    STR("{1:1}"),
    STR("{\"a\":01}"),
    STR("{\"a\":+1}"),
    STR("{\"a\":.5}"),
    STR("{\"a\":1.}"),
    STR("{\"a\":1e}"),
    STR("{\"a\":0x10}"),
    STR("{\"a\":NaN}"),
    STR("{\"a\":Infinity}"),
    STR("{\"a\":-}"),
    STR("{\"a\":True}"),
    STR("{\"a\":undefined}"),
    STR("{\"a\":[1,]}"),
    STR("{\"a\":[1 2]}"),
    STR("{\"a\":1}/**/"),
    STR("{/**/\"a\":1}"),
    STR("{\"a\":1}//"),
    STR("{\"a\":\"x}"),
    STR("{\"a\":\"\\x41\"}"),
    STR("{\"a\":\"\\u12\"}"),
    STR("{\"a\":\"\\u12g4\"}"),
    STR("{\"a\":\"\\ud83e\"}"),
    STR("{\"a\":\"\\udd95\"}"),
    STR("{\"a\":\"\\udd95\\ud83e\"}"),
    STR("{\"a\":\"\\ud83e\\u0041\"}"),
    STR("{\"a\":\"x\ny\"}"),
    STR("{\"a\":\"x\ty\"}"),
    STR("{\"a\":\"\x01\"}"),
    STR("{\"a\":\"\xff\"}"),
    STR("{\"a\":\"\xc3\"}"),
    STR("{\"a\":\"\xc0\xaf\"}"),
    STR("{\"a\":\"\xed\xa0\x80\"}"),
    STR("{\"a\":\"\xf4\x90\x80\x80\"}"),
    STR("{\"\xff\":1}"),
    STR("{\"a\":" FIVE_OPEN FIVE_OPEN FIVE_OPEN
	"[]" FIVE_SHUT FIVE_SHUT FIVE_SHUT "}"),
    STR("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
	"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}}}}}}}"),
};

/* The administrator may do everything, so that every body is looked at. */
START_TEST(malformed_bodies)
{
	struct account admin = account_administrator();
	struct client *signed_in = account_login(&admin);

	for (size_t i = 0; i < api_n_routes; i++) {
		const struct api_route *r = &api_routes[i];

		if (!route_takes_body(r))
			continue;
		expect_error(SEND(route_needs_session(r) ? signed_in
							 : client_new(),
				 .method = http_method_name(r->method),
				 .path = route_path(r), .body = malformed[_i].p,
				 .body_len = malformed[_i].len),
		    400, "invalid_request");
	}
}
END_TEST

START_TEST(deeper_than_any_stack)
{
	struct client *c = client_new();

	expect_error(post(c, "/resend_verification",
			 text("{\"a\":%s", text_repeat("[", 60000))),
	    400, "invalid_request");
	expect_error(post(c, "/resend_verification",
			 text("{\"a\":%s%s}", text_repeat("[", 30000),
			     text_repeat("]", 30000))),
	    400, "invalid_request");
	expect_error(post(c, "/resend_verification",
			 text("%s1%s", text_repeat("{\"a\":", 10000),
			     text_repeat("}", 10000))),
	    400, "invalid_request");
}
END_TEST

/* Beside a member that is wanted; "%s" holds its place. */
#define EMAIL "\"email\":\"nobody@example.org\""

static const char *const fine[] = {
    "{" EMAIL "}",
    " \t\r\n{ \t\r\n" EMAIL " } \r\n",
    "{\"em\\u0061il\":\"nobody@example\\u002eorg\"}",
    "{\"Email\":1,\"EMAIL\":2," EMAIL "}",
    "{" EMAIL ",\"\":1,\" \":2,\"email \":3}",
    "{\"a\":{\"email\":1},\"b\":{\"email\":2}," EMAIL "}",
    "{\"a\":[0,-0,1.5e-7,1E+2,12345678901234567890]," EMAIL "}",
    "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\ud83e\\udd95\"," EMAIL "}",
    "{\"a\":\"\xf0\x9f\xa6\x95\"," EMAIL ",\"b\":[[],{},null,true,false]}",
    "{\"a\":" FIVE_OPEN FIVE_OPEN "[[[["
    "[]"
    "]]]]" FIVE_SHUT FIVE_SHUT "," EMAIL "}",
    "{\"__proto__\":{\"admin\":true},\"constructor\":1," EMAIL "}",
};

START_TEST(strict_but_not_narrow)
{
	expect_success(post(client_new(), "/resend_verification", fine[_i]),
	    200, NULL);
}
END_TEST

START_TEST(types_with_parameters)
{
	static const char *const types[] = {"application/json",
	    "application/json; charset=utf-8", "application/json;charset=UTF-8",
	    "Application/JSON"};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		expect_success(SEND(client_new(),
				   .path = "/resend_verification",
				   .type = types[i], .body = "{" EMAIL "}"),
		    200, NULL);
}
END_TEST

START_TEST(as_large_as_may_be)
{
	const char *body = text("{%s" EMAIL "}",
	    text_repeat(" ", 65536 - 2 - strlen(EMAIL)));

	ck_assert_uint_eq(strlen(body), 65536);
	expect_success(post(client_new(), "/resend_verification", body), 200,
	    NULL);
}
END_TEST

/* More members than anybody has; and all of one text, to be copied. */
START_TEST(large_and_strange)
{
	char *members = text("%s", ""), *body;
	struct buf b;

	buf_init(&b, 65536);
	for (unsigned i = 0; i < 5000; i++)
		buf_putf(&b, "\"%u\":[],", i);
	members = text_dup(buf_str(&b));
	buf_done(&b);
	expect_success(post(client_new(), "/resend_verification",
			   text("{%s" EMAIL "}", members)),
	    200, NULL);
	body = text("{\"a\":\"%s\"," EMAIL "}",
	    text_repeat("\\ud83e\\udd95", 5000));
	expect_success(post(client_new(), "/resend_verification", body), 200,
	    NULL);
	expect_bad_field(post(client_new(), "/resend_verification",
			     text("{\"email\":\"%s@example.org\"}",
				 text_repeat("x", 60000))),
	    "email");
}
END_TEST

/* Strings that have meant something to somebody, as plain text. */
static const char *const strings[] = {"%n%s%x", "' OR '1'='1", "\\", "\"",
    "../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}", "${jndi:x}",
    "$(reboot)", "`reboot`", "; reboot", "\r\nSet-Cookie: a=b", "\x1b[31m",
    "%00", "%0d%0a", "\xe2\x80\xae", "*)(uid=*))(|(uid=*", "-1", "1e309"};

START_TEST(strings_are_but_strings)
{
	struct client *c = client_new();
	const char *value = text_json(strings[_i]);
	const struct response *res = post(c, "/login",
	    text("{\"username_or_email\":%s,\"password\":%s}", value, value));

	expect_error(res, 401, "invalid_credentials");
	expect_bad_field(post(c, "/resend_verification",
			     text("{\"email\":%s}", value)),
	    "email");
	expect_error(post(c, "/verify_email", text("{\"token\":%s}", value)),
	    400, "invalid_token");
}
END_TEST

void add_json(TCase *tc)
{
	tcase_add_loop_test(tc, malformed_bodies, 0, ARRAY_LEN(malformed));
	tcase_add_test(tc, deeper_than_any_stack);
	tcase_add_loop_test(tc, strict_but_not_narrow, 0, ARRAY_LEN(fine));
	tcase_add_test(tc, types_with_parameters);
	tcase_add_test(tc, as_large_as_may_be);
	tcase_add_test(tc, large_and_strange);
	tcase_add_loop_test(tc, strings_are_but_strings, 0, ARRAY_LEN(strings));
}
