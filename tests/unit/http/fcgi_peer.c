#include "core/base.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "core/crypto.h"
#include "core/log.h"
#include "fcgi_peer.h"

#define REQUEST_ID 1
#define RECORD_MAX 65535
#define HEADER_LEN 8

/* ---- the worker ---------------------------------------------------------- */

static void answer_echo(const struct http_request *request,
    struct http_response *response)
{
	static const char *const states[] = {
	    [HTTP_BODY_WHOLE] = "whole",
	    [HTTP_BODY_TOO_LARGE] = "too large",
	    [HTTP_BODY_BROKEN] = "broken",
	};

	response->status = 200;
	buf_putf(&response->body, "%s %.*s?%.*s from %.*s, body %s: %.*s.",
	    http_method_name(request->method), STR_ARG(request->path),
	    STR_ARG(request->query), STR_ARG(request->client_ip),
	    states[request->body_state], STR_ARG(request->body));
}

static void answer(struct http_request *request, struct http_response *response,
    void *arg)
{
	(void)arg;
	if (str_eq(request->path, STR("/slow")))
		(void)usleep(200 * 1000);
	if (str_eq(request->path, STR("/none"))) {
		response->status = 204;
		return;
	}
	answer_echo(request, response);
	if (str_eq(request->path, STR("/huge")))
		while (buf_err(&response->body) == OK)
			buf_puts(&response->body, "0123456789abcdef");
	if (str_eq(request->path, STR("/big")))
		while (response->body.len < response->body.max)
			buf_putc(&response->body, 'x');
}

static void name_file(const struct worker_process *w, const char *name,
    char out[64])
{
	ck_assert_int_lt(snprintf(out, 64, "%s/%s", w->dir, name), 64);
}

static _Noreturn void work(const struct worker_process *w,
    unsigned io_timeout_s)
{
	const struct http_fcgi server = {
	    .listen_fd = w->listen_fd,
	    .body_max = WORKER_BODY_MAX,
	    .arena_max = (size_t)64 * 1024,
	    .io_timeout_s = io_timeout_s,
	    .handler = answer,
	};
	char name[64];
	int log_fd;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	name_file(w, "log", name);
	log_fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log_fd < 0 || dup2(log_fd, STDERR_FILENO) < 0)
		_exit(99);
	(void)close(log_fd);
	log_init("worker", LOG_INFO);
	/* exit, not _exit: sanitizers look for leaks there */
	exit(http_fcgi_serve(&server) == OK ? 0 : 1);
}

pid_t worker_fork(const struct worker_process *w, unsigned io_timeout_s)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		work(w, io_timeout_s);
	return pid;
}

void worker_start(struct worker_process *w, unsigned io_timeout_s)
{
	char name[64];

	assert_ok(crypto_init());
	(void)snprintf(w->dir, sizeof(w->dir), "/tmp/t2o-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(w->dir));
	name_file(w, "socket", name);
	assert_ok(http_fcgi_listen(name, &w->listen_fd));
	w->pid = worker_fork(w, io_timeout_s);
}

int worker_join(struct worker_process *w)
{
	char name[64];
	int status;

	ck_assert_int_eq(waitpid(w->pid, &status, 0), w->pid);
	(void)close(w->listen_fd);
	name_file(w, "socket", name);
	(void)unlink(name);
	name_file(w, "log", name);
	(void)unlink(name);
	(void)rmdir(w->dir);
	return status;
}

int worker_stop(struct worker_process *w)
{
	/* Before it has started to serve, the signal would just kill it. */
	assert_serving(w);
	ck_assert_int_eq(kill(w->pid, SIGTERM), 0);
	return worker_join(w);
}

size_t worker_logged(const struct worker_process *w, const char *text)
{
	char name[64], line[4096];
	size_t n = 0;
	FILE *log;

	name_file(w, "log", name);
	log = fopen(name, "re");
	ck_assert_ptr_nonnull(log);
	while (fgets(line, sizeof(line), log) != NULL)
		n += strstr(line, text) != NULL;
	(void)fclose(log);
	return n;
}

/* ---- the web server's side ----------------------------------------------- */

int peer_connect(const struct worker_process *w)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval timeout = {.tv_sec = 10};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout,
			     sizeof(timeout)),
	    0);
	name_file(w, "socket", address.sun_path);
	ck_assert_int_eq(connect(fd, (const struct sockaddr *)&address,
			     sizeof(address)),
	    0);
	return fd;
}

