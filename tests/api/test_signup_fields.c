/* POST /signup: every rule of every field, at its borders. */
#include "core/base.h"

#include "api.h"

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define EMOJI "\\ud83e\\udd96"
#define EMOJI_7 EMOJI EMOJI EMOJI EMOJI EMOJI EMOJI EMOJI
#define EMOJI_TEN EMOJI_7 EMOJI EMOJI EMOJI
#define EMOJI_60 EMOJI_TEN EMOJI_TEN EMOJI_TEN EMOJI_TEN EMOJI_TEN EMOJI_TEN
#define LABEL_63 FIFTY TEN "abc"
/* 128 code points in no order that is easily guessed */
#define HARD_TEN "zq7vKx2jWp"
#define HARD_40                                                                \
	HARD_TEN "m4Lr9bTg6c"                                                  \
		 "Yh3nFd8sQu"                                                  \
		 "e5JiXo1aZk"
#define HARD_128 HARD_40 HARD_40 HARD_40 "Vw0yCt7m"

/* The body of an invented account in which one member is something else. */
static char *body_with(const struct account *a, const char *field,
    const char *literal)
{
	cJSON *body = cJSON_Parse(account_signup_body(a));
	char *out;

	cJSON_DeleteItemFromObject(body, field);
	if (literal != NULL)
		cJSON_AddRawToObject(body, field, literal);
	out = text_print(body);
	cJSON_Delete(body);
	return out;
}

static const struct response *sign_up_with(const char *field,
    const char *literal)
{
	struct account a = account_invent();

	return post(client_new(), "/signup", body_with(&a, field, literal));
}

/* JSON literals that no text field may hold; NULL: the member is absent. */
static const char *const never[] = {
    NULL,
    "null",
    "\"\"",
    "1",
    "0",
    "-1.5",
    "true",
    "false",
    "[]",
    "{}",
    "[\"abcdefgh\"]",
    "{\"a\":\"b\"}",
};
static const char *const fields[] = {"first_name", "last_name", "username",
    "email", "password"};

START_TEST(every_field_is_a_text)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		expect_bad_field(sign_up_with(fields[i], never[_i]), fields[i]);
}
END_TEST

static const struct {
	const char *field;
	const char *literal;
} bad[] = {
    {"username", "\"ab\""},
    {"username", "\"" TEN TEN TEN "x\""},
    {"username", "\"a b c\""},
    {"username", "\" abc\""},
    {"username", "\"abc \""},
    {"username", "\"abc\\n\""},
    {"username", "\"a-b-c\""},
    {"username", "\"a.b.c\""},
    {"username", "\"abc@example.org\""},
    {"username", "\"abc'--\""},
    {"username", "\"<abc>\""},
    {"username", "\"ren\\u00e9e\""},
    {"username", "\"\\u0430\\u0431\\u0432\""},
    {"username", "\"abc\\u200b\""},
    {"username", "\"" EMOJI_7 "\""},

    {"email", "\"plain\""},
    {"email", "\"@example.org\""},
    {"email", "\"a@\""},
    {"email", "\"a@@example.org\""},
    {"email", "\"a@b@example.org\""},
    {"email", "\"a b@example.org\""},
    {"email", "\" a@example.org\""},
    {"email", "\"a@example.org \""},
    {"email", "\"a@example.org\\n\""},
    {"email", "\".a@example.org\""},
    {"email", "\"a.@example.org\""},
    {"email", "\"a..b@example.org\""},
    {"email", "\"a@example..org\""},
    {"email", "\"a@.example.org\""},
    {"email", "\"a@example.org.\""},
    {"email", "\"a@-example.org\""},
    {"email", "\"a@example-.org\""},
    {"email", "\"a@exam_ple.org\""},
    {"email", "\"<a@example.org>\""},
    {"email", "\"Ann <a@example.org>\""},
    {"email", "\"a@example.org,b@example.org\""},
    {"email", "\"a@example.org;b@example.org\""},
    {"email", "\"a@example.org\\r\\nBcc: b@example.org\""},
    {"email", "\"a@example.org\\u0007\""},
    {"email", "\"\\u00fc@example.org\""},
    {"email", "\"a@ex\\u00e4mple.org\""},
    {"email", "\"mailto:a@example.org\""},
    {"email", "\"" LABEL_63 "ab@example.org\""},
    {"email", "\"a@" LABEL_63 "d.org\""},
    {"email", "\"" FIFTY "@" LABEL_63 "." LABEL_63 "." LABEL_63 "." TEN "ab\""},

    {"password", "\"zq7vKx2\""},
    {"password", "\"" EMOJI_7 "\""},
    {"password", "\"" HARD_128 "x\""},
    {"password", "\"" EMOJI_60 EMOJI_60 EMOJI_7 EMOJI EMOJI "\""},
};

START_TEST(bad_values)
{
	expect_bad_field(sign_up_with(bad[_i].field, bad[_i].literal),
	    bad[_i].field);
}
END_TEST

/* For both names alike. */
static const char *const bad_names[] = {
    "\" \"",
    "\"" EMOJI_60 "x\"",
    "\"" FIFTY TEN "x\"",
    "\"<b>Ann</b>\"",
    "\"Ann>\"",
    "\"http://example.org\"",
    "\"see HTTPS://example.org\"",
    "\"www.example.org\"",
    "\"Ann\\nBcc: b@example.org\"",
    "\"Ann\\r\\n\"",
    "\"Ann\\u0007\"",
    "\"Ann\\u007f\"",
    "\"Ann\\u0085\"",
    "\"Ann\\u202e\"",
    "\"Ann\\u2066\"",
    "\"Ann\\u200b\"",
    "\"Ann\\ufeff\"",
};

