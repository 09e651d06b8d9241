#include "core/base.h"

#include "auth/policy.h"
#include "core/field.h"
#include "suites.h"
#include "unit.h"

#define TEN "aaaaaaaaaa"
#define THIRTY TEN TEN TEN

static const struct {
	const char *text;
	bool fine;
} usernames[] = {
    {"abc", true},
    {THIRTY, true},
    {"A_9", true},
    {"", false},
    {"ab", false},
    {THIRTY "a", false},
    {"a b c", false},
    {"a-b-c", false},
    {"\xc3\xa4nne", false},
    {"abc\n", false},
};

static const struct {
	const char *text;
	bool fine;
} names[] = {
    {"Ada", true},
    {"O'Brien-\xc3\x89"
     "douard",
	true},
    {"\xe5\xb1\xb1\xe7\x94\xb0", true},
    {"Dr. No", true},
    {" ", false},
    {"<b>Ada</b>", false},
    {"Ada\r\nBcc: x", false},
    {"Ada\t", false},
    {"http://evil.example", false},
    {"see WWW.evil.example", false},
    {"\xe2\x80\xae"
     "adA",
	false},
};

static const struct {
	const char *text;
	bool fine;
} emails[] = {
    {"ada@example.org", true},
    {"a.b+c@example.org", true},
    {"a@localhost", true},
    {"", false},
    {"ada", false},
    {"@example.org", false},
    {"ada@", false},
    {"a@b@example.org", false},
    {".ada@example.org", false},
    {"a..b@example.org", false},
    {"ada@-example.org", false},
    {"ada@example..org", false},
    {"ada@example.org\r\nBcc: x@example.org", false},
    {"<ada@example.org>", false},
    {"\"a b\"@example.org", false},
    {"a@[192.0.2.1]", false},
    {"\xc3\xa4@example.org", false},
    {THIRTY THIRTY "aaaa@example.org", true},
    {THIRTY THIRTY "aaaaa@example.org", false},
};

static void check(field_check *rule, const char *text, bool fine)
{
	const char *why = rule(str_of(text));

	ck_assert_msg((why == NULL) == fine, "\"%s\": %s", text,
	    why == NULL ? "taken" : why);
}

START_TEST(usernames_are_3_to_30_of_a_few)
{
	check(auth_policy_username, usernames[_i].text, usernames[_i].fine);
}
END_TEST

START_TEST(names_hold_no_trickery)
{
	check(auth_policy_name, names[_i].text, names[_i].fine);
}
END_TEST

START_TEST(emails_are_addr_specs)
{
	check(auth_policy_email, emails[_i].text, emails[_i].fine);
}
END_TEST

static enum auth_password_verdict judge(const char *password, uint64_t score)
{
	const struct config config = {.password_min_score = score};
	const struct auth_person person = {STR("Augusta"), STR("Lovelace"),
	    STR("augusta_l"), STR("lovelace.countess@example.org")};
	struct arena *arena = arena_new(64 * 1024);
	enum auth_password_verdict verdict = 0;
	const char *why = NULL;

	assert_ok(auth_policy_password(&config, arena,
	    (struct secret_str){password, strlen(password)}, &person, &verdict,
	    &why));
	ck_assert_int_eq(why == NULL, verdict == AUTH_PASSWORD_FINE);
	arena_free(&arena);
	return verdict;
}

static const struct {
	const char *password;
	uint64_t score;
	enum auth_password_verdict verdict;
} passwords[] = {
    {"violet tram kettle", 1, AUTH_PASSWORD_FINE},
    {"securepassword", 1, AUTH_PASSWORD_FINE},
    {"\xf0\x9f\x8d\x8b\xf0\x9f\xa6\x86\xf0\x9f\x9a\x97\xf0\x9f\x8e\xb8"
     "\xf0\x9f\x8c\xb5\xf0\x9f\x90\x99\xf0\x9f\x94\x91\xf0\x9f\xa7\x8a",
	1, AUTH_PASSWORD_FINE}, /* 8 code points of 4 bytes */
    {"1234567", 0, AUTH_PASSWORD_LENGTH},
    {"12345678", 0, AUTH_PASSWORD_FINE},
    {"12345678", 1, AUTH_PASSWORD_WEAK},
    {"P@ssw0rd", 1, AUTH_PASSWORD_WEAK},
    {"Password1!", 1, AUTH_PASSWORD_WEAK},
    {"augusta_l", 1, AUTH_PASSWORD_WEAK},
    {"lovelace.countess", 1, AUTH_PASSWORD_WEAK},
    {"lovelace.countess@example.org", 1, AUTH_PASSWORD_WEAK},
    {"securepassword", 4, AUTH_PASSWORD_WEAK},
    {"violet tram kettle", 4, AUTH_PASSWORD_FINE},
};

START_TEST(passwords_are_judged_by_guesses)
{
	ck_assert_int_eq(judge(passwords[_i].password, passwords[_i].score),
	    passwords[_i].verdict);
}
END_TEST

START_TEST(password_length_counts_code_points)
{
	char long_one[4 * 129 + 1] = "";

	for (size_t i = 0; i < 129; i++)
		memcpy(long_one + 4 * i, "\xf0\x9f\x8d\x8b", 5);
	ck_assert_int_eq(judge(long_one, 0), AUTH_PASSWORD_LENGTH);
	long_one[(size_t)4 * 128] = '\0';
	ck_assert_int_eq(judge(long_one, 0), AUTH_PASSWORD_FINE);
}
END_TEST

START_TEST(a_password_that_is_not_utf8)
{
	const struct config config = {0};
	const struct auth_person person = {0};
	struct arena *arena = arena_new(4096);
	enum auth_password_verdict verdict = 0;
	const char *why = NULL;

	assert_err(auth_policy_password(&config, arena,
		       (struct secret_str){"\xff\xff\xff\xff\xff\xff\xff\xff",
			   8},
		       &person, &verdict, &why),
	    ERR_INVALID);
	arena_free(&arena);
}
END_TEST

Suite *suite_auth_policy(void)
{
	Suite *suite = suite_create("auth/policy");
	TCase *tcase = tcase_create("policy");

	tcase_add_loop_test(tcase, usernames_are_3_to_30_of_a_few, 0,
	    ARRAY_LEN(usernames));
	tcase_add_loop_test(tcase, names_hold_no_trickery, 0, ARRAY_LEN(names));
	tcase_add_loop_test(tcase, emails_are_addr_specs, 0, ARRAY_LEN(emails));
	tcase_add_loop_test(tcase, passwords_are_judged_by_guesses, 0,
	    ARRAY_LEN(passwords));
	tcase_add_test(tcase, password_length_counts_code_points);
	tcase_add_test(tcase, a_password_that_is_not_utf8);
	suite_add_tcase(suite, tcase);
	return suite;
}
