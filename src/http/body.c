#include "core/base.h"

#include "core/json.h"
#include "http/body.h"
#include "http/media.h"

/* Binds request->body, which is of one media type with these parameters. */
typedef enum err bind_body(const struct http_request *request,
    struct str params, struct field_binder *b);

/* We read nothing but UTF-8, whatever the sender would like. */
static bool is_utf8(struct str params)
{
	struct str charset;
	enum err err = http_media_param(params, STR("charset"), &charset);

	return err == ERR_NOT_FOUND ||
	    (err == OK && str_eq_nocase(charset, STR("utf-8")));
}

static enum err bind_json(const struct http_request *request, struct str params,
    struct field_binder *b)
{
	if (!is_utf8(params))
		return ERR_DENIED;
	return json_read(request->arena, request->body, b->table, b->bound,
	    &b->errors);
}

static enum err bind_form(const struct http_request *request, struct str params,
    struct field_binder *b)
{
	enum err err = is_utf8(params) ? OK : ERR_DENIED;

	if (err == OK)
		err = http_form_bind(request->arena, request->body, b);
	if (err == OK)
		field_end(b);
	return err;
}

static enum err bind_query(const struct http_request *request,
    struct field_binder *b)
{
	enum err err = http_form_bind(request->arena, request->query, b);

	if (err == OK)
		field_end(b);
	return err;
}

static enum err bind_multipart(const struct http_request *request,
    struct str params, struct field_binder *b)
{
	struct str boundary;
	enum err err = ERR_INVALID;

	if (http_media_param(params, STR("boundary"), &boundary) == OK)
		err = http_multipart_bind(request->body, boundary, b);
	if (err == OK)
		field_end(b);
	return err;
}

static bind_body *find_type(struct str type, enum http_body_kinds takes)
{
	static const struct {
		struct str type;
		enum http_body_kinds takes; /* the least that includes it */
		bind_body *bind;
	} types[] = {
	    {STR("application/json"), HTTP_TAKES_JSON, bind_json},
	    {STR("application/x-www-form-urlencoded"),
		HTTP_TAKES_JSON_AND_FORMS, bind_form},
	    {STR("multipart/form-data"), HTTP_TAKES_JSON_AND_FORMS,
		bind_multipart},
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (takes >= types[i].takes &&
		    str_eq_nocase(type, types[i].type))
			return types[i].bind;
	return NULL;
}

enum err http_body_bind(const struct http_request *request,
    enum http_body_kinds takes, const struct field_table *table, void *bound,
    struct field_errors *ret_errors)
{
	static const struct str nothing = STR("");
	struct field_binder b;
	struct str params;
	struct str type = http_media_value(request->content_type, &params);
	bind_body *bind = find_type(type, takes);
	enum err err;

	field_begin(&b, table, bound);
	if (takes == HTTP_TAKES_NOTHING)
		err = json_read(request->arena, nothing, table, bound,
		    &b.errors);
	else if (takes == HTTP_TAKES_QUERY)
		err = bind_query(request, &b);
	else if (request->body_state == HTTP_BODY_TOO_LARGE)
		err = ERR_LIMIT;
	else if (request->body_state == HTTP_BODY_BROKEN)
		err = ERR_INVALID;
	else if (request->body.len == 0)
		err = json_read(request->arena, nothing, table, bound,
		    &b.errors);
	else
		err = bind == NULL ? ERR_DENIED : bind(request, params, &b);
	if (err == OK)
		*ret_errors = b.errors;
	return err;
}
