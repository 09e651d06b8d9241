/* POST /login as the old web client sends it: a form, of either kind. */
#include "core/base.h"

#include "api.h"

#define FORM "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data; boundary="

static const struct response *send_form(const char *type, const char *body)
{
	return SEND(client_new(), .path = "/login", .type = type, .body = body);
}

static const struct response *send_bytes(const char *type, struct str body)
{
	return SEND(client_new(), .path = "/login", .type = type,
	    .body = body.p, .body_len = body.len);
}

static char *part(const char *name, const char *value)
{
	return text("Content-Disposition: form-data; name=\"%s\"\r\n\r\n%s",
	    name, value);
}

/* Both parts between delimiters "--B". */
static char *multipart(const struct account *a)
{
	return text("--B\r\n%s\r\n--B\r\n%s\r\n--B--\r\n",
	    part("username_or_email", a->email), part("password", a->password));
}

START_TEST(forms_log_in)
{
	static const char *const types[] = {FORM, FORM "; charset=UTF-8",
	    FORM ";charset=utf-8", "Application/X-WWW-Form-Urlencoded"};
	struct account a = account_new();
	char *body = text("username_or_email=%s&password=%s&token=&csrf=1",
	    text_uri(a.email), text_uri(a.password));

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		expect_success(send_form(types[i], body), 200,
		    "Login successful");
}
END_TEST

START_TEST(form_decodes_plus_and_percent)
{
	struct account a = account_invent();
	char *encoded;

	a.password = "a+b c%41&=\u00e9\U0001F995;x";
	account_sign_up(&a);
	database_run("UPDATE users SET verified_at = created_at WHERE "
		     "username = '%s'",
	    a.username);
	encoded = text_uri(a.password);
	expect_success(send_form(FORM,
			   text("password=%s&username%%5for_email="
				"%s",
			       encoded, a.username)),
	    200, "Login successful");
	/* A space is a plus as well. */
	encoded = text("a%%2Bb+c%%2541%%26%%3D\u00e9\U0001F995%%3bx");
	expect_success(send_form(FORM,
			   text("password=%s&username_or_email=%s", encoded,
			       a.username)),
	    200, "Login successful");
}
END_TEST

START_TEST(multipart_logs_in)
{
	static const char *const types[] = {MULTIPART "B", MULTIPART "\"B\"",
	    "Multipart/Form-Data; Boundary=B",
	    "multipart/form-data; charset=utf-8; boundary=B"};
	struct account a = account_new();

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		expect_success(send_form(types[i], multipart(&a)), 200,
		    "Login successful");
}
END_TEST

/* Preamble and epilogue (RFC 2046), and part headers that say nothing new. */
START_TEST(multipart_as_others_write_it)
{
	struct account a = account_new();
	char *body =
	    text("To be ignored.\r\n--B\r\n"
		 "content-disposition: form-data;name=username_or_email\r\n"
		 "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n"
		 "--B\r\n%s\r\n--B--\r\nTo be ignored.",
		a.username, part("password", a.password));

	expect_success(send_form(MULTIPART "B", body), 200, "Login successful");
}
END_TEST

/* Bytes are bytes: CRLF, "--" and a delimiter's beginning in a password. */
START_TEST(multipart_keeps_bytes)
{
	struct account a = account_invent();

	a.password = "two lines\r\n--here, --B and \r\n-- B";
	account_sign_up(&a);
	database_run("UPDATE users SET verified_at = created_at WHERE "
		     "username = '%s'",
	    a.username);
	expect_success(send_form(MULTIPART "Bxyz",
			   text("--Bxyz\r\n%s\r\n"
				"--Bxyz\r\n%s\r\n--Bxyz--\r\n",
			       part("username_or_email", a.username),
			       part("password", a.password))),
	    200, "Login successful");
}
END_TEST

START_TEST(rules_are_the_same)
{
	expect_bad_field(send_form(FORM, "username_or_email=abc"), "password");
	expect_bad_field(send_form(FORM, "username_or_email=abc&password="),
	    "password");
	expect_bad_field(send_form(FORM, "password=x&Username_or_email=abc"),
	    "username_or_email");
	expect_error(send_form(FORM, "username_or_email=abc&password=x"), 401,
	    "invalid_credentials");
	expect_bad_field(send_form(MULTIPART "B",
			     text("--B\r\n%s\r\n--B--\r\n",
				 part("username_or_email", "abc"))),
	    "password");
}
END_TEST

static const char *const bad_forms[] = {
    "username_or_email=a&password=x&password=y",
    "username_or_email=a&username_or_email=a&password=x",
    "username_or_email=a&password=x&pass%77ord=y",
    "username_or_email=a&password=%",
    "username_or_email=a&password=%4",
    "username_or_email=a&password=%zz",
    "username_or_email=a&password=%00",
    "username_or_email=a&password=x%00y",
    "username_or_email=a&password=%ff",
    "username_or_email=a&password=%c0%af",
    "username_or_email=a&password=%ed%a0%80",
};

START_TEST(malformed_forms)
{
	expect_error(send_form(FORM, bad_forms[_i]), 400, "invalid_request");
}
END_TEST

START_TEST(form_with_raw_nul)
{
	expect_error(send_bytes(FORM, STR("username_or_email=a&password=x\0y")),
	    400, "invalid_request");
}
END_TEST

START_TEST(form_with_too_many_pairs)
{
	expect_error(send_form(FORM,
			 text("username_or_email=a&password=x%s",
			     text_repeat("&a=b", 1000))),
	    400, "invalid_request");
}
END_TEST

#define NAME_PART                                                              \
	"Content-Disposition: form-data; name=\"username_or_email\"\r\n\r\na"
