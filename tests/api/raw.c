#include "core/base.h"

#include <check.h>
#include <curl/curl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/buf.h"
#include "environment.h"
#include "raw.h"
#include "text.h"

#define ANSWER_MAX (1024 * 1024)
#define TIMEOUT_MS 15000

static void wait_for(int fd, short events)
{
	struct pollfd poller = {.fd = fd, .events = events};

	ck_assert_msg(poll(&poller, 1, TIMEOUT_MS) == 1, "no answer in time");
}

static struct raw_answer answer_of(struct buf *received, const char *prefix)
{
	struct raw_answer answer = {.text = text_dup(buf_str(received))};

	ck_assert_int_eq(buf_err(received), OK);
	buf_done(received);
	if (strncmp(answer.text, prefix, strlen(prefix)) == 0)
		answer.status = (unsigned)strtoul(answer.text + strlen(prefix),
		    NULL, 10);
	return answer;
}

/* Stops early, and without complaint, when the server has heard enough. */
static void send_all(CURL *curl, int fd, struct str bytes)
{
	while (bytes.len > 0) {
		size_t n = 0;
		CURLcode code = curl_easy_send(curl, bytes.p, bytes.len, &n);

		if (code == CURLE_AGAIN)
			wait_for(fd, POLLOUT);
		else if (code != CURLE_OK)
			return;
		bytes = (struct str){bytes.p + n, bytes.len - n};
	}
}

/*
 * Whether an answer after which the server closes has come whole: it may take
 * its time for the closing.
 */
static bool is_last(const char *received)
{
	const char *close = strstr(received, "\r\nConnection: close\r\n");
	const char *end = close == NULL ? NULL : strstr(close, "\r\n\r\n");
	const char *length = strstr(received, "\r\nContent-Length: ");

	for (const char *p = length; p != NULL && p < close;
	     p = strstr(p + 1, "\r\nContent-Length: "))
		length = p;
	return end != NULL && length != NULL &&
	    strlen(end + 4) >= strtoull(length + 18, NULL, 10);
}

static void receive_all(CURL *curl, int fd, struct buf *received)
{
	char chunk[4096];
	size_t n;

	while (received->p == NULL || !is_last(received->p)) {
		CURLcode code = curl_easy_recv(curl, chunk, sizeof(chunk), &n);

		if (code == CURLE_AGAIN)
			wait_for(fd, POLLIN);
		else if (code != CURLE_OK || n == 0)
			return;
		else
			buf_put(received, (struct str){chunk, n});
	}
}

static CURL *connect_to(const char *url, int *ret_fd)
{
	CURL *curl = curl_easy_init();
	curl_socket_t fd;

	ck_assert_ptr_nonnull(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CAINFO, environment("T2O_CA"));
	curl_easy_setopt(curl, CURLOPT_IPRESOLVE, (long)CURL_IPRESOLVE_V4);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	ck_assert_int_eq(curl_easy_perform(curl), CURLE_OK);
	ck_assert_int_eq(curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd),
	    CURLE_OK);
	*ret_fd = fd;
	return curl;
}

static struct raw_answer exchange(const char *url, struct str bytes)
{
	struct buf received;
	int fd;
	CURL *curl = connect_to(url, &fd);

	buf_init(&received, ANSWER_MAX);
	send_all(curl, fd, bytes);
	receive_all(curl, fd, &received);
	curl_easy_cleanup(curl);
	return answer_of(&received, "HTTP/1.1 ");
}

void raw_tls_abandon(struct str bytes)
{
	int fd;
	CURL *curl = connect_to(environment("T2O_URL"), &fd);

	send_all(curl, fd, bytes);
	curl_easy_cleanup(curl);
}

struct raw_answer raw_tls(struct str bytes)
{
	return exchange(environment("T2O_URL"), bytes);
}

struct raw_answer raw_plain(const char *port, struct str bytes)
{
	return exchange(text("http://127.0.0.1:%s", port), bytes);
}

/* ---- FastCGI 1.0, section 3.3: records ---------------------------------- */

enum record { BEGIN_REQUEST = 1, PARAMS = 4, STDIN = 5, STDOUT = 6 };

#define RECORD_LEN_MAX 65535
#define HEADER_LEN 8

static void put_record(struct buf *b, enum record type, struct str content)
{
	const char header[HEADER_LEN] = {1, (char)type, 0, 1,
	    (char)(content.len >> 8), (char)(content.len & 0xff), 0, 0};

	ensure(content.len <= RECORD_LEN_MAX);
	buf_put(b, (struct str){header, sizeof(header)});
	buf_put(b, content);
}

