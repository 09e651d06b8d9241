#include "core/base.h"

#include "http/response.h"

#define NO_CONTENT 204

void http_response_init(struct http_response *r)
{
	r->status = 0;
	buf_init(&r->headers, HTTP_HEADERS_MAX);
	buf_init(&r->body, HTTP_RESPONSE_MAX);
}

void http_response_done(struct http_response *r)
{
	buf_done(&r->headers);
	buf_done(&r->body);
	r->status = 0;
}

void http_response_reset(struct http_response *r)
{
	buf_reset(&r->headers);
	buf_reset(&r->body);
	r->status = 0;
}

static void put_header(struct buf *out, const char *name, struct str value)
{
	for (size_t i = 0; i < value.len; i++)
		ensure((unsigned char)value.p[i] >= ' ' && value.p[i] != 0x7f);
	buf_puts(out, name);
	buf_puts(out, ": ");
	buf_put(out, value);
	buf_puts(out, "\r\n");
}

void http_response_header(struct http_response *r, const char *name,
    struct str value)
{
	put_header(&r->headers, name, value);
}

/* RFC 6265 section 4.1.1; a name is narrower still, but we choose it. */
static void put_cookie_octets(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		ensure(c > ' ' && c <= '~' && c != '"' && c != ',' &&
		    c != ';' && c != '\\');
	}
	buf_put(out, s);
}

void http_response_cookie(struct http_response *r, struct str name,
    struct str value, bool http_only, enum http_same_site same_site,
    int64_t max_age_s)
{
	static const char *const same_site_names[] = {
	    [HTTP_SAME_SITE_LAX] = "Lax",
	    [HTTP_SAME_SITE_STRICT] = "Strict",
	};
	struct buf *out = &r->headers;

	buf_puts(out, "Set-Cookie: ");
	put_cookie_octets(out, name);
	buf_putc(out, '=');
	put_cookie_octets(out, value);
	buf_puts(out, "; Path=/; Secure");
	if (http_only)
		buf_puts(out, "; HttpOnly");
	buf_puts(out, "; SameSite=");
	buf_puts(out, same_site_names[same_site]);
	if (max_age_s >= 0) {
		buf_puts(out, "; Max-Age=");
		buf_put_i64(out, max_age_s);
	}
	buf_puts(out, "\r\n");
}

/* RFC 9112 section 4: nginx's status line would lack a space without one. */
static const char *reason_of(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason; /* RFC 9110 section 15, RFC 6585 */
	} reasons[] = {
	    {200, "OK"},
	    {201, "Created"},
	    {204, "No Content"},
	    {400, "Bad Request"},
	    {401, "Unauthorized"},
	    {403, "Forbidden"},
	    {404, "Not Found"},
	    {405, "Method Not Allowed"},
	    {409, "Conflict"},
	    {413, "Content Too Large"},
	    {415, "Unsupported Media Type"},
	    {429, "Too Many Requests"},
	    {500, "Internal Server Error"},
	    {503, "Service Unavailable"},
	};

	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Other";
}

enum err http_response_write(const struct http_response *r,
    struct str request_id, bool head, struct buf *out)
{
	/* RFC 9110 section 8.6: no Content-Length in a 204 either. */
	bool has_body = r->status != NO_CONTENT;

	ensure(r->status >= 200 && r->status <= 599);
	if (buf_err(&r->headers) != OK || buf_err(&r->body) != OK)
		return ERR_LIMIT;

	buf_putf(out, "Status: %u %s\r\n", r->status, reason_of(r->status));
	if (has_body) {
		/* RFC 8259 section 11: this type has no charset. */
		put_header(out, "Content-Type", STR("application/json"));
		buf_putf(out, "Content-Length: %zu\r\n", r->body.len);
	}
	put_header(out, "Cache-Control", STR("no-store"));
	put_header(out, "X-Content-Type-Options", STR("nosniff"));
	put_header(out, "X-Request-Id", request_id);
	buf_put(out, buf_str(&r->headers));
	buf_puts(out, "\r\n");
	if (has_body && !head)
		buf_put(out, buf_str(&r->body));
	return buf_err(out);
}