START_TEST(bad_names_of_people)
{
	expect_bad_field(sign_up_with("first_name", bad_names[_i]),
	    "first_name");
	expect_bad_field(sign_up_with("last_name", bad_names[_i]), "last_name");
}
END_TEST

/* `free`: another test run took this value; make room for it. */
static const struct {
	const char *field;
	const char *literal;
	const char *free;
} good[] = {
    {"username", "\"a_9\"", "username"},
    {"username", "\"ABC_abcdefghij_0123456789_wxyz\"", "username"},
    {"username", "\"___\"", "username"},
    {"username", "\"007\"", "username"},
    {"email", "\"a@example.org\"", "email"},
    {"email", "\"First.Last+tag@sub.example.org\"", "email"},
    {"email", "\"o'brien!#$%&*-/=?^_`{|}~@example.org\"", "email"},
    {"email", "\"" LABEL_63 "d@example.org\"", "email"},
    {"email", "\"a@" LABEL_63 ".org\"", "email"},
    {"email", "\"" FIFTY "@" LABEL_63 "." LABEL_63 "." LABEL_63 "." TEN "a\"",
	"email"},
    {"first_name", "\"X\"", NULL},
    {"first_name", "\"" EMOJI_60 "\"", NULL},
    {"first_name", "\"D'Arcy \\\"Ace\\\" O\\u2019Neil-\\u017d\"", NULL},
    {"first_name", "\"\\u674e\\u5c0f\\u9f8d\"", NULL},
    {"last_name", "\"1; DROP TABLE users; -- \\\\ %s%n\"", NULL},
    {"last_name", "\"van der Berg Jr.\"", NULL},
    {"password", "\"zq7vKx2j\"", NULL},
    {"password", "\"" HARD_128 "\"", NULL},
    {"password",
	"\"\\ud83e\\udd96\\ud83d\\ude80\\ud83c\\udf51\\ud83e\\uddc5"
	"\\ud83e\\ude90\\ud83d\\udc19\\ud83c\\udfba\\ud83e\\udded\"",
	NULL},
    {"password", "\"" EMOJI_60 EMOJI_60 EMOJI_7 EMOJI "\"", NULL},
    {"password", "\"  spaces at both ends  \"", NULL},
    {"password", "\"tab\\tand\\nnewline and \\u0007\"", NULL},
    {"password", "\"all lowercase and blanks\"", NULL},
    {"password", "\"securepassword\"", NULL},
};

START_TEST(good_values)
{
	if (good[_i].free != NULL) {
		cJSON *value = cJSON_Parse(good[_i].literal);
		const char *escaped = text_json(cJSON_GetStringValue(value));

		database_run("SET sql_mode = ''");
		database_run("DELETE FROM users WHERE %s = %s", good[_i].free,
		    escaped);
		cJSON_Delete(value);
	}
	expect_success(sign_up_with(good[_i].field, good[_i].literal), 201,
	    NULL);
}
END_TEST

static const char *const weak[] = {"P@ssw0rd", "Password1!", "password",
    "12345678", "qwertyui", "iloveyou", "11111111", "abcdefgh", "aaaaaaaa",
    "PASSWORD", "letmein1"};

START_TEST(weak_passwords)
{
	struct account a = account_invent();

	a.password = weak[_i];
	expect_error(post(client_new(), "/signup", account_signup_body(&a)),
	    400, "weak_password");
	ck_assert_int_eq(database_number("SELECT COUNT(*) FROM users "
					 "WHERE username = '%s'",
			     a.username),
	    0);
}
END_TEST

START_TEST(own_words_as_password)
{
	struct account a = account_invent();

	a.username = text("whittaker_%s", text_random_hex(4));
	a.password = a.username;
	expect_error(post(client_new(), "/signup", account_signup_body(&a)),
	    400, "weak_password");
	a.password = a.email;
	expect_error(post(client_new(), "/signup", account_signup_body(&a)),
	    400, "weak_password");
	a.password = text_swap_case(a.username);
	expect_error(post(client_new(), "/signup", account_signup_body(&a)),
	    400, "weak_password");
}
END_TEST

/* All at once, so that people see all of it; an empty body counts as {}. */
START_TEST(every_mistake_is_told)
{
	static const char *const bodies[] = {"{}", ""};
	struct client *c = client_new();

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		const struct response *res = post(c, "/signup", bodies[i]);
		const cJSON *told = cJSON_GetObjectItem(res->json, "fields");

		EXPECT(res->status == 400, res, "not refused");
		expect_members(res, told, "first_name", "last_name", "username",
		    "email", "password");
	}
}
END_TEST

/* Members are called what they are called: "Email" is another, unknown one. */
START_TEST(names_of_members_have_a_case)
{
	struct account a = account_invent();
	char *body = account_signup_body(&a);

	*strstr(body, "email") = 'E';
	expect_bad_field(post(client_new(), "/signup", body), "email");
}
END_TEST

void add_signup_fields(TCase *tc)
{
	tcase_add_loop_test(tc, every_field_is_a_text, 0, ARRAY_LEN(never));
	tcase_add_loop_test(tc, bad_values, 0, ARRAY_LEN(bad));
	tcase_add_loop_test(tc, bad_names_of_people, 0, ARRAY_LEN(bad_names));
	tcase_add_loop_test(tc, good_values, 0, ARRAY_LEN(good));
	tcase_add_loop_test(tc, weak_passwords, 0, ARRAY_LEN(weak));
	tcase_add_test(tc, own_words_as_password);
	tcase_add_test(tc, every_mistake_is_told);
	tcase_add_test(tc, names_of_members_have_a_case);
}
