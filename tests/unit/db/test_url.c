#include "core/base.h"

#include "db/url.h"
#include "suites.h"
#include "unit.h"

static enum err parse(const char *z, struct db_url *url)
{
	return db_url_parse((struct secret_str){z, strlen(z)}, url);
}

static const struct {
	const char *text, *user, *password, *host, *last_host, *database;
	unsigned port, last_port;
	size_t n_hosts;
	const char *socket, *ssl_ca; /* "": none */
} good[] = {
    {"mysql://u:p@localhost/d", "u", "p", "localhost", "localhost", "d", 0, 0,
	1, "", ""},
    {"mysql://u@db1.example.org:3307/d", "u", "", "db1.example.org",
	"db1.example.org", "d", 3307, 3307, 1, "", ""},
    {"mysql://u:@h/d", "u", "", "h", "h", "d", 0, 0, 1, "", ""},
    {"mysql://a%40b:p%3a%2F%25%C3%a4@h/d%2d", "a@b", "p:/%\xc3\xa4", "h", "h",
	"d-", 0, 0, 1, "", ""},
    {"mysql://u:p:q@h/d", "u", "p:q", "h", "h", "d", 0, 0, 1, "", ""},
    {"mysql://u:p@h1,h2,h3:3308/d", "u", "p", "h1", "h3", "d", 3308, 3308, 3,
	"", ""},
    {"mysql://u:p@h1:1,h2/d", "u", "p", "h1", "h2", "d", 1, 0, 2, "", ""},
    {"mysql://u:p@h1:1,h2:65535/d", "u", "p", "h1", "h2", "d", 1, 65535, 2, "",
	""},
    {"mysql://u:p@[::1]/d", "u", "p", "::1", "::1", "d", 0, 0, 1, "", ""},
    {"mysql://u:p@[fe80::1]:33,10.0.0.1/d", "u", "p", "fe80::1", "10.0.0.1",
	"d", 33, 0, 2, "", ""},
    {"mysql://u:p@localhost/d?socket=/run/my%20sql/s.sock", "u", "p",
	"localhost", "localhost", "d", 0, 0, 1, "/run/my sql/s.sock", ""},
    {"mysql://u:p@h/d?ssl_ca=/etc/ca.pem&socket=/s", "u", "p", "h", "h", "d", 0,
	0, 1, "/s", "/etc/ca.pem"},
    {"mysql://u:p@1,2,3,4,5,6,7,8/d", "u", "p", "1", "8", "d", 0, 0, 8, "", ""},
};

static const char *const bad[] = {
    "",
    "mysql:",
    "mysql://",
    "MYSQL://u:p@h/d",
    "postgres://u:p@h/d",
    "mysql://u:p@h",
    "mysql://u:p@h/",
    "mysql://u:p@h/?socket=/s",
    "mysql://h/d",
    "mysql://@h/d",
    "mysql://:p@h/d",
    "mysql://u:p@/d",
    "mysql://u:p@h,/d",
    "mysql://u:p@,h/d",
    "mysql://u:p@h:/d",
    "mysql://u:p@h:0/d",
    "mysql://u:p@h:65536/d",
    "mysql://u:p@h:3306x/d",
    "mysql://u:p@h:-1/d",
    "mysql://u:p@x@h/d",
    "mysql://u:p@::1/d",
    "mysql://u:p@[::1/d",
    "mysql://u:p@[::1]3306/d",
    "mysql://u:p@[::1]:/d",
    "mysql://u:p@[]/d",
    "mysql://u:p@h%00/d",
    "mysql://u:p@h h/d",
    "mysql://u:p%@h/d",
    "mysql://u:p%4@h/d",
    "mysql://u:p%zz@h/d",
    "mysql://u:p%00@h/d",
    "mysql://u:p%0a@h/d",
    "mysql://u:p@h/d\n",
    "mysql://u:p@h/d?",
    "mysql://u:p@h/d?sslmode=none",
    "mysql://u:p@h/d?socket",
    "mysql://u:p@h/d?socket=",
    "mysql://u:p@h/d?socket=/a&socket=/b",
    "mysql://u:p@h/d?socket=/a&",
    "mysql://u:p@1,2,3,4,5,6,7,8,9/d",
};

START_TEST(test_good)
{
	const struct db_host *last;
	struct db_url url;

	assert_ok(parse(good[_i].text, &url));
	last = &url.hosts[url.n_hosts - 1];
	ck_assert_str_eq(url.user, good[_i].user);
	ck_assert_str_eq(url.password, good[_i].password);
	ck_assert_uint_eq(url.n_hosts, good[_i].n_hosts);
	ck_assert_str_eq(url.hosts[0].name, good[_i].host);
	ck_assert_uint_eq(url.hosts[0].port, good[_i].port);
	ck_assert_str_eq(last->name, good[_i].last_host);
	ck_assert_uint_eq(last->port, good[_i].last_port);
	ck_assert_str_eq(url.database, good[_i].database);
	ck_assert_str_eq(url.socket != NULL ? url.socket : "", good[_i].socket);
	ck_assert_str_eq(url.ssl_ca != NULL ? url.ssl_ca : "", good[_i].ssl_ca);
	db_url_done(&url);
	ck_assert_ptr_null(url.text);
}
END_TEST

START_TEST(test_bad)
{
	struct db_url url = {.n_hosts = 77};

	assert_err(parse(bad[_i], &url), ERR_INVALID);
	ck_assert_uint_eq(url.n_hosts, 77);
}
END_TEST

Suite *suite_db_url(void)
{
	Suite *suite = suite_create("db/url");
	TCase *tcase = tcase_create("parse");

	tcase_add_loop_test(tcase, test_good, 0, ARRAY_LEN(good));
	tcase_add_loop_test(tcase, test_bad, 0, ARRAY_LEN(bad));
	suite_add_tcase(suite, tcase);
	return suite;
}
