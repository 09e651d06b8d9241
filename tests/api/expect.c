#include "core/base.h"

#include "client.h"
#include "expect.h"
#include "text.h"

void expect_failed(const char *file, int line, const struct response *res,
    const char *fmt, ...)
{
	char why[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	ck_abort_msg("%s:%d: %s\n\tanswered %u: %.600s\n\t%s", file, line,
	    res->asked, res->status, res->body.p != NULL ? res->body.p : "",
	    why);
	abort();
}

#define NEED(condition, ...)                                                   \
	do {                                                                   \
		if (!(condition))                                              \
			expect_failed(file, line, res, __VA_ARGS__);           \
	} while (0)

static const struct header common_headers[] = {
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

/* RFC 6265bis: __Host- needs Secure, Path=/ and no Domain. */
static const struct {
	const char *name;
	const char *same_site;
} cookies[] = {
    {SESSION_COOKIE, "SameSite=Lax"},
    {CSRF_COOKIE, "SameSite=Strict"},
    {DEVICE_COOKIE, "SameSite=Lax"},
};

static bool has_attribute(const char *set_cookie, const char *attribute)
{
	struct str rest = str_of(set_cookie), part;

	while (str_next(&rest, ';', &part))
		if (str_eq_nocase(str_trim(part), str_of(attribute)))
			return true;
	return false;
}

static void check_cookie(const char *file, int line, const struct response *res,
    const char *set)
{
	size_t i, len = strcspn(set, "=");
	const char *end;

	for (i = 0; i < ARRAY_LEN(cookies); i++)
		if (strlen(cookies[i].name) == len &&
		    strncmp(cookies[i].name, set, len) == 0)
			break;
	NEED(i < ARRAY_LEN(cookies), "a cookie of no known name: %s", set);
	NEED(has_attribute(set, "Secure"), "not Secure: %s", set);
	NEED(has_attribute(set, "HttpOnly"), "not HttpOnly: %s", set);
	NEED(has_attribute(set, "Path=/"), "not Path=/: %s", set);
	NEED(has_attribute(set, cookies[i].same_site), "SameSite: %s", set);
	NEED(strcasestr(set, "domain") == NULL, "has a Domain: %s", set);
	NEED(strlen(set) <= 4096, "longer than a browser keeps");

	/* The session id stands in the cookie alone. */
	end = strchr(set + len, ';');
	if (i == 0 && end != NULL && end > set + len + 1)
		NEED(!str_contains(res->body,
			 (struct str){set + len + 1, end - set - len - 1}),
		    "the body holds the session id");
}

void expect_common_at(const char *file, int line, const struct response *res)
{
	const char *id = response_header(res, "X-Request-Id", 0);
	const char *hsts = response_header(res, "Strict-Transport-Security", 0);
	const char *csp = response_header(res, "Content-Security-Policy", 0);
	const char *set;

	for (size_t i = 0; i < ARRAY_LEN(common_headers); i++) {
		const char *name = common_headers[i].name;
		const char *value = response_header(res, name, 0);

		NEED(response_header_count(res, name) == 1, "%s: %zu of them",
		    name, response_header_count(res, name));
		NEED(strcmp(value, common_headers[i].value) == 0, "%s: %s",
		    name, value);
	}
	NEED(id != NULL && strlen(id) == 32, "X-Request-Id: %s", id);
	NEED(response_header_count(res, "X-Request-Id") == 1,
	    "more than one X-Request-Id");
	NEED(hsts != NULL && strstr(hsts, "includeSubDomains") != NULL,
	    "Strict-Transport-Security: %s", hsts);
	NEED(csp != NULL && strstr(csp, "default-src 'none'") != NULL,
	    "Content-Security-Policy: %s", csp);
	if (res->status != 204) {
		const char *type = response_header(res, "Content-Type", 0);

		NEED(response_header_count(res, "Content-Type") == 1 &&
			strcmp(type, "application/json") == 0,
		    "Content-Type: %s", type);
	}
	NEED(response_header(res, "Access-Control-Allow-Origin", 0) == NULL,
	    "CORS headers for nobody");
	for (size_t i = 0;
	     (set = response_header(res, "Set-Cookie", i)) != NULL; i++)
		check_cookie(file, line, res, set);
}

void expect_members_at(const char *file, int line, const struct response *res,
    const cJSON *object, const char *const names[])
{
	int n = 0;

	NEED(cJSON_IsObject(object), "not an object");
	for (; names[n] != NULL; n++)
		NEED(cJSON_HasObjectItem(object, names[n]), "no member %s",
		    names[n]);
	NEED(cJSON_GetArraySize(object) == n, "has other members too");
}

static void check_error(const char *file, int line, const struct response *res,
    unsigned status, const char *error)
{
	const cJSON *success = cJSON_GetObjectItemCaseSensitive(res->json,
	    "success");
	const char *code = response_text(res, "error");
	const char *message = response_text(res, "message");

	expect_common_at(file, line, res);
	NEED(res->status == status, "wanted %u", status);
	NEED(cJSON_IsFalse(success), "success is not false");
	NEED(code != NULL && strcmp(code, error) == 0, "wanted error %s",
	    error);
	NEED(message != NULL && *message != '\0', "no message");
	if (status == 429 || status == 503)
		NEED(response_header_count(res, "Retry-After") == 1,
		    "no Retry-After");
	if (status == 405)
		NEED(response_header_count(res, "Allow") == 1, "no Allow");
}

void expect_error_at(const char *file, int line, const struct response *res,
    unsigned status, const char *error)
{
	check_error(file, line, res, status, error);
	if (strcmp(error, "weak_password") == 0 &&
	    cJSON_HasObjectItem(res->json, "fields"))
		return;
	expect_members_at(file, line, res, res->json,
	    (const char *const[]){"success", "error", "message", NULL});
}

void expect_bad_field_at(const char *file, int line, const struct response *res,
    const char *field)
{
	const cJSON *fields = cJSON_GetObjectItemCaseSensitive(res->json,
	    "fields");
	const char *why = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(fields, field));

	check_error(file, line, res, 400, "validation_failed");
	expect_members_at(file, line, res, res->json,
	    (const char *const[]){"success", "error", "message", "fields",
		NULL});
	NEED(why != NULL && *why != '\0', "nothing about %s", field);
	NEED(cJSON_GetArraySize(fields) == 1, "not about %s alone", field);
}

void expect_success_at(const char *file, int line, const struct response *res,
    unsigned status, const char *message)
{
	const cJSON *success = cJSON_GetObjectItemCaseSensitive(res->json,
	    "success");
	const char *got = response_text(res, "message");

	expect_common_at(file, line, res);
	NEED(res->status == status, "wanted %u", status);
	NEED(cJSON_IsTrue(success), "success is not true");
	if (message != NULL)
		NEED(got != NULL && strcmp(got, message) == 0,
		    "wanted message %s", message);
}

static const struct {
	const char *name;
	cJSON_bool (*is)(const cJSON *value);
} user_members[] = {
    {"id", cJSON_IsNumber},
    {"first_name", cJSON_IsString},
    {"last_name", cJSON_IsString},
    {"username", cJSON_IsString},
    {"email", cJSON_IsString},
    {"twofa_enabled", cJSON_IsBool},
    {"verified", cJSON_IsBool},
    {"roles", cJSON_IsArray},
    {"permissions", cJSON_IsArray},
    {"created_at", cJSON_IsString},
};

/* RFC 3339 in UTC: 2026-01-02T03:04:05Z, perhaps with a fraction. */
static bool is_timestamp(const char *s)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";

	for (const char *f = form; *f != '\0'; f++, s++)
		if (*f == 'd' ? !isdigit((unsigned char)*s) : *f != *s)
			return false;
	if (*s == '.')
		s += 1 + strspn(s + 1, "0123456789");
	return strcmp(s, "Z") == 0;
}