#define PASSWORD_HEAD "Content-Disposition: form-data; name=\"password\""
#define WITH(part_) "--B\r\n" NAME_PART "\r\n--B\r\n" part_ "\r\n--B--\r\n"

static const struct {
	const char *type;
	const char *body;
} bad_parts[] = {
    /* no boundary, or one that RFC 2046 does not know */
    {"multipart/form-data", WITH(PASSWORD_HEAD "\r\n\r\nx")},
    {"multipart/form-data; boundary=", WITH(PASSWORD_HEAD "\r\n\r\nx")},
    {"multipart/form-data; boundary=\"\"", WITH(PASSWORD_HEAD "\r\n\r\nx")},
    {"multipart/form-data; boundary=\"B", WITH(PASSWORD_HEAD "\r\n\r\nx")},
    {MULTIPART "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
	       "BBBBBBBBBBBBBBBBBBBBB",
	WITH(PASSWORD_HEAD "\r\n\r\nx")},
    {MULTIPART "C", WITH(PASSWORD_HEAD "\r\n\r\nx")},
    /* a file */
    {MULTIPART "B", WITH(PASSWORD_HEAD "; filename=\"x.txt\"\r\n\r\nx")},
    {MULTIPART "B", WITH(PASSWORD_HEAD "; filename=\"\"\r\n\r\nx")},
    {MULTIPART "B", WITH(PASSWORD_HEAD "; filename*=UTF-8''x\r\n\r\nx")},
    /* nested */
    {MULTIPART "B",
	WITH(PASSWORD_HEAD "\r\nContent-Type: multipart/mixed; "
			   "boundary=C\r\n\r\n--C\r\n\r\nx\r\n"
			   "--C--")},
    /* encoded, which RFC 7578 section 4.7 forbids */
    {MULTIPART "B",
	WITH(PASSWORD_HEAD "\r\nContent-Transfer-Encoding: base64"
			   "\r\n\r\neA==")},
    /* no name, no disposition, another one, no header at all */
    {MULTIPART "B", WITH("Content-Disposition: form-data\r\n\r\nx")},
    {MULTIPART "B", WITH("Content-Type: text/plain\r\n\r\nx")},
    {MULTIPART "B",
	WITH("Content-Disposition: attachment; "
	     "name=\"password\"\r\n\r\nx")},
    {MULTIPART "B", WITH("\r\nx")},
    {MULTIPART "B", WITH("x")},
    /* the same twice */
    {MULTIPART "B", WITH(NAME_PART)},
    /* truncated */
    {MULTIPART "B", "--B\r\n" NAME_PART},
    {MULTIPART "B", "--B\r\n" NAME_PART "\r\n--B\r\n" PASSWORD_HEAD},
    {MULTIPART "B",
	"--B\r\n" NAME_PART "\r\n--B\r\n" PASSWORD_HEAD "\r\n\r\nx"},
    {MULTIPART "B",
	"--B\r\n" NAME_PART "\r\n--B\r\n" PASSWORD_HEAD "\r\n\r\nx\r\n--B"},
    {MULTIPART "B",
	"--B\r\n" NAME_PART "\r\n--B\r\n" PASSWORD_HEAD "\r\n\r\nx\r\n--B\r\n"},
    {MULTIPART "B", "nonsense"},
    {MULTIPART "B", "{\"username_or_email\":\"a\",\"password\":\"x\"}"},
    /* not UTF-8 */
    {MULTIPART "B", WITH(PASSWORD_HEAD "\r\n\r\n\xff")},
};

START_TEST(malformed_multipart)
{
	expect_error(send_form(bad_parts[_i].type, bad_parts[_i].body), 400,
	    "invalid_request");
}
END_TEST

START_TEST(multipart_with_raw_nul)
{
	expect_error(send_bytes(MULTIPART "B",
			 STR(WITH(PASSWORD_HEAD "\r\n\r\nx\0y"))),
	    400, "invalid_request");
}
END_TEST

START_TEST(multipart_with_too_many_parts)
{
	expect_error(
	    send_form(MULTIPART "B",
		text("%s--B--\r\n",
		    text_repeat(
			"--B\r\nContent-Disposition: form-data; name=\"a\""
			"\r\n\r\nb\r\n",
			900))),
	    400, "invalid_request");
}
END_TEST

/* A form says what JSON says; where it comes from is looked at as well. */
START_TEST(forms_of_other_sites_are_refused)
{
	struct account a = account_new();

	expect_error(SEND(client_new(), .path = "/login", .type = MULTIPART "B",
			 .body = multipart(&a),
			 .headers = {"Origin: https://evil.example"}),
	    403, "csrf_failed");
	expect_error(SEND(client_new(), .path = "/login", .type = MULTIPART "B",
			 .body = multipart(&a), .headers = {"Origin: null"}),
	    403, "csrf_failed");
}
END_TEST

void add_forms(TCase *tc)
{
	tcase_add_test(tc, forms_log_in);
	tcase_add_test(tc, form_decodes_plus_and_percent);
	tcase_add_test(tc, multipart_logs_in);
	tcase_add_test(tc, multipart_as_others_write_it);
	tcase_add_test(tc, multipart_keeps_bytes);
	tcase_add_test(tc, rules_are_the_same);
	tcase_add_loop_test(tc, malformed_forms, 0, ARRAY_LEN(bad_forms));
	tcase_add_test(tc, form_with_raw_nul);
	tcase_add_test(tc, form_with_too_many_pairs);
	tcase_add_loop_test(tc, malformed_multipart, 0, ARRAY_LEN(bad_parts));
	tcase_add_test(tc, multipart_with_raw_nul);
	tcase_add_test(tc, multipart_with_too_many_parts);
	tcase_add_test(tc, forms_of_other_sites_are_refused);
}
