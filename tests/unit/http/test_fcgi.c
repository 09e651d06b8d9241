#include "core/base.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "core/log.h"
#include "fcgi_peer.h"
#include "suites.h"

static struct worker_process worker;

static void start(void)
{
	worker_start(&worker, 5);
}

static void stop(void)
{
	ck_assert_int_eq(worker_stop(&worker), 0);
}

START_TEST(a_request_is_answered)
{
	struct answer answer;
	int fd = peer_connect(&worker);

	peer_request(fd, "POST", "/echo", "hello");
	answer = peer_answer(fd);
	ck_assert(answer.ended);
	ck_assert_str_eq(answer.text,
	    "Status: 200 OK\r\n"
	    "Content-Type: application/json\r\n"
	    "Content-Length: 49\r\n"
	    "Cache-Control: no-store\r\n"
	    "X-Content-Type-Options: nosniff\r\n"
	    "X-Request-Id: feed\r\n"
	    "\r\n"
	    "POST /echo?a=b from 192.0.2.1, body whole: hello.");
}
END_TEST

START_TEST(requests_follow_each_other)
{
	for (int i = 0; i < 50; i++) {
		char body[24];
		int fd = peer_connect(&worker);

		(void)snprintf(body, sizeof(body), "number %d", i);
		peer_request(fd, "POST", "/echo", body);
		assert_answer(peer_answer(fd), body);
	}
}
END_TEST

START_TEST(no_body_for_204_and_head)
{
	static const struct {
		const char *method, *path, *fields;
	} cases[] = {
	    {"GET", "/none", "Status: 204 No Content\r\nCache-Control"},
	    {"HEAD", "/echo", "Content-Length: 44\r\n"},
	};
	struct answer answer;
	int fd = peer_connect(&worker);

	peer_request(fd, cases[_i].method, cases[_i].path, "");
	answer = peer_answer(fd);
	assert_answer(answer, cases[_i].fields);
	ck_assert(str_ends(str_of(answer.text), STR("\r\n\r\n")));
}
END_TEST

START_TEST(a_kept_connection_is_closed_after_one_answer)
{
	int fd = peer_connect(&worker);

	peer_begin(fd, true);
	peer_params(fd,
	    (const char *const[]){"REQUEST_METHOD", "GET", "DOCUMENT_URI",
		"/echo", NULL});
	peer_stream(fd, STDIN, NULL, 0);
	assert_answer(peer_answer(fd), "GET /echo? from , body whole: .");
}
END_TEST

START_TEST(content_length)
{
	static const struct {
		const char *announced;
		size_t len; /* what comes */
		const char *state;
	} cases[] = {
	    {"", 0, "body whole: ."},
	    {"0", 0, "body whole: ."},
	    {"5", 5, "body whole: xxxxx."},
	    {"4096", WORKER_BODY_MAX, "body whole: xxxxx"},
	    {"", 5, "body broken: ."},
	    {"0", 5, "body broken: ."},
	    {"4", 5, "body broken: ."},
	    {"6", 5, "body broken: ."},
	    {"4096", 0, "body broken: ."},
	    {"5", 900 * 1024, "body broken: ."},
	    {"five", 5, "body broken: ."},
	    {"-5", 5, "body broken: ."},
	    {"+5", 5, "body broken: ."},
	    {" 5", 5, "body broken: ."},
	    {"5, 5", 5, "body broken: ."},
	    {"18446744073709551621", 5, "body broken: ."}, /* 2^64 + 5 */
	    {"4097", WORKER_BODY_MAX + 1, "body too large: ."},
	    {"4097", 5, "body too large: ."},
	    {"18446744073709551615", 5, "body too large: ."},
	    {"921600", 900 * 1024, "body too large: ."},
	    /* More than is read: answered all the same. */
	    {"3145728", 3 * 1024 * 1024, "body too large: ."},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *body = malloc(cases[i].len + 1);
		int fd = peer_connect(&worker);

		ck_assert_ptr_nonnull(body);
		memset(body, 'x', cases[i].len);
		peer_begin(fd, false);
		peer_params(fd,
		    (const char *const[]){"REQUEST_METHOD", "POST",
			"DOCUMENT_URI", "/echo", "CONTENT_LENGTH",
			cases[i].announced, NULL});
		peer_stream(fd, STDIN, body, cases[i].len);
		assert_answer(peer_answer(fd), cases[i].state);
		free(body);
	}
}
END_TEST

