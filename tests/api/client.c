#include "core/base.h"

#include <check.h>
#include <curl/curl.h>

#include "client.h"
#include "core/buf.h"
#include "environment.h"
#include "text.h"

#define BODY_MAX (1024 * 1024)
#define TIMEOUT_S 40L

struct exchange {
	struct exchange *next;
	struct response response;
	struct buf body;
	struct curl_slist *headers; /* while it is under way */
};

struct client {
	struct client *next;
	CURL *curl;
	char *address;
	char *csrf;
	struct exchange *exchanges;
};

static struct client *clients;

#define must_set(curl, option, value)                                          \
	ck_assert_int_eq(curl_easy_setopt(curl, option, value), CURLE_OK)

static struct client *new_at(char *address)
{
	struct client *c = text_alloc(sizeof(*c));

	c->curl = curl_easy_init();
	ck_assert_ptr_nonnull(c->curl);
	c->address = address;
	c->next = clients;
	clients = c;
	/* The first cookie makes curl keep a jar, also over curl_easy_reset. */
	client_set_cookie(c, "any", "any");
	client_forget_cookies(c);
	return c;
}

struct client *client_new(void)
{
	unsigned n = (unsigned)strtoul(text_random_hex(3), NULL, 16);

	/* 127.0.0.x is left to people and servers. */
	return new_at(text("127.%u.%u.%u", 1 + (n >> 16) % 254, (n >> 8) & 0xff,
	    1 + (n & 0xff) % 254));
}

struct client *client_beside(const struct client *c)
{
	return new_at(c->address);
}

void client_free_all(void)
{
	for (struct client *c = clients; c != NULL; c = c->next) {
		for (struct exchange *x = c->exchanges; x != NULL;
		     x = x->next) {
			cJSON_Delete(x->response.json);
			buf_done(&x->body);
		}
		curl_easy_cleanup(c->curl);
	}
	clients = NULL;
}

const char *client_address(const struct client *c)
{
	return c->address;
}

const char *client_csrf(const struct client *c)
{
	return c->csrf;
}

/*
 * A line of the jar: domain, subdomains, path, secure, expiry, name, value,
 * with tabs between.  What has expired may stand there still.
 */
static bool is_cookie(const char *line, const char *name, struct str *ret_value)
{
	struct str rest = str_of(line), part[6] = {0};
	uint64_t expiry;

	for (size_t i = 0; i < ARRAY_LEN(part); i++)
		ck_assert(str_next(&rest, '\t', &part[i]));
	ck_assert_int_eq(str_to_u64(part[4], UINT64_MAX, &expiry), OK);
	*ret_value = rest;
	return str_eq(part[5], str_of(name)) &&
	    (expiry == 0 || expiry > (uint64_t)time(NULL));
}

const char *client_cookie(const struct client *c, const char *name)
{
	struct curl_slist *jar;
	struct str value;
	char *found = NULL;

	ck_assert_int_eq(curl_easy_getinfo(c->curl, CURLINFO_COOKIELIST, &jar),
	    CURLE_OK);
	for (struct curl_slist *line = jar; line != NULL; line = line->next)
		if (is_cookie(line->data, name, &value))
			found = text_dup(value);
	curl_slist_free_all(jar);
	return found;
}

void client_set_cookie(struct client *c, const char *name, const char *value)
{
	struct curl_slist *jar;
	const char *host = environment("T2O_URL") + strlen("https://");

	must_set(c->curl, CURLOPT_COOKIELIST,
	    text("%.*s\tFALSE\t/\tTRUE\t0\t%s\t%s", (int)strcspn(host, ":/"),
		host, name, value));
	ck_assert_int_eq(curl_easy_getinfo(c->curl, CURLINFO_COOKIELIST, &jar),
	    CURLE_OK);
	curl_slist_free_all(jar);
}

void client_forget_cookies(struct client *c)
{
	must_set(c->curl, CURLOPT_COOKIELIST, "ALL");
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;

	buf_put(&x->body, (struct str){p, size * n});
	return size * n;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	struct response *res = &((struct exchange *)arg)->response;
	struct str line = str_trim((struct str){p, size * n}), name, value;

	/* An interim answer came before; only the last one counts. */
	if (str_starts(line, STR("HTTP/")))
		res->n_headers = 0;
	else if (str_split(line, ':', &name, &value)) {
		ck_assert_uint_lt(res->n_headers, RESPONSE_HEADERS_MAX);
		res->headers[res->n_headers++] = (struct header){text_dup(name),
		    text_dup(str_trim(value))};
	}
	return size * n;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(list, line);

	ck_assert_ptr_nonnull(longer);
	return longer;
}

static struct curl_slist *request_headers(const struct client *c,
    const struct request *r)
{
	const char *csrf = r->csrf != NULL ? r->csrf : c->csrf;
	struct curl_slist *list = add_header(NULL, "Expect:");

	if (r->type != NULL && *r->type == '\0')
		list = add_header(list, "Content-Type:");
	else if (r->body != NULL || r->type != NULL)
		list = add_header(list,
		    text("Content-Type: %s",
			r->type != NULL ? r->type : "application/json"));
	if (csrf != NULL && *csrf != '\0')
		list = add_header(list, text(CSRF_HEADER ": %s", csrf));
	for (size_t i = 0; i < REQUEST_HEADERS_MAX; i++)
		if (r->headers[i] != NULL)
			list = add_header(list, r->headers[i]);
	return list;
}

