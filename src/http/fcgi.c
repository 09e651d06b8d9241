/*
 * The worker's loop.
 *
 * libfcgi is handed connections that we have accepted, and never accepts one
 * itself: its own accept gives up when descriptors run out, and a connection
 * that nginx keeps open would pin the worker.  The socket is a trust boundary
 * all the same, mode 0660 and nginx's group: libfcgi believes the lengths in
 * what it reads.
 */
#include "core/base.h"

#include <fcgiapp.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "core/log.h"
#include "http/fcgi.h"

#define BACK_OFF_FIRST_MS 10
#define BACK_OFF_MAX_MS 1000

/* Of a body that is not wanted, this much is read and thrown away. */
#define DISCARD_MAX ((size_t)1024 * 1024)

/* The fields that every response has are much shorter than this. */
#define OUT_MAX (HTTP_RESPONSE_MAX + 2 * HTTP_HEADERS_MAX)

struct worker {
	const struct http_fcgi *server;
	int stop_fd;	 /* readable once we are to stop */
	int back_off_ms; /* after the next failure to accept */
	struct arena *arena;
	struct http_response response;
	struct buf out;
};

/* What no handler answers, in the shape that handlers answer. */
struct failure {
	unsigned status;
	const char *body;
};

static const struct failure bad_request = {400,
    "{\"success\":false,\"error\":\"invalid_request\","
    "\"message\":\"The request could not be understood.\"}"};

static const struct failure internal = {500,
    "{\"success\":false,\"error\":\"internal\","
    "\"message\":\"Something went wrong on our side.\"}"};

static void fail(struct http_response *response, const struct failure *failure)
{
	http_response_reset(response);
	response->status = failure->status;
	buf_puts(&response->body, failure->body);
}

static const char *get_param(const char *name, const void *arg)
{
	const FCGX_Request *fcgx = arg;

	return FCGX_GetParam(name, fcgx->envp);
}

/* The peer may still be writing, and hears no answer before it is done. */
static void discard(FCGX_Stream *in)
{
	char piece[4096];
	const int size = sizeof(piece);

	for (size_t n = 0; n < DISCARD_MAX; n += sizeof(piece))
		if (FCGX_GetStr(piece, size, in) < size)
			break;
	explicit_bzero(piece, sizeof(piece));
}

/* Asks for one byte more than announced, so that a longer body shows. */
static enum http_body_state read_announced(struct arena *arena, FCGX_Stream *in,
    size_t len, struct str *ret_body)
{
	char *body = arena_alloc(arena, len + 1);

	if (body == NULL)
		return HTTP_BODY_TOO_LARGE;
	if (FCGX_GetStr(body, (int)len + 1, in) != (int)len)
		return HTTP_BODY_BROKEN;
	*ret_body = (struct str){body, len};
	return HTTP_BODY_WHOLE;
}

/* False when the connection broke or fell silent before the body's end. */
static bool read_body(struct worker *w, const FCGX_Request *fcgx,
    struct http_request *request)
{
	struct str announced = str_of(get_param("CONTENT_LENGTH", fcgx));
	uint64_t len = 0;

	if (announced.len > 0 && str_to_u64(announced, UINT64_MAX, &len) != OK)
		request->body_state = HTTP_BODY_BROKEN;
	else if (len > w->server->body_max)
		request->body_state = HTTP_BODY_TOO_LARGE;
	else
		request->body_state = read_announced(w->arena, fcgx->in,
		    (size_t)len, &request->body);
	discard(fcgx->in);
	return FCGX_GetError(fcgx->in) == 0;
}

/*
 * Both streams are closed here, where a failure can be told; FCGX_Finish_r
 * then finds nothing left to write.
 */