/* The worker may have had enough: what it does not take is its business. */
static void send_all(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		p += n;
		len -= (size_t)n;
	}
}

void peer_put(int fd, enum record_type type, const void *content, size_t len)
{
	unsigned char record[HEADER_LEN + RECORD_MAX] = {1, (unsigned char)type,
	    0, REQUEST_ID, (unsigned char)(len >> 8), (unsigned char)len};

	ck_assert_uint_le(len, RECORD_MAX);
	if (len > 0)
		memcpy(record + HEADER_LEN, content, len);
	send_all(fd, record, HEADER_LEN + len);
}

void peer_begin(int fd, bool keep)
{
	const unsigned char body[8] = {0, 1, keep};

	peer_put(fd, BEGIN_REQUEST, body, sizeof(body));
}

void peer_stream(int fd, enum record_type type, const void *content, size_t len)
{
	const char *p = content;

	while (len > 0) {
		size_t n = MIN_OF(len, RECORD_MAX);

		peer_put(fd, type, p, n);
		p += n;
		len -= n;
	}
	peer_put(fd, type, NULL, 0);
}

static void put_len(struct buf *b, size_t len)
{
	if (len > 127)
		for (int shift = 24; shift > 0; shift -= 8)
			buf_putc(b,
			    (char)((len >> shift) | (shift == 24) << 7));
	buf_putc(b, (char)(len & 0xff));
}

void peer_params(int fd, const char *const *params)
{
	struct buf b;

	buf_init(&b, (size_t)16 * 1024 * 1024);
	for (size_t i = 0; params[i] != NULL; i += 2) {
		put_len(&b, strlen(params[i]));
		put_len(&b, strlen(params[i + 1]));
		buf_puts(&b, params[i]);
		buf_puts(&b, params[i + 1]);
	}
	assert_ok(buf_err(&b));
	peer_stream(fd, PARAMS, b.p, b.len);
	buf_done(&b);
}

void peer_request(int fd, const char *method, const char *path,
    const char *body)
{
	char len[24];

	(void)snprintf(len, sizeof(len), "%zu", strlen(body));
	peer_begin(fd, false);
	peer_params(fd,
	    (const char *const[]){"REQUEST_METHOD", method, "DOCUMENT_URI",
		path, "QUERY_STRING", "a=b", "CONTENT_LENGTH", len,
		"REMOTE_ADDR", "192.0.2.1", "T2O_REQUEST_ID", "feed", NULL});
	peer_stream(fd, STDIN, body, strlen(body));
}

static void read_all(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n;

	while ((n = recv(fd, piece, sizeof(piece), 0)) > 0)
		buf_put(out, (struct str){piece, (size_t)n});
	/* Having sent more than the worker wanted is answered with a reset. */
	ck_assert_msg(n == 0 || errno == ECONNRESET, "no end: %s",
	    strerror(errno));
	(void)close(fd);
}

struct answer peer_answer(int fd)
{
	static struct buf text;
	struct answer answer = {.ended = false};
	struct buf raw;
	size_t at = 0;

	buf_done(&text);
	buf_init(&text, (size_t)16 * 1024 * 1024);
	buf_puts(&text, "");
	buf_init(&raw, (size_t)16 * 1024 * 1024);
	read_all(fd, &raw);
	while (at + HEADER_LEN <= raw.len) {
		const unsigned char *h = (const unsigned char *)raw.p + at;
		size_t len = (size_t)h[4] << 8 | h[5];

		ck_assert(!answer.ended);
		ck_assert_uint_le(at + HEADER_LEN + len + h[6], raw.len);
		if (h[1] == STDOUT)
			buf_put(&text,
			    (struct str){raw.p + at + HEADER_LEN, len});
		else
			ck_assert_int_eq(h[1], END_REQUEST);
		answer.ended = h[1] == END_REQUEST;
		at += HEADER_LEN + len + h[6];
	}
	ck_assert_uint_eq(at, raw.len);
	answer.text = text.p;
	answer.len = text.len;
	buf_done(&raw);
	return answer;
}

void assert_answer(struct answer answer, const char *part)
{
	ck_assert(answer.ended);
	ck_assert_msg(strstr(answer.text, part) != NULL,
	    "\"%s\" is not in \"%.400s\"", part, answer.text);
}

void assert_serving(const struct worker_process *w)
{
	int fd = peer_connect(w);

	peer_request(fd, "POST", "/echo", "still here");
	assert_answer(peer_answer(fd), "body whole: still here.");
}
