#include "core/base.h"

#include "core/crypto.h"

#include "suites.h"
#include "unit.h"

static struct secret_str secret_of(const char *z)
{
	return (struct secret_str){z, strlen(z)};
}

#define assert_hex(bytes, len, want)                                           \
	do {                                                                   \
		char got_[HEX_LEN(64)];                                        \
		hex_encode((bytes), (len), got_);                              \
		ck_assert_str_eq(got_, (want));                                \
	} while (0)

static void init(void)
{
	assert_ok(crypto_init());
}

/* FIPS 180-4's examples. */
START_TEST(sha256)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"",
		"e3b0c44298fc1c149afbf4c8996fb924"
		"27ae41e4649b934ca495991b7852b855"},
	    {"abc",
		"ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039"
		"a33ce45964ff2167f6ecedd419db06c1"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct digest d;

		crypto_sha256(cases[i].text, strlen(cases[i].text), &d);
		assert_hex(d.byte, sizeof(d.byte), cases[i].want);
	}
}
END_TEST

/* RFC 4231, sections 4.2, 4.3 and 4.7. */
START_TEST(hmac)
{
	static const char long_key[] = "Test Using Larger Than Block-Size "
				       "Key - Hash Key First";
	char key_0b[20], key_aa[131];
	struct digest d;

	memset(key_0b, 0x0b, sizeof(key_0b));
	crypto_hmac((struct secret_str){key_0b, sizeof(key_0b)}, "Hi There", 8,
	    &d);
	assert_hex(d.byte, sizeof(d.byte),
	    "b0344c61d8db38535ca8afceaf0bf12b"
	    "881dc200c9833da726e9376c2e32cff7");

	crypto_hmac(secret_of("Jefe"), "what do ya want for nothing?", 28, &d);
	assert_hex(d.byte, sizeof(d.byte),
	    "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");

	memset(key_aa, 0xaa, sizeof(key_aa));
	crypto_hmac((struct secret_str){key_aa, sizeof(key_aa)}, long_key,
	    sizeof(long_key) - 1, &d);
	assert_hex(d.byte, sizeof(d.byte),
	    "60e431591ee0b67f0d8a26aacbf5b77f"
	    "8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

/* From Python's hmac: the block counter of RFC 5869 follows the label. */
START_TEST(derive)
{
	static const char master[] = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";
	struct secret a, b;

	crypto_derive(secret_of(master), "csrf", &a);
	assert_hex(a.byte, sizeof(a.byte),
	    "f3f1efaa07fa60e885d3e1428c83406c"
	    "b1f9417c5ff22d4c5b958812afead905");
	crypto_derive(secret_of(master), "totp", &b);
	ck_assert(!crypto_equal(a.byte, b.byte, sizeof(a.byte)));
}
END_TEST

/* From the reference implementation's `argon2 SALT -id -r`. */
START_TEST(argon2id)
{
	static const struct {
		uint32_t memory_kib, passes, lanes;
		const char *want;
	} cases[] = {
	    {19456, 2, 1,
		"3cbd356a63f2794bb11bb1f4bc8af95f"
		"ea87919bd69c79860465c562f87ccf61"},
	    {256, 2, 1,
		"9dfeb910e80bad0311fee20f9c0e2b12"
		"c17987b4cac90c2ef54d5b3021c68bfe"},
	    {64, 3, 4,
		"4f87cd309b72ccf982e3a0be0c36a2e8"
		"517923ca3eeaf28c6efc676d092fb6d5"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct digest d;

		assert_ok(crypto_argon2id(secret_of("password"), "somesalt", 8,
		    cases[i].memory_kib, cases[i].passes, cases[i].lanes, &d));
		assert_hex(d.byte, sizeof(d.byte), cases[i].want);
	}
}
END_TEST

START_TEST(argon2id_refuses)
{
	static const struct {
		size_t salt_len;
		uint32_t memory_kib, passes, lanes;
	} cases[] = {
	    {7, 64, 1, 1},
	    {0, 64, 1, 1},
	    {8, 7, 1, 1},
	    {8, 0, 1, 1},
	    {8, 31, 1, 4},
	    {8, 64, 0, 1},
	    {8, 64, 1, 0},
	    {8, CRYPTO_ARGON2_KIB_MAX + 1, 1, 1},
	    {8, UINT32_MAX, 1, UINT32_MAX},
	    {8, UINT32_MAX, 1, 0x20000001},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct digest d = {{1, 2, 3}};
		const struct digest before = d;

		assert_err(crypto_argon2id(secret_of("password"), "somesalt",
			       cases[i].salt_len, cases[i].memory_kib,
			       cases[i].passes, cases[i].lanes, &d),
		    ERR_INVALID);
		ck_assert_mem_eq(&d, &before, sizeof(d));
	}
}
END_TEST

/* An answer of some kind, not a crash. */
START_TEST(empty_password)
{
	const struct secret_str none = {NULL, 0};
	unsigned char out[32];
	struct digest d;

	assert_err(crypto_argon2id(none, "somesalt", 8, 64, 1, 1, &d),
	    ERR_INVALID);
	assert_ok(crypto_argon2id(secret_of("x"), "somesalt", 8, 8, 1, 1, &d));
	assert_ok(crypto_pbkdf2_sha256(none, "salt", 4, 2, out, sizeof(out)));
	assert_hex(out, sizeof(out),
	    "62384466264daadc4144018c6bd86464"
	    "8272b34da8980d31521ffcce92ae003b");
	assert_ok(crypto_scrypt(none, "salt", 4, 16, 8, 1, out, sizeof(out)));
}
END_TEST

/* RFC 7914 section 11. */
START_TEST(pbkdf2)
{
	unsigned char out[64];

	assert_ok(crypto_pbkdf2_sha256(secret_of("passwd"), "salt", 4, 1, out,
	    sizeof(out)));
	assert_hex(out, sizeof(out),
	    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
	    "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
	assert_ok(crypto_pbkdf2_sha256(secret_of("Password"), "NaCl", 4, 80000,
	    out, sizeof(out)));
	assert_hex(out, sizeof(out),
	    "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
	    "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d");

	assert_err(crypto_pbkdf2_sha256(secret_of("passwd"), "salt", 4, 0, out,
		       sizeof(out)),
	    ERR_INVALID);
	assert_err(crypto_pbkdf2_sha256(secret_of("passwd"), "", 0, 1, out,
		       sizeof(out)),
	    ERR_INVALID);
	assert_err(crypto_pbkdf2_sha256(secret_of("passwd"), "salt", 4, 1, out,
		       0),
	    ERR_INVALID);
}
END_TEST

/* RFC 7914 section 12; the third is werkzeug's cost, by Python's hashlib. */
START_TEST(scrypt)
{
	static const struct {
		const char *password, *salt;
		uint64_t n;
		uint32_t p;
		const char *want;
	} cases[] = {
	    {"password", "NaCl", 1024, 16,
		"fdbabe1c9d3472007856e7190d01e9fe"
		"7c6ad7cbc8237830e77376634b373162"
		"2eaf30d92e22a3886ff109279d9830da"
		"c727afb94a83ee6d8360cbdfa2cc0640"},
	    {"pleaseletmein", "SodiumChloride", 16384, 1,
		"7023bdcb3afd7348461c06cd81fd38eb"
		"fda8fbba904f8e3ea9b543f6545da1f2"
		"d5432955613f0fcf62d49705242a9af9"
		"e61e85dc0d651e40dfcf017b45575887"},
	    {"secret", "werkzeugsalt", 32768, 1,
		"67477c8a3f4591445616e506c19180a3"
		"7cdc78c0f75ef302c137ed4496f080f0"
		"8da0817d5bbc6caa0619049df0210c85"
		"714d5c19134b7d1f1090502c1a6305f0"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned char out[64];

		assert_ok(crypto_scrypt(secret_of(cases[i].password),
		    cases[i].salt, strlen(cases[i].salt), cases[i].n, 8,
		    cases[i].p, out, sizeof(out)));
		assert_hex(out, sizeof(out), cases[i].want);
	}
}
END_TEST

START_TEST(scrypt_refuses)
{
	static const struct {
		uint64_t n;
		uint32_t r, p;
		enum err want;
	} cases[] = {
	    {0, 8, 1, ERR_INVALID},
	    {1, 8, 1, ERR_INVALID},
	    {1000, 8, 1, ERR_INVALID},
	    {1024, 1, 1, ERR_INVALID},
	    {1024, 16, 1, ERR_INVALID},
	    {1024, 0, 1, ERR_INVALID},
	    {1024, 8, 0, ERR_INVALID},
	    {65536, 8, 1, ERR_LIMIT},
	    {UINT64_C(1) << 32, 8, 1, ERR_LIMIT},
	    {UINT64_C(1) << 63, 8, 1, ERR_LIMIT},
	    {1024, 8, UINT32_MAX, ERR_LIMIT},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned char out[32];

		assert_err(crypto_scrypt(secret_of("password"), "salt", 4,
			       cases[i].n, cases[i].r, cases[i].p, out,
			       sizeof(out)),
		    cases[i].want);
	}
}
END_TEST

START_TEST(equal)
{
	ck_assert(crypto_equal("abcd", "abcd", 4));
	ck_assert(!crypto_equal("abcd", "abce", 4));
	ck_assert(!crypto_equal("abcd", "Abcd", 4));
	ck_assert(crypto_equal("abcd", "abce", 3));
	ck_assert(crypto_equal(NULL, NULL, 0));
}
END_TEST

START_TEST(wipe)
{
	char text[] = "hunter2";

	crypto_wipe(text, 6);
	ck_assert_mem_eq(text, "\0\0\0\0\0\0002", sizeof(text));
	crypto_wipe(NULL, 0);
}
END_TEST

/* More than the kernel gives at once, and no byte forgotten. */
START_TEST(random_fills_everything)
{
	unsigned char random[1000];
	unsigned char seen[sizeof(random)] = {0};

	for (int round = 0; round < 20; round++) {
		memset(random, 0, sizeof(random));
		crypto_random(random, sizeof(random));
		for (size_t i = 0; i < sizeof(random); i++)
			seen[i] |= random[i];
	}
	for (size_t i = 0; i < sizeof(random); i++)
		ck_assert_uint_ne(seen[i], 0);
	crypto_random(NULL, 0);
}
END_TEST

START_TEST(secrets_as_text)
{
	char text[SECRET_TEXT_LEN + 1];
	struct secret a, b;
	struct digest d, again;

	secret_new(&a);
	secret_text(&a, text);
	ck_assert_uint_eq(strlen(text), SECRET_TEXT_LEN);
	assert_ok(secret_parse(str_of(text), &b));
	ck_assert(crypto_equal(a.byte, b.byte, sizeof(a.byte)));

	secret_digest(&a, &d);
	crypto_sha256(a.byte, sizeof(a.byte), &again);
	ck_assert_mem_eq(&d, &again, sizeof(d));

	secret_new(&b);
	ck_assert(!crypto_equal(a.byte, b.byte, sizeof(a.byte)));
}
END_TEST

START_TEST(secret_parse_refuses)
{
	static const char *const cases[] = {
	    "",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+A",
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct secret s = {{7}};

		assert_err(secret_parse(str_of(cases[i]), &s), ERR_INVALID);
		ck_assert_uint_eq(s.byte[0], 7);
	}
}
END_TEST

START_TEST(random_below)
{
	unsigned n_seen[7] = {0};

	for (int i = 0; i < 7000; i++) {
		uint32_t x = crypto_random_below(7);

		ck_assert_uint_lt(x, 7);
		n_seen[x]++;
	}
	/* Each is off by ten standard deviations at the most. */
	for (int i = 0; i < 7; i++)
		ck_assert_uint_gt(n_seen[i], 700);
	ck_assert_uint_eq(crypto_random_below(1), 0);
	for (int i = 0; i < 100; i++)
		ck_assert_uint_lt(crypto_random_below(0x80000001), 0x80000001);
}
END_TEST

Suite *suite_core_crypto(void)
{
	Suite *suite = suite_create("core/crypto");
	TCase *tcase = tcase_create("all");

	tcase_add_unchecked_fixture(tcase, init, NULL);
	tcase_set_timeout(tcase, 60); /* valgrind is slow at hashing */
	tcase_add_test(tcase, sha256);
	tcase_add_test(tcase, hmac);
	tcase_add_test(tcase, derive);
	tcase_add_test(tcase, argon2id);
	tcase_add_test(tcase, argon2id_refuses);
	tcase_add_test(tcase, empty_password);
	tcase_add_test(tcase, pbkdf2);
	tcase_add_test(tcase, scrypt);
	tcase_add_test(tcase, scrypt_refuses);
	tcase_add_test(tcase, equal);
	tcase_add_test(tcase, wipe);
	tcase_add_test(tcase, random_fills_everything);
	tcase_add_test(tcase, random_below);
	tcase_add_test(tcase, secrets_as_text);
	tcase_add_test(tcase, secret_parse_refuses);
	suite_add_tcase(suite, tcase);
	return suite;
}
