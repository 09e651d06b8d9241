#include "core/base.h"

#include "auth/network.h"
#include "suites.h"
#include "unit.h"

static const struct {
	const char *address;
	struct auth_network_bits bits;
	const char *network;
} rows[] = {
    {"192.0.2.1", {32, 64}, "192.0.2.1"},
    {"192.0.2.129", {24, 48}, "192.0.2.0"},
    {"192.0.2.129", {25, 48}, "192.0.2.128"},
    {"2001:db8:1:2:3:4:5:6", {32, 64}, "2001:db8:1:2::"},
    {"2001:0DB8:1:2::9", {32, 64}, "2001:db8:1:2::"},
    {"2001:db8:1:2::9", {24, 48}, "2001:db8:1::"},
    {"2001:db8::ffff", {24, 127}, "2001:db8::fffe"},
    {"::ffff:192.0.2.1", {32, 64}, "192.0.2.1"},
    {"::ffff:192.0.2.1", {24, 48}, "192.0.2.0"},
    {"unix:", {32, 64}, "unix:"},
    {"", {32, 64}, ""},
};

START_TEST(an_address_is_in_a_network)
{
	char storage[AUTH_NETWORK_LEN];

	assert_str(auth_network_of(str_of(rows[_i].address), rows[_i].bits,
		       storage),
	    rows[_i].network);
}
END_TEST

Suite *suite_auth_network(void)
{
	Suite *suite = suite_create("auth/network");
	TCase *tcase = tcase_create("network");

	tcase_add_loop_test(tcase, an_address_is_in_a_network, 0,
	    ARRAY_LEN(rows));
	suite_add_tcase(suite, tcase);
	return suite;
}
