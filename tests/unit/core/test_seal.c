#include "core/base.h"

#include "core/crypto.h"

#include "suites.h"
#include "unit.h"

#define TEXT "violet tram kettle"
#define TEXT_LEN (sizeof(TEXT) - 1)

static struct secret key;
static unsigned char sealed[TEXT_LEN + CRYPTO_SEAL_EXTRA];

static void set_up(void)
{
	assert_ok(crypto_init());
	secret_new(&key);
	crypto_seal(&key, STR("user 7"), TEXT, TEXT_LEN, sealed);
}

static enum err open_as(struct str context)
{
	unsigned char out[TEXT_LEN];
	unsigned char nothing[TEXT_LEN] = {0};
	enum err err = crypto_open(&key, context, sealed, sizeof(sealed), out,
	    TEXT_LEN);

	ck_assert_mem_eq(out, err == OK ? TEXT : (const char *)nothing,
	    TEXT_LEN);
	return err;
}

/*
 * Case 16 of the GCM specification that was submitted to NIST: nonce, text
 * and tag.
 */
START_TEST(known_answer)
{
	static const char plain_hex[] =
	    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
	static const char sealed_hex[] =
	    "cafebabefacedbaddecaf888"
	    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
	    "76fc6ece0f4e1768cddf8853bb2d551b";
	unsigned char context[20], bytes[60 + CRYPTO_SEAL_EXTRA], plain[60];
	char hex[HEX_LEN(sizeof(plain))];

	assert_ok(hex_decode(STR("feffe9928665731c6d6a8f9467308308"
				 "feffe9928665731c6d6a8f9467308308"),
	    key.byte, sizeof(key.byte)));
	assert_ok(hex_decode(STR("feedfacedeadbeeffeedfacedeadbeef"
				 "abaddad2"),
	    context, sizeof(context)));
	assert_ok(hex_decode(str_of(sealed_hex), bytes, sizeof(bytes)));
	assert_ok(crypto_open(&key,
	    (struct str){(const char *)context, sizeof(context)}, bytes,
	    sizeof(bytes), plain, sizeof(plain)));
	hex_encode(plain, sizeof(plain), hex);
	ck_assert_str_eq(hex, plain_hex);
}
END_TEST

START_TEST(opens_what_it_sealed)
{
	assert_ok(open_as(STR("user 7")));
}
END_TEST

START_TEST(not_in_another_place)
{
	assert_err(open_as(STR("user 8")), ERR_INVALID);
	assert_err(open_as(STR("")), ERR_INVALID);
}
END_TEST

START_TEST(not_with_another_key)
{
	key.byte[31] ^= 1;
	assert_err(open_as(STR("user 7")), ERR_INVALID);
}
END_TEST

/* Nonce, text and tag: no bit of them may differ. */
START_TEST(not_with_a_bit_changed)
{
	for (size_t bit = 0; bit < 8 * sizeof(sealed); bit++) {
		sealed[bit / 8] ^= (unsigned char)(1u << bit % 8);
		assert_err(open_as(STR("user 7")), ERR_INVALID);
		sealed[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	assert_ok(open_as(STR("user 7")));
}
END_TEST

START_TEST(not_in_another_length)
{
	unsigned char out[TEXT_LEN + 1];

	for (size_t len = 0; len < sizeof(sealed); len++)
		assert_err(crypto_open(&key, STR("user 7"), sealed, len, out,
			       TEXT_LEN),
		    ERR_INVALID);
	assert_err(crypto_open(&key, STR("user 7"), sealed, sizeof(sealed), out,
		       TEXT_LEN + 1),
	    ERR_INVALID);
	assert_err(crypto_open(&key, STR("user 7"), sealed, CRYPTO_SEAL_EXTRA,
		       out, 0),
	    ERR_INVALID);
}
END_TEST

START_TEST(never_twice_the_same)
{
	unsigned char again[sizeof(sealed)];

	crypto_seal(&key, STR("user 7"), TEXT, TEXT_LEN, again);
	for (size_t at = 0; at + 8 <= sizeof(sealed); at += 8)
		ck_assert_mem_ne(sealed + at, again + at, 8);
}
END_TEST

Suite *suite_core_seal(void)
{
	Suite *suite = suite_create("core/seal");
	TCase *tcase = tcase_create("seal");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, known_answer);
	tcase_add_test(tcase, opens_what_it_sealed);
	tcase_add_test(tcase, not_in_another_place);
	tcase_add_test(tcase, not_with_another_key);
	tcase_add_test(tcase, not_with_a_bit_changed);
	tcase_add_test(tcase, not_in_another_length);
	tcase_add_test(tcase, never_twice_the_same);
	suite_add_tcase(suite, tcase);
	return suite;
}