static void set_method(CURL *curl, const struct request *r)
{
	const char *method = r->method;

	if (method == NULL)
		method = r->body != NULL ? "POST" : "GET";
	if (r->body != NULL) {
		size_t len = r->body_len > 0 ? r->body_len : strlen(r->body);

		must_set(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
		must_set(curl, CURLOPT_POSTFIELDS, r->body);
	} else if (strcmp(method, "POST") == 0) {
		must_set(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)0);
		must_set(curl, CURLOPT_POSTFIELDS, "");
	} else {
		must_set(curl, CURLOPT_HTTPGET, 1L);
	}
	if (strcmp(method, "HEAD") == 0)
		must_set(curl, CURLOPT_NOBODY, 1L);
	must_set(curl, CURLOPT_CUSTOMREQUEST, method);
}

static void set_up(const struct client *c, const struct request *r,
    struct exchange *x)
{
	CURL *curl = c->curl;

	must_set(curl, CURLOPT_URL,
	    text("%s%s", environment("T2O_URL"), r->path));
	must_set(curl, CURLOPT_PATH_AS_IS, 1L);
	must_set(curl, CURLOPT_CAINFO, environment("T2O_CA"));
	must_set(curl, CURLOPT_IPRESOLVE, (long)CURL_IPRESOLVE_V4);
	must_set(curl, CURLOPT_INTERFACE, text("host!%s", c->address));
	must_set(curl, CURLOPT_USERAGENT, "t2o-api-tests/1");
	must_set(curl, CURLOPT_TIMEOUT, TIMEOUT_S);
	must_set(curl, CURLOPT_HEADERFUNCTION, on_header);
	must_set(curl, CURLOPT_HEADERDATA, x);
	must_set(curl, CURLOPT_WRITEFUNCTION, on_body);
	must_set(curl, CURLOPT_WRITEDATA, x);
	set_method(curl, r);
}

static void learn_csrf(struct client *c, const struct response *res)
{
	const char *token = response_text(res, "csrf_token");

	if (token != NULL)
		c->csrf = text_dup(str_of(token));
}

/* curl_easy_reset keeps connections and cookies, and forgets all else. */
static struct exchange *begin(struct client *c, const struct request *r)
{
	struct exchange *x = text_alloc(sizeof(*x));

	buf_init(&x->body, BODY_MAX);
	x->next = c->exchanges;
	c->exchanges = x;
	x->headers = request_headers(c, r);
	x->response.asked = text("%s %.100s",
	    r->method != NULL	  ? r->method
		: r->body != NULL ? "POST"
				  : "GET",
	    r->path);
	curl_easy_reset(c->curl);
	set_up(c, r, x);
	must_set(c->curl, CURLOPT_HTTPHEADER, x->headers);
	return x;
}

static const struct response *finish(struct client *c, CURLcode code)
{
	struct exchange *x = c->exchanges;
	struct response *res = &x->response;
	long status;

	curl_slist_free_all(x->headers);
	x->headers = NULL;
	ck_assert_msg(code == CURLE_OK, "%s: %s", res->asked,
	    curl_easy_strerror(code));
	ck_assert_int_eq(buf_err(&x->body), OK);
	curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
	res->status = (unsigned)status;
	res->body = buf_str(&x->body);
	if (res->body.len > 0)
		res->json = cJSON_ParseWithOpts(res->body.p, NULL, 1);
	learn_csrf(c, res);
	return res;
}

const struct response *client_send(struct client *c, const struct request *r)
{
	(void)begin(c, r);
	return finish(c, curl_easy_perform(c->curl));
}

void client_send_together(struct client *const list[], size_t n,
    const struct request *r, const struct response *ret[])
{
	CURLM *multi = curl_multi_init();
	int running = 1, left;
	CURLMsg *done;

	ck_assert_ptr_nonnull(multi);
	for (size_t i = 0; i < n; i++) {
		(void)begin(list[i], r);
		curl_multi_add_handle(multi, list[i]->curl);
	}
	while (running > 0) {
		ck_assert_int_eq(curl_multi_perform(multi, &running), CURLM_OK);
		curl_multi_poll(multi, NULL, 0, 100, NULL);
	}
	while ((done = curl_multi_info_read(multi, &left)) != NULL)
		for (size_t i = 0; i < n; i++)
			if (done->easy_handle == list[i]->curl)
				ret[i] = finish(list[i], done->data.result);
	for (size_t i = 0; i < n; i++)
		curl_multi_remove_handle(multi, list[i]->curl);
	curl_multi_cleanup(multi);
}

const struct response *get(struct client *c, const char *path)
{
	return SEND(c, .path = path);
}

const struct response *post(struct client *c, const char *path,
    const char *json)
{
	return SEND(c, .method = "POST", .path = path, .body = json);
}

const char *response_header(const struct response *res, const char *name,
    size_t n)
{
	for (size_t i = 0; i < res->n_headers; i++)
		if (str_eq_nocase(str_of(res->headers[i].name), str_of(name)) &&
		    n-- == 0)
			return res->headers[i].value;
	return NULL;
}

size_t response_header_count(const struct response *res, const char *name)
{
	size_t n = 0;

	while (response_header(res, name, n) != NULL)
		n++;
	return n;
}

const char *response_text(const struct response *res, const char *member)
{
	return cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(res->json, member));
}

const char *response_set_cookie(const struct response *res, const char *name)
{
	const char *line;

	for (size_t i = 0;
	     (line = response_header(res, "Set-Cookie", i)) != NULL; i++)
		if (str_starts(str_of(line), str_of(text("%s=", name))))
			return line;
	return NULL;
}