START_TEST(bad_paths_reach_no_handler)
{
	static char long_path[HTTP_PATH_MAX + 2];
	static const char *const paths[] = {
	    "",
	    "echo",
	    "/../echo",
	    "//echo",
	    "/echo\r\nX: y",
	    long_path,
	};

	memset(long_path, '/', 1);
	memset(long_path + 1, 'a', HTTP_PATH_MAX);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct answer answer;
		int fd = peer_connect(&worker);

		peer_request(fd, "GET", paths[i], "");
		answer = peer_answer(fd);
		assert_answer(answer, "Status: 400 Bad Request\r\n");
		assert_answer(answer, "X-Request-Id: feed\r\n");
		assert_answer(answer,
		    J("\r\n\r\n{'success':false,'error':'invalid_request',"
		      "'message':'The request could not be understood.'}"));
	}
	ck_assert_uint_eq(worker_logged(&worker, "no proper path"),
	    ARRAY_LEN(paths));
}
END_TEST

START_TEST(large_answers)
{
	struct answer answer;
	int fd = peer_connect(&worker);

	peer_request(fd, "GET", "/big", "");
	answer = peer_answer(fd);
	assert_answer(answer, "Content-Length: 1048576\r\n");
	ck_assert_uint_gt(answer.len, HTTP_RESPONSE_MAX);

	fd = peer_connect(&worker);
	peer_request(fd, "GET", "/huge", "");
	answer = peer_answer(fd);
	assert_answer(answer, "Status: 500 Internal Server Error\r\n");
	assert_answer(answer, J("{'success':false,'error':'internal',"));
	ck_assert_uint_eq(worker_logged(&worker, "req=feed msg=\"response too"),
	    1);
}
END_TEST

START_TEST(huge_params)
{
	enum { N_PARAMS = 3000 };
	static const char *params[2 * N_PARAMS + 5] = {"DOCUMENT_URI", "/echo",
	    "HTTP_COOKIE"};
	size_t len = 1024 * 1024, n = 4;
	char *cookie = malloc(len + 1);
	int fd = peer_connect(&worker);

	ck_assert_ptr_nonnull(cookie);
	memset(cookie, 'c', len);
	cookie[len] = '\0';
	params[3] = cookie;
	for (int i = 0; i < N_PARAMS; i++) {
		params[n++] = "HTTP_X";
		params[n++] = "y";
	}
	peer_begin(fd, false);
	peer_params(fd, params);
	peer_stream(fd, STDIN, NULL, 0);
	assert_answer(peer_answer(fd), "body whole: .");
	free(cookie);
}
END_TEST

START_TEST(workers_share_a_socket)
{
	int fds[40], status;
	pid_t second;

	assert_serving(&worker);
	second = worker_fork(&worker, 5);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = peer_connect(&worker);
		peer_request(fds[i], "GET", i == 0 ? "/slow" : "/echo", "");
	}
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		assert_answer(peer_answer(fds[i]), "body whole: .");
	/* Now the second alone, which `stop` asks and stops. */
	ck_assert_int_eq(kill(worker.pid, SIGTERM), 0);
	ck_assert_int_eq(waitpid(worker.pid, &status, 0), worker.pid);
	ck_assert_int_eq(status, 0);
	worker.pid = second;
}
END_TEST

START_TEST(what_cannot_be_listened_on)
{
	struct http_fcgi server = {.body_max = 1, .arena_max = 1};
	int fds[2];

	log_init("test", LOG_ERROR - 1);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	server.listen_fd = fds[0];
	assert_err(http_fcgi_serve(&server), ERR_INTERNAL);
	server.listen_fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_err(http_fcgi_serve(&server), ERR_INTERNAL);
	server.listen_fd = -1;
	assert_err(http_fcgi_serve(&server), ERR_INTERNAL);
}
END_TEST

Suite *suite_http_fcgi(void)
{
	Suite *suite = suite_create("http/fcgi");
	TCase *serving = tcase_create("serving");
	TCase *failing = tcase_create("failing");

	tcase_add_checked_fixture(serving, start, stop);
	tcase_set_timeout(serving, 60);
	tcase_add_test(serving, a_request_is_answered);
	tcase_add_test(serving, requests_follow_each_other);
	tcase_add_loop_test(serving, no_body_for_204_and_head, 0, 2);
	tcase_add_test(serving, a_kept_connection_is_closed_after_one_answer);
	tcase_add_test(serving, content_length);
	tcase_add_test(serving, bad_paths_reach_no_handler);
	tcase_add_test(serving, large_answers);
	tcase_add_test(serving, huge_params);
	tcase_add_test(serving, workers_share_a_socket);
	suite_add_tcase(suite, serving);
	tcase_add_test(failing, what_cannot_be_listened_on);
	suite_add_tcase(suite, failing);
	return suite;
}
