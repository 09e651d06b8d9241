/* What is no FastCGI: the worker gets over it, whatever it is. */
#include "core/base.h"

#include <poll.h>
#include <sys/socket.h>

#include "core/clock.h"
#include "fcgi_peer.h"
#include "suites.h"

static struct worker_process worker;

static void start(void)
{
	worker_start(&worker, 1);
}

static void stop(void)
{
	ck_assert_int_eq(worker_stop(&worker), 0);
}

#define BEGIN "\x01\x01\0\x01\0\x08\0\0\0\x01\0\0\0\0\0\0"
#define NO_PARAMS "\x01\x04\0\x01\0\0\0\0"

static const struct {
	const char *what;
	struct str bytes;
} broken[] = {
    {"nothing", STR("")},
    {"one byte", STR("\x01")},
    {"HTTP", STR("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")},
    {"another version", STR("\x02\x01\0\x01\0\x08\0\0\0\x01\0\0\0\0\0\0")},
    {"a header cut", STR("\x01\x01\0\x01")},
    {"begin cut", STR("\x01\x01\0\x01\0\x08\0\0\0\x01")},
    {"begin too short", STR("\x01\x01\0\x01\0\x02\0\0\0\x01")},
    {"begin without id", STR("\x01\x01\0\0\0\x08\0\0\0\x01\0\0\0\0\0\0")},
    {"unknown role", STR("\x01\x01\0\x01\0\x08\0\0\x7f\x01\0\0\0\0\0\0")},
    {"begin alone", STR(BEGIN)},
    {"begin twice", STR(BEGIN BEGIN)},
    {"params without end", STR(BEGIN "\x01\x04\0\x01\0\x04\0\0\x01\x01Nv")},
    {"params cut", STR(BEGIN "\x01\x04\0\x01\0\x40\0\0\x01\x01Nv")},
    {"a name longer than its stream",
	STR(BEGIN "\x01\x04\0\x01\0\x04\0\0\x7f\x01Nv" NO_PARAMS)},
    {"a value longer than its stream",
	STR(BEGIN "\x01\x04\0\x01\0\x04\0\0\x01\x7f"
		  "Nv" NO_PARAMS)},
    {"half a length", STR(BEGIN "\x01\x04\0\x01\0\x02\0\0\x01\x80" NO_PARAMS)},
    {"input before params end", STR(BEGIN "\x01\x05\0\x01\0\x01\0\0x")},
    {"input without end", STR(BEGIN NO_PARAMS "\x01\x05\0\x01\0\x01\0\0x")},
    {"aborted", STR(BEGIN NO_PARAMS "\x01\x02\0\x01\0\0\0\0")},
    {"another's input", STR(BEGIN NO_PARAMS "\x01\x05\0\x02\0\0\0\0")},
};

/* Closed for writing, closed for both, or left open in silence. */
static void send_broken(size_t i, int how)
{
	int fd = peer_connect(&worker);

	ck_assert_int_eq(send(fd, broken[i].bytes.p, broken[i].bytes.len,
			     MSG_NOSIGNAL),
	    (int)broken[i].bytes.len);
	if (how >= 0) {
		char rest[256];

		ck_assert_int_eq(shutdown(fd, how), 0);
		/* Refusals, perhaps; then the end. */
		while (recv(fd, rest, sizeof(rest), 0) > 0)
			continue;
	}
	(void)close(fd);
}

START_TEST(half_closed)
{
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		send_broken(i, SHUT_WR);
	assert_serving(&worker);
}
END_TEST

START_TEST(closed)
{
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		send_broken(i, -1);
	assert_serving(&worker);
}
END_TEST

START_TEST(gone_before_the_answer)
{
	int fd = peer_connect(&worker);

	peer_request(fd, "GET", "/slow", "");
	(void)close(fd);
	assert_serving(&worker);
	ck_assert_uint_eq(worker_logged(&worker, "peer gone"), 1);
}
END_TEST

/* Everything in `broken` that leaves the worker waiting for more. */
START_TEST(silence)
{
	static const char *const whats[] = {"nothing", "a header cut",
	    "begin alone", "params cut", "input without end"};

	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		for (size_t k = 0; k < ARRAY_LEN(whats); k++) {
			int fd;
			int64_t start_us;

			if (strcmp(broken[i].what, whats[k]) != 0)
				continue;
			fd = peer_connect(&worker);
			start_us = clock_monotonic_us();
			ck_assert_int_ge(send(fd, broken[i].bytes.p,
					     broken[i].bytes.len, 0),
			    0);
			ck_assert_str_eq(peer_answer(fd).text, "");
			ck_assert_int_ge(clock_monotonic_us() - start_us,
			    SECOND_US / 2);
		}
	}
	assert_serving(&worker);
}
END_TEST

/* More than the socket's buffers hold, for somebody who does not listen. */
START_TEST(a_peer_that_does_not_read)
{
	int fd = peer_connect(&worker);
	int64_t start_us = clock_monotonic_us();

	peer_request(fd, "GET", "/big", "");
	assert_serving(&worker);
	ck_assert_int_ge(clock_monotonic_us() - start_us, SECOND_US / 2);
	ck_assert_int_lt(clock_monotonic_us() - start_us, 5 * SECOND_US);
	ck_assert_uint_eq(worker_logged(&worker, "peer gone"), 1);
	(void)close(fd);
}
END_TEST

Suite *suite_http_fcgi_broken(void)
{
	Suite *suite = suite_create("http/fcgi broken");
	TCase *tcase = tcase_create("broken");

	tcase_add_checked_fixture(tcase, start, stop);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, half_closed);
	tcase_add_test(tcase, closed);
	tcase_add_test(tcase, gone_before_the_answer);
	tcase_add_test(tcase, silence);
	tcase_add_test(tcase, a_peer_that_does_not_read);
	suite_add_tcase(suite, tcase);
	return suite;
}
