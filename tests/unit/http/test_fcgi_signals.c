/* Stopping, signals, and running out of descriptors. */
#include "core/base.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

#include "core/clock.h"
#include "fcgi_peer.h"
#include "suites.h"

static struct worker_process worker;

static void start(void)
{
	worker_start(&worker, 5);
	assert_serving(&worker);
}

/* It ends well, and at once: no time-out had to pass. */
static void join_soon(void)
{
	int64_t start_us = clock_monotonic_us();

	ck_assert_int_eq(worker_join(&worker), 0);
	ck_assert_int_lt(clock_monotonic_us() - start_us, 4 * SECOND_US);
}

START_TEST(stops_when_idle)
{
	static const int signals[] = {SIGTERM, SIGINT};

	ck_assert_int_eq(kill(worker.pid, signals[_i]), 0);
	join_soon();
}
END_TEST

START_TEST(finishes_the_request_at_hand)
{
	int fd = peer_connect(&worker);

	peer_request(fd, "POST", "/slow", "finish me");
	(void)usleep(50 * 1000);
	ck_assert_int_eq(kill(worker.pid, SIGTERM), 0);
	ck_assert_int_eq(kill(worker.pid, SIGTERM), 0);
	assert_answer(peer_answer(fd), "body whole: finish me.");
	join_soon();
}
END_TEST

/* That there always is a next request must not keep a worker from stopping. */
START_TEST(stops_under_load)
{
	int fds[20];
	size_t n_answered = 0;

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = peer_connect(&worker);
		peer_request(fds[i], "GET", "/slow", "");
	}
	(void)usleep(50 * 1000);
	ck_assert_int_eq(kill(worker.pid, SIGTERM), 0);
	join_soon();
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		n_answered += peer_answer(fds[i]).ended;
	ck_assert_uint_ge(n_answered, 1);
	ck_assert_uint_lt(n_answered, ARRAY_LEN(fds) / 2);
}
END_TEST

START_TEST(harmless_signals)
{
	static const int signals[] = {SIGHUP, SIGPIPE, SIGUSR1, SIGCONT};

	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		int fd = peer_connect(&worker);

		ck_assert_int_eq(kill(worker.pid, signals[i]), 0);
		peer_request(fd, "GET", "/slow", "");
		(void)usleep(50 * 1000);
		ck_assert_int_eq(kill(worker.pid, signals[i]), 0);
		assert_answer(peer_answer(fd), "body whole: .");
	}
	ck_assert_int_eq(kill(worker.pid, SIGTERM), 0);
	join_soon();
}
END_TEST

static void limit_descriptors(rlim_t n)
{
	struct rlimit limit;

	ck_assert_int_eq(prlimit(worker.pid, RLIMIT_NOFILE, NULL, &limit), 0);
	limit.rlim_cur = n == 0 ? limit.rlim_max : n;
	ck_assert_int_eq(prlimit(worker.pid, RLIMIT_NOFILE, &limit, NULL), 0);
}

/* A request that waits for a descriptor. */
static int ask_in_vain(void)
{
	int fd;

	limit_descriptors(3);
	fd = peer_connect(&worker);
	peer_request(fd, "POST", "/echo", "at last");
	ck_assert_int_eq(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1,
			     300),
	    0);
	return fd;
}

START_TEST(out_of_descriptors)
{
	for (int i = 0; i < 2; i++) {
		int fd = ask_in_vain();

		limit_descriptors(0);
		assert_answer(peer_answer(fd), "body whole: at last.");
		assert_serving(&worker);
	}
	ck_assert_uint_eq(worker_logged(&worker, "backing off"), 2);
	ck_assert_int_eq(kill(worker.pid, SIGTERM), 0);
	join_soon();
}
END_TEST

START_TEST(stops_while_backing_off)
{
	int fd = ask_in_vain();

	/* Held, so that it neither accepts with what it is given back, which a
	   sanitizer wants at the end, nor ends before. */
	ck_assert_int_eq(kill(worker.pid, SIGSTOP), 0);
	ck_assert_int_eq(kill(worker.pid, SIGTERM), 0);
	limit_descriptors(0);
	ck_assert_int_eq(kill(worker.pid, SIGCONT), 0);
	join_soon();
	(void)close(fd);
}
END_TEST

Suite *suite_http_fcgi_signals(void)
{
	Suite *suite = suite_create("http/fcgi signals");
	TCase *tcase = tcase_create("signals");

	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, stops_when_idle, 0, 2);
	tcase_add_test(tcase, finishes_the_request_at_hand);
	tcase_add_test(tcase, stops_under_load);
	tcase_add_test(tcase, harmless_signals);
	tcase_add_test(tcase, out_of_descriptors);
	tcase_add_test(tcase, stops_while_backing_off);
	suite_add_tcase(suite, tcase);
	return suite;
}
