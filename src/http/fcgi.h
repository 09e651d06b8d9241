/*
 * The worker's loop, and the only user of libfcgi: accept, read, hand over,
 * write, one request at a time.
 */
#ifndef T2O_HTTP_FCGI_H
#define T2O_HTTP_FCGI_H

#include "http/request.h"
#include "http/response.h"

/*
 * Answers one request: must set the response's status.  The arena behind
 * request->arena is reset after the response has gone.
 */
typedef void http_handler(struct http_request *request,
    struct http_response *response, void *arg);

struct http_fcgi {
	int listen_fd;	       /* a listening stream socket */
	size_t body_max;       /* bytes; larger bodies are not read */
	size_t arena_max;      /* bytes one request may use */
	unsigned io_timeout_s; /* silence of the peer ends the request */
	http_handler *handler;
	void *arg;
};

/*
 * Serves until SIGTERM or SIGINT, finishing the request at hand; then OK.
 * Both stay blocked, so that a second one does not spoil the caller's exit.
 * SIGHUP and SIGPIPE are ignored.  Out of descriptors or memory: backs off
 * 10 ms doubling to 1 s and goes on.  ERR_INTERNAL, logged, when the socket
 * cannot be listened on (ENOTSOCK, EINVAL, …).
 */
enum err http_fcgi_serve(const struct http_fcgi *server) must_check;

/*
 * A listening Unix socket at `path`, mode 0660, for --socket; replaces a
 * dead one, ERR_CONFLICT when somebody answers on it.  Logged on failure.
 */
enum err http_fcgi_listen(const char *path, int *ret_fd) must_check;

#endif