static void send_response(struct worker *w, FCGX_Request *fcgx,
    const struct http_request *request)
{
	bool head = request->method == HTTP_HEAD;
	bool sent;

	buf_reset(&w->out);
	if (http_response_write(&w->response, request->request_id, head,
		&w->out) != OK) {
		log_plain(LOG_ERROR, "response too large");
		fail(&w->response, &internal);
		buf_reset(&w->out);
		ensure(http_response_write(&w->response, request->request_id,
			   head, &w->out) == OK);
	}
	sent = FCGX_PutStr(w->out.p, (int)w->out.len, fcgx->out) >= 0;
	if (!sent) /* so that closing does not wait for the peer once more */
		(void)shutdown(fcgx->ipcFd, SHUT_RDWR);
	(void)FCGX_FClose(fcgx->err);
	if (FCGX_FClose(fcgx->out) != 0 || !sent)
		log_plain(LOG_INFO, "peer gone before the answer");
}

static void serve_request(struct worker *w, FCGX_Request *fcgx)
{
	struct http_request request;
	enum err err = http_request_parse(w->arena, get_param, fcgx, &request);

	ensure(err != ERR_LIMIT); /* an arena that holds no request id */
	log_set_request(request.request_id);
	if (!read_body(w, fcgx, &request)) {
		log_plain(LOG_INFO, "request broke off");
	} else if (err != OK) {
		/* The path is not logged: there may be a token in it. */
		log_plain(LOG_WARNING, "no proper path in a request");
		fail(&w->response, &bad_request);
		send_response(w, fcgx, &request);
	} else {
		w->server->handler(&request, &w->response, w->server->arg);
		send_response(w, fcgx, &request);
	}
	log_set_request(STR(""));
	http_response_reset(&w->response);
	buf_reset(&w->out);
	arena_reset(w->arena);
}

/* Cookies and tokens, in memory that libfcgi is about to free. */
static void wipe_params(const FCGX_Request *fcgx)
{
	for (char **p = fcgx->envp; *p != NULL; p++)
		explicit_bzero(*p, strlen(*p));
}

/*
 * Answers the request that waits on a connection.  Which is then closed, also
 * when its peer asked to keep it (FastCGI specification, section 3.5: the
 * application may).
 */
static void serve_connection(struct worker *w, int fd)
{
	const struct timeval timeout = {.tv_sec = w->server->io_timeout_s};
	FCGX_Request fcgx;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) <
		0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) <
		0) {
		log_at(LOG_ERROR, "cannot limit a connection's time",
		    LOG_Z("error", strerror(errno)));
		(void)close(fd);
		return;
	}

	/*
	 * No listening socket, so that libfcgi's accept fails.  An open
	 * connection counts as kept from an earlier request.  "Detached" ones
	 * are closed at once, without waiting for the peer to close first.
	 */
	(void)FCGX_InitRequest(&fcgx, -1, 0);
	fcgx.ipcFd = fd;
	fcgx.keepConnection = 1;
	fcgx.detached = 1;
	if (FCGX_Accept_r(&fcgx) < 0) { /* it has closed the connection */
		log_plain(LOG_INFO, "connection without a request");
		return;
	}
	fcgx.keepConnection = 0;
	serve_request(w, &fcgx);
	wipe_params(&fcgx);
	FCGX_Finish_r(&fcgx);
}

/*
 * Waits for `fd` (-1: for nothing) to be readable, or for the time to pass.
 * False when we are to stop, whatever else there is to do.
 */
static bool wait_for(const struct worker *w, int fd, int timeout_ms)
{
	struct pollfd fds[] = {
	    {.fd = w->stop_fd, .events = POLLIN},
	    {.fd = fd, .events = POLLIN},
	};

	/* A failure is a signal that is not ours: one round for nothing. */
	return poll(fds, ARRAY_LEN(fds), timeout_ms) <= 0 ||
	    fds[0].revents == 0;
}

enum accept_failure {
	ACCEPT_AGAIN = 1, /* another worker, or the peer, was faster */
	ACCEPT_SHORT,	  /* something has run out */
	ACCEPT_NEVER,
};

