#include "core/base.h"

#include "http/media.h"

struct str http_media_value(struct str field, struct str *ret_params)
{
	struct str value = field;
	struct str params = {NULL, 0};

	(void)str_split(field, ';', &value, &params);
	*ret_params = params;
	return str_trim(value);
}

static size_t find_any(struct str s, const char *chars)
{
	size_t i = 0;

	while (i < s.len && (s.p[i] == '\0' || !strchr(chars, s.p[i])))
		i++;
	return i;
}

/* *rest stands behind the opening quote, and then behind the closing one. */
static enum err take_quoted(struct str *rest, struct str *ret)
{
	size_t i = find_any(*rest, "\"\\");

	while (i + 1 < rest->len && rest->p[i] == '\\')
		i += 2 + find_any(str_skip(*rest, i + 2), "\"\\");
	if (i >= rest->len || rest->p[i] != '"')
		return ERR_INVALID;
	*ret = (struct str){rest->p, i};
	*rest = str_skip(*rest, i + 1);
	return OK;
}

/* Takes `name=value` and the ';' behind it. */
static enum err take_param(struct str *rest, struct str *ret_name,
    struct str *ret_value)
{
	size_t name_len = find_any(*rest, "=;\" \t");

	*ret_name = (struct str){rest->p, name_len};
	*rest = str_skip(*rest, name_len);
	if (name_len == 0 || rest->len == 0 || rest->p[0] != '=')
		return ERR_INVALID;
	*rest = str_skip(*rest, 1);
	if (rest->len > 0 && rest->p[0] == '"') {
		*rest = str_skip(*rest, 1);
		if (take_quoted(rest, ret_value) != OK)
			return ERR_INVALID;
	} else {
		*ret_value = (struct str){rest->p, find_any(*rest, ";\" \t")};
		*rest = str_skip(*rest, ret_value->len);
	}
	*rest = str_trim(*rest);
	if (rest->len > 0 && rest->p[0] != ';')
		return ERR_INVALID;
	if (rest->len > 0)
		*rest = str_skip(*rest, 1);
	return OK;
}

enum err http_media_param(struct str params, struct str name,
    struct str *ret_value)
{
	struct str found = {NULL, 0};
	bool seen = false;

	for (params = str_trim(params); params.len > 0;
	     params = str_trim(params)) {
		struct str param, value;

		if (take_param(&params, &param, &value) != OK)
			return ERR_INVALID;
		if (!str_eq_nocase(param, name))
			continue;
		if (seen)
			return ERR_INVALID;
		seen = true;
		found = value;
	}
	if (!seen)
		return ERR_NOT_FOUND;
	*ret_value = found;
	return OK;
}