/* A whole stream, and unless `open` the empty record that ends it. */
static void put_stream(struct buf *b, enum record type, struct str s, bool open)
{
	while (s.len > 0) {
		size_t len = MIN_OF(s.len, (size_t)RECORD_LEN_MAX);

		put_record(b, type, (struct str){s.p, len});
		s = (struct str){s.p + len, s.len - len};
	}
	if (!open)
		put_record(b, type, (struct str){"", 0});
}

/* Section 3.4: a length of up to 127 is one byte, else four. */
static void put_length(struct buf *b, size_t len)
{
	if (len < 128) {
		buf_putc(b, (char)len);
		return;
	}
	buf_putc(b, (char)(len >> 24 | 0x80));
	buf_putc(b, (char)(len >> 16));
	buf_putc(b, (char)(len >> 8));
	buf_putc(b, (char)len);
}

static const struct raw_param usual[] = {
    {"REQUEST_METHOD", "GET"},
    {"DOCUMENT_URI", "/healthz"},
    {"QUERY_STRING", ""},
    {"CONTENT_TYPE", "application/json"},
    {"CONTENT_LENGTH", ""},
    {"REMOTE_ADDR", "127.0.0.9"},
    {"SERVER_PROTOCOL", "HTTP/1.1"},
    {"T2O_REQUEST_ID", "0123456789abcdef0123456789abcdef"},
};

static const char *value_of(const struct raw_request *request, const char *name)
{
	for (size_t i = 0; i < RAW_PARAMS_MAX; i++)
		if (request->params[i].name != NULL &&
		    strcmp(request->params[i].name, name) == 0)
			return request->params[i].value;
	return NULL;
}

static void put_param(struct buf *b, const char *name, const char *value)
{
	put_length(b, strlen(name));
	put_length(b, strlen(value));
	buf_puts(b, name);
	buf_puts(b, value);
}

static void put_params(struct buf *b, const struct raw_request *request)
{
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		if (value_of(request, usual[i].name) == NULL)
			put_param(b, usual[i].name, usual[i].value);
	for (size_t i = 0; i < RAW_PARAMS_MAX; i++)
		if (request->params[i].name != NULL)
			put_param(b, request->params[i].name,
			    request->params[i].value);
}

static int connect_pool(const char *pool)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int len = snprintf(address.sun_path, sizeof(address.sun_path),
	    "%s/sock/t2o/%s.sock", environment("T2O_RUN_DIR"), pool);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_lt(len, sizeof(address.sun_path));
	ck_assert_msg(connect(fd, (struct sockaddr *)&address,
			  sizeof(address)) == 0,
	    "%s: %s", address.sun_path, strerror(errno));
	return fd;
}

/* The content of the STDOUT records in what was received. */
static void unpack(struct str records, struct buf *out)
{
	const unsigned char *p = (const unsigned char *)records.p;

	while (records.len >= HEADER_LEN) {
		size_t len = (size_t)p[4] << 8 | p[5];
		size_t whole = HEADER_LEN + len + p[6];

		ck_assert_uint_le(whole, records.len);
		if (p[1] == STDOUT)
			buf_put(out,
			    (struct str){(const char *)p + HEADER_LEN, len});
		p += whole;
		records.len -= whole;
	}
}

static void converse(int fd, struct str bytes, bool half_close,
    struct buf *received)
{
	char chunk[4096];
	ssize_t n;

	while (bytes.len > 0 &&
	    (n = send(fd, bytes.p, bytes.len, MSG_NOSIGNAL)) > 0)
		bytes = (struct str){bytes.p + n, bytes.len - (size_t)n};
	if (half_close)
		shutdown(fd, SHUT_WR);
	do {
		wait_for(fd, POLLIN);
		n = read(fd, chunk, sizeof(chunk));
		if (n > 0)
			buf_put(received, (struct str){chunk, (size_t)n});
	} while (n > 0);
	close(fd);
}

struct raw_answer raw_fcgi(const struct raw_request *request)
{
	const char *pool = request->pool != NULL ? request->pool : "fast";
	struct buf params, records, received, out;

	buf_init(&params, ANSWER_MAX);
	buf_init(&records, ANSWER_MAX);
	buf_init(&received, ANSWER_MAX);
	buf_init(&out, ANSWER_MAX);
	put_params(&params, request);
	/* Role 1, responder; no flags: the worker closes. */
	put_record(&records, BEGIN_REQUEST, STR("\0\1\0\0\0\0\0\0"));
	put_stream(&records, PARAMS, buf_str(&params), false);
	put_stream(&records, STDIN, request->body, request->no_end_of_body);
	converse(connect_pool(pool), buf_str(&records), request->no_end_of_body,
	    &received);
	unpack(buf_str(&received), &out);
	buf_done(&params);
	buf_done(&records);
	buf_done(&received);
	return answer_of(&out, "Status: ");
}
