#include "core/base.h"

#include "auth/hash.h"
#include "suites.h"
#include "unit.h"

/* Made with the reference argon2 program and with Python's hashlib. */
#define ARGON2_CHEAP                                                           \
	"$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"                  \
	"5jdMIzWoFbzSOl6k3wai9uU3f8LD+HmGXQgo1uhHQPI"
#define ARGON2_FULL                                                            \
	"$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"               \
	"AdweBLwcflnNX2HVW8i1Mtu7frrn4Ki7h/rYSGuU7Is"
#define PBKDF2                                                                 \
	"pbkdf2:sha256:1000$saltsalt$"                                         \
	"a900cf4996b73ab9b2cbda0ad4fbb464b2f03f64afce6c77caef0ebc376afc9d"
#define SCRYPT                                                                 \
	"scrypt:32768:8:1$Qx7aBc2DeF3gH4iJ$"                                   \
	"9bb92212400a91a06a817547282b9165d44456f2028f0a9d6e6e2aac7a284ca2"     \
	"6281de547346099c65e58b195ff7dd91dd85107e1fbc73fbf1708f178f7ce239"
#define PASSWORD "correct horse"

static const struct config config = {
    .argon2_memory_kib = 64,
    .argon2_passes = 2,
};

static struct secret_str secret(const char *text)
{
	return (struct secret_str){text, strlen(text)};
}

static void set_up(void)
{
	assert_ok(crypto_init());
}

static const char *const known[] = {ARGON2_CHEAP, ARGON2_FULL, PBKDF2, SCRYPT};

START_TEST(a_known_hash_takes_its_password_alone)
{
	bool match = false;

	assert_ok(
	    auth_hash_verify(secret(known[_i]), secret(PASSWORD), &match));
	ck_assert(match);
	assert_ok(
	    auth_hash_verify(secret(known[_i]), secret(PASSWORD " "), &match));
	ck_assert(!match);
	assert_ok(auth_hash_verify(secret(known[_i]), secret(""), &match));
	ck_assert(!match);
}
END_TEST

static const char *const broken[] = {
    "",
    "plain",
    "$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$",
    "$argon2id$v=19$m=64,t=2$c2FsdHNhbHRzYWx0c2FsdA$5jdMIzWoFbzSOl6k3w",
    "$argon2id$v=16$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
    "5jdMIzWoFbzSOl6k3wai9uU3f8LD+HmGXQgo1uhHQPI",
    "$argon2id$v=19$m=99999999999,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
    "5jdMIzWoFbzSOl6k3wai9uU3f8LD+HmGXQgo1uhHQPI",
    "$argon2i$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
    "5jdMIzWoFbzSOl6k3wai9uU3f8LD+HmGXQgo1uhHQPI",
    ARGON2_CHEAP "x",
    "pbkdf2:sha256:0$saltsalt$a900cf4996b73ab9b2cbda0ad4fbb464",
    "pbkdf2:sha256:99999999999$saltsalt$a900cf4996b73ab9b2cbda0ad4fbb464",
    "pbkdf2:sha256:1000$$a900cf4996b73ab9b2cbda0ad4fbb464",
    "pbkdf2:sha256:1000$saltsalt$zz",
    "pbkdf2:sha256:1000$saltsalt$a900",
    "pbkdf2:md5:1000$saltsalt$a900cf4996b73ab9b2cbda0ad4fbb464",
    "scrypt:32768:8$salt$9bb92212400a91a06a817547282b9165",
    "scrypt:32768:8:1:1$salt$9bb92212400a91a06a817547282b9165",
    "scrypt:1073741824:8:1$salt$9bb92212400a91a06a817547282b9165",
    "scrypt:32767:8:1$salt$9bb92212400a91a06a817547282b9165",
};

START_TEST(a_broken_hash_lets_nobody_in)
{
	bool match = true;

	assert_err(auth_hash_verify(secret(broken[_i]), secret(PASSWORD),
		       &match),
	    ERR_INTERNAL);
}
END_TEST

START_TEST(a_new_hash_is_salted_and_verifies)
{
	struct buf first;
	struct buf second;
	bool match = false;

	buf_init(&first, AUTH_HASH_LEN_MAX);
	buf_init(&second, AUTH_HASH_LEN_MAX);
	assert_ok(auth_hash_new(&config, secret(PASSWORD), &first));
	assert_ok(auth_hash_new(&config, secret(PASSWORD), &second));
	ck_assert(!str_eq(buf_str(&first), buf_str(&second)));
	ck_assert(
	    str_starts(buf_str(&first), STR("$argon2id$v=19$m=64,t=2,p=1$")));
	assert_ok(auth_hash_verify(secret(first.p), secret(PASSWORD), &match));
	ck_assert(match);
	ck_assert(!auth_hash_outdated(&config, secret(first.p)));
	buf_done(&first);
	buf_done(&second);
}
END_TEST

START_TEST(what_is_foreign_or_cheaper_is_outdated)
{
	const struct config more_memory = {.argon2_memory_kib = 128,
	    .argon2_passes = 2};
	const struct config more_passes = {.argon2_memory_kib = 64,
	    .argon2_passes = 3};

	ck_assert(!auth_hash_outdated(&config, secret(ARGON2_CHEAP)));
	ck_assert(!auth_hash_outdated(&config, secret(ARGON2_FULL)));
	ck_assert(auth_hash_outdated(&more_memory, secret(ARGON2_CHEAP)));
	ck_assert(auth_hash_outdated(&more_passes, secret(ARGON2_CHEAP)));
	ck_assert(auth_hash_outdated(&config, secret(PBKDF2)));
	ck_assert(auth_hash_outdated(&config, secret(SCRYPT)));
}
END_TEST

START_TEST(nobody_costs_what_somebody_costs)
{
	assert_ok(auth_hash_verify_nobody(&config, secret(PASSWORD)));
}
END_TEST

Suite *suite_auth_hash(void)
{
	Suite *suite = suite_create("auth/hash");
	TCase *tcase = tcase_create("hash");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_loop_test(tcase, a_known_hash_takes_its_password_alone, 0,
	    ARRAY_LEN(known));
	tcase_add_loop_test(tcase, a_broken_hash_lets_nobody_in, 0,
	    ARRAY_LEN(broken));
	tcase_add_test(tcase, a_new_hash_is_salted_and_verifies);
	tcase_add_test(tcase, what_is_foreign_or_cheaper_is_outdated);
	tcase_add_test(tcase, nobody_costs_what_somebody_costs);
	suite_add_tcase(suite, tcase);
	return suite;
}