static enum accept_failure judge(int error)
{
	switch (error) {
	case EAGAIN:
	case EINTR:
	case ECONNABORTED:
		return ACCEPT_AGAIN;
	case EBADF:
	case EINVAL:
	case ENOTSOCK:
	case EOPNOTSUPP:
		return ACCEPT_NEVER;
	default:
		return ACCEPT_SHORT;
	}
}

/* One wait, each longer than the last.  False when we are to stop. */
static bool back_off(struct worker *w, const char *error)
{
	int wait_ms = MAX_OF(w->back_off_ms, BACK_OFF_FIRST_MS);

	if (w->back_off_ms == 0)
		log_at(LOG_ERROR, "cannot accept, backing off",
		    LOG_Z("error", error));
	w->back_off_ms = MIN_OF(2 * wait_ms, BACK_OFF_MAX_MS);
	return wait_for(w, -1, wait_ms);
}

static enum err serve(struct worker *w)
{
	int listen_fd = w->server->listen_fd;

	while (wait_for(w, listen_fd, -1)) {
		int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
		int error = errno;

		if (fd >= 0) {
			w->back_off_ms = 0;
			serve_connection(w, fd);
			continue;
		}
		switch (judge(error)) {
		case ACCEPT_AGAIN:
			break;
		case ACCEPT_SHORT:
			if (!back_off(w, strerror(error)))
				return OK;
			break;
		case ACCEPT_NEVER:
			log_at(LOG_ERROR, "cannot accept",
			    LOG_Z("error", strerror(error)));
			return ERR_INTERNAL;
		}
	}
	return OK;
}

/*
 * SIGTERM and SIGINT become readable, so that they are seen between two
 * requests, neither too late nor in the middle of one.  Nobody reads them:
 * once there, they stay.  (FCGX_Init has taken SIGUSR1 for itself.)  Returns
 * the descriptor, or -1.
 */
static int catch_signals(void)
{
	static const int ignored[] = {SIGHUP, SIGPIPE, SIGUSR1};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t stops;

	for (size_t i = 0; i < ARRAY_LEN(ignored); i++)
		if (sigaction(ignored[i], &ignore, NULL) < 0)
			return -1;
	(void)sigemptyset(&stops);
	(void)sigaddset(&stops, SIGTERM);
	(void)sigaddset(&stops, SIGINT);
	if (sigprocmask(SIG_BLOCK, &stops, NULL) < 0)
		return -1;
	return signalfd(-1, &stops, SFD_CLOEXEC);
}

/* Of several workers on one socket all wake, and all but one must not wait. */
static bool is_listening(int fd)
{
	int listening = 0;
	socklen_t len = sizeof(listening);
	int flags = fcntl(fd, F_GETFL);

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) < 0)
		return false;
	return listening && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

enum err http_fcgi_serve(const struct http_fcgi *server)
{
	struct worker w = {.server = server};
	enum err err;

	ensure(server->body_max < INT_MAX);
	if (!is_listening(server->listen_fd)) {
		log_plain(LOG_ERROR, "not a listening socket");
		return ERR_INTERNAL;
	}
	if (FCGX_Init() != 0 || (w.stop_fd = catch_signals()) < 0) {
		log_at(LOG_ERROR, "cannot start serving",
		    LOG_Z("error", strerror(errno)));
		return ERR_INTERNAL;
	}
	w.arena = arena_new(server->arena_max);
	http_response_init(&w.response);
	buf_init(&w.out, OUT_MAX);

	/*
	 * libfcgi frees its buffers as they are, with passwords in them: have
	 * free() overwrite them.  (After arena_new, or its calloc would touch
	 * every page.)
	 */
	(void)mallopt(M_PERTURB, 1);
	err = serve(&w);

	buf_done(&w.out);
	http_response_done(&w.response);
	arena_free(&w.arena);
	(void)close(w.stop_fd);
	return err;
}