void expect_user_at(const char *file, int line, const struct response *res,
    const cJSON *object, const char *username, const char *email)
{
	NEED(cJSON_IsObject(object), "no user object");
	NEED(cJSON_GetArraySize(object) == (int)ARRAY_LEN(user_members),
	    "a user has exactly %zu members", ARRAY_LEN(user_members));
	for (size_t i = 0; i < ARRAY_LEN(user_members); i++)
		NEED(user_members[i].is(cJSON_GetObjectItemCaseSensitive(object,
			 user_members[i].name)),
		    "user.%s is absent or of another type",
		    user_members[i].name);
	NEED(strcmp(cJSON_GetStringValue(
			cJSON_GetObjectItem(object, "username")),
		 username) == 0,
	    "username");
	NEED(strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(object, "email")),
		 email) == 0,
	    "email");
	NEED(is_timestamp(cJSON_GetStringValue(
		 cJSON_GetObjectItem(object, "created_at"))),
	    "created_at");
}

static bool is_varying(const char *name)
{
	return str_eq_nocase(str_of(name), STR("X-Request-Id")) ||
	    str_eq_nocase(str_of(name), STR("Date"));
}

void expect_alike_at(const char *file, int line, const struct response *res,
    const struct response *other)
{
	NEED(res->status == other->status, "the other one: %u", other->status);
	NEED(str_eq(res->body, other->body), "the other one: %.400s",
	    other->body.p);
	NEED(res->n_headers == other->n_headers, "other headers");
	for (size_t i = 0; i < res->n_headers; i++) {
		const struct header *a = &res->headers[i];
		const struct header *b = &other->headers[i];

		NEED(strcmp(a->name, b->name) == 0, "%s and %s", a->name,
		    b->name);
		NEED(is_varying(a->name) || strcmp(a->value, b->value) == 0,
		    "%s: %s and %s", a->name, a->value, b->value);
	}
}
