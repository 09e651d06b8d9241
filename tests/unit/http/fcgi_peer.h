/*
 * A worker in a process of its own, and the web server's side of FastCGI
 * (specification 1.0), written by hand so that it can also be written wrongly.
 */
#ifndef T2O_TESTS_FCGI_PEER_H
#define T2O_TESTS_FCGI_PEER_H

#include "http/fcgi.h"
#include "unit.h"

#define WORKER_BODY_MAX 4096

struct worker_process {
	pid_t pid;
	int listen_fd;
	char dir[32]; /* holds `socket` and `log` */
};

/*
 * Listens and starts a worker whose handler answers
 *	/echo	what it was asked, as text
 *	/slow	the same, 200 ms later
 *	/none	204
 *	/big	as much as fits
 *	/huge	more than fits
 */
void worker_start(struct worker_process *w, unsigned io_timeout_s);

/* Another process on the same socket. */
pid_t worker_fork(const struct worker_process *w, unsigned io_timeout_s);

/* Waits for its end and removes the directory; returns the exit status. */
int worker_join(struct worker_process *w);

/* SIGTERM, and then the same. */
int worker_stop(struct worker_process *w);

/* How many lines of the worker's log contain `text`. */
size_t worker_logged(const struct worker_process *w, const char *text);

enum record_type {
	BEGIN_REQUEST = 1,
	END_REQUEST = 3,
	PARAMS = 4,
	STDIN = 5,
	STDOUT = 6,
};

/* A connected socket; reading from it gives up after 10 s. */
int peer_connect(const struct worker_process *w);

/* One record, or as much of it as the worker takes. */
void peer_put(int fd, enum record_type type, const void *content, size_t len);

void peer_begin(int fd, bool keep);

/* Names and values by turns, NULL at the end. */
void peer_params(int fd, const char *const *params);

/* A stream's content and its end. */
void peer_stream(int fd, enum record_type type, const void *content,
    size_t len);

/* A whole request for `path`, `body` with a true CONTENT_LENGTH. */
void peer_request(int fd, const char *method, const char *path,
    const char *body);

struct answer {
	char *
	    text; /* standard output; NUL-terminated, freed by the test's end */
	size_t len;
	bool ended; /* END_REQUEST has come */
};

/* Reads until the worker closes, and closes. */
struct answer peer_answer(int fd);

/* It is complete, and `part` is in it. */
void assert_answer(struct answer answer, const char *part);

/* A request is answered as ever. */
void assert_serving(const struct worker_process *w);

#endif
