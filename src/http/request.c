#include "core/base.h"

#include "core/crypto.h"
#include "http/request.h"

static const char *const method_names[] = {
    [HTTP_GET] = "GET",
    [HTTP_HEAD] = "HEAD",
    [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH",
    [HTTP_DELETE] = "DELETE",
    [HTTP_OTHER] = "",
};

const char *http_method_name(enum http_method method)
{
	return method_names[method];
}

/* RFC 9110 section 9.1: methods are case-sensitive. */
enum http_method http_method_parse(struct str name)
{
	for (int m = HTTP_GET; m < HTTP_OTHER; m++)
		if (str_eq(name, str_of(method_names[m])))
			return (enum http_method)m;
	return HTTP_OTHER;
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

/* What nginx leaves when it has merged slashes and resolved dots. */
static bool is_normal_path(struct str path)
{
	struct str rest = path;
	struct str segment;

	if (path.len > HTTP_PATH_MAX || has_control(path) ||
	    !str_next(&rest, '/', &segment) || segment.len != 0 ||
	    rest.p == NULL)
		return false;
	while (str_next(&rest, '/', &segment)) {
		bool last = rest.p == NULL;

		if (str_eq(segment, STR(".")) || str_eq(segment, STR("..")) ||
		    (segment.len == 0 && !last))
			return false;
	}
	return true;
}

static bool is_request_id(struct str id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z')))
			return false;
	}
	return id.len > 0 && id.len <= HTTP_REQUEST_ID_MAX;
}

static enum err make_request_id(struct arena *arena, struct str *ret)
{
	unsigned char bytes[HTTP_REQUEST_ID_MAX / 2];
	char text[HEX_LEN(sizeof(bytes))];

	crypto_random(bytes, sizeof(bytes));
	hex_encode(bytes, sizeof(bytes), text);
	return arena_dup(arena, str_of(text), ret);
}

enum err http_request_parse(struct arena *arena, http_param_get *get,
    const void *arg, struct http_request *ret)
{
	static const struct {
		const char *name;
		size_t offset;
	} texts[] = {
	    {"DOCUMENT_URI", offsetof(struct http_request, path)},
	    {"QUERY_STRING", offsetof(struct http_request, query)},
	    {"CONTENT_TYPE", offsetof(struct http_request, content_type)},
	    {"HTTP_COOKIE", offsetof(struct http_request, cookie)},
	    {"HTTP_ORIGIN", offsetof(struct http_request, origin)},
	    {"HTTP_SEC_FETCH_SITE",
		offsetof(struct http_request, sec_fetch_site)},
	    {"HTTP_X_CSRFTOKEN", offsetof(struct http_request, csrf_token)},
	    {"HTTP_USER_AGENT", offsetof(struct http_request, user_agent)},
	    {"REMOTE_ADDR", offsetof(struct http_request, client_ip)},
	    {"T2O_CORS_ORIGIN", offsetof(struct http_request, cors_origin)},
	    {"T2O_REQUEST_ID", offsetof(struct http_request, request_id)},
	};
	struct http_request request = {.arena = arena};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char *field = (char *)&request + texts[i].offset;
		struct str value = str_of(get(texts[i].name, arg));

		memcpy(field, &value, sizeof(value));
	}
	request.method = http_method_parse(str_of(get("REQUEST_METHOD", arg)));
	request.body_state = HTTP_BODY_WHOLE;
	if (!is_request_id(request.request_id) &&
	    make_request_id(arena, &request.request_id) != OK)
		return ERR_LIMIT;

	*ret = request;
	return is_normal_path(request.path) ? OK : ERR_INVALID;
}

bool http_cookie_next(struct str *rest, struct str name, struct str *ret_value)
{
	struct str pair;

	while (str_next(rest, ';', &pair)) {
		struct str left, right;

		if (str_split(str_trim(pair), '=', &left, &right) &&
		    str_eq(left, name)) {
			*ret_value = right;
			return true;
		}
	}
	return false;
}
