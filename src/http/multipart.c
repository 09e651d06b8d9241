/* RFC 7578 on top of RFC 2046 section 5.1, for fields alone: no files. */
#include "core/base.h"

#include "http/body.h"
#include "http/media.h"

#define BOUNDARY_MAX 70 /* RFC 2046 section 5.1.1 */
#define PART_HEADERS_MAX (8 * 1024)

/* A delimiter begins with CR, LF and two hyphens; the boundary follows. */
#define DELIMITER_MAX (4 + BOUNDARY_MAX)

static bool is_boundary(struct str s)
{
	static const char others[] = "'()+_,-./:=? ";

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z') ||
			(c != '\0' && strchr(others, c) != NULL)))
			return false;
	}
	return s.len > 0 && s.len <= BOUNDARY_MAX && s.p[s.len - 1] != ' ';
}

/* What a part's header fields have said. */
struct part {
	bool is_field; /* a Content-Disposition was there */
	struct str name;
};

static enum err read_disposition(struct str value, struct part *part)
{
	struct str params, file;

	if (part->is_field ||
	    !str_eq_nocase(http_media_value(value, &params), STR("form-data")))
		return ERR_INVALID;
	part->is_field = true;
	if (http_media_param(params, STR("filename"), &file) != ERR_NOT_FOUND ||
	    http_media_param(params, STR("filename*"), &file) != ERR_NOT_FOUND)
		return ERR_INVALID;
	return http_media_param(params, STR("name"), &part->name) == OK
	    ? OK
	    : ERR_INVALID;
}

static enum err read_encoding(struct str value, struct part *part)
{
	static const struct str identities[] = {
	    STR("7bit"),
	    STR("8bit"),
	    STR("binary"),
	};

	(void)part;
	for (size_t i = 0; i < ARRAY_LEN(identities); i++)
		if (str_eq_nocase(value, identities[i]))
			return OK;
	return ERR_INVALID;
}

static enum err read_type(struct str value, struct part *part)
{
	static const struct str nested = STR("multipart/");

	(void)part;
	value.len = MIN_OF(value.len, nested.len);
	return str_eq_nocase(value, nested) ? ERR_INVALID : OK;
}

static const struct {
	struct str name;
	enum err (*read)(struct str value, struct part *part);
} part_headers[] = {
    {STR("Content-Disposition"), read_disposition},
    {STR("Content-Transfer-Encoding"), read_encoding},
    {STR("Content-Type"), read_type},
};

/* RFC 7578 section 4.8: other fields are passed over. */
static enum err read_header(struct str line, struct part *part)
{
	struct str name, value;

	/* A folded line begins with space, and so has no proper name. */
	if (!str_split(line, ':', &name, &value) || name.len == 0 ||
	    str_trim(name).len != name.len)
		return ERR_INVALID;
	for (size_t i = 0; i < ARRAY_LEN(part_headers); i++)
		if (str_eq_nocase(name, part_headers[i].name))
			return part_headers[i].read(str_trim(value), part);
	return OK;
}

/* What stands between two delimiter lines: fields, an empty line, a value. */
static enum err bind_part(struct str text, struct field_binder *b)
{
	struct part part = {.is_field = false};
	struct str line;

	for (size_t used = 0;; used += line.len) {
		if (!str_take_until(&text, STR("\r\n"), &line) ||
		    line.len > PART_HEADERS_MAX - used)
			return ERR_INVALID;
		if (line.len == 0)
			break;
		if (read_header(line, &part) != OK)
			return ERR_INVALID;
	}
	if (!part.is_field)
		return ERR_INVALID;
	return part.name.len == 0 ? OK : field_bind_text(b, part.name, text);
}

/*
 * Takes the rest of a delimiter line, where only space may stand before its
 * end (the padding of RFC 2046).
 */
static bool take_line_end(struct str *rest)
{
	struct str padding;

	return str_take_until(rest, STR("\r\n"), &padding) &&
	    str_trim(padding).len == 0;
}

/* To behind the first delimiter; what stands before it does not count. */
static bool skip_preamble(struct str *rest, struct str delimiter)
{
	struct str without_line_end = str_skip(delimiter, 2);
	struct str preamble;

	if (!str_starts(*rest, without_line_end))
		return str_take_until(rest, delimiter, &preamble);
	*rest = str_skip(*rest, without_line_end.len);
	return true;
}

static struct str make_delimiter(struct str boundary, char out[DELIMITER_MAX])
{
	memcpy(out, "\r\n--", 4);
	memcpy(out + 4, boundary.p, boundary.len);
	return (struct str){out, 4 + boundary.len};
}

enum err http_multipart_bind(struct str text, struct str boundary,
    struct field_binder *b)
{
	char bytes[DELIMITER_MAX];
	struct str delimiter, part;

	if (!is_boundary(boundary))
		return ERR_INVALID;
	delimiter = make_delimiter(boundary, bytes);
	if (!skip_preamble(&text, delimiter))
		return ERR_INVALID;
	for (size_t n_parts = 0; !str_starts(text, STR("--")); n_parts++) {
		enum err err;

		if (n_parts == HTTP_FORM_PARTS_MAX || !take_line_end(&text) ||
		    !str_take_until(&text, delimiter, &part))
			return ERR_INVALID;
		err = bind_part(part, b);
		if (err != OK)
			return err;
	}
	return OK;
}
