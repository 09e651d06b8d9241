#include "core/base.h"

#include "http/body.h"

/* One name or value: '+' is a space, %XX a byte. */
static enum err decode(struct arena *arena, struct str s, struct str *ret)
{
	struct str rest = s;
	size_t len = 0;
	char *out = arena_alloc(arena, s.len);

	if (out == NULL)
		return ERR_LIMIT;
	while (rest.len > 0) {
		size_t taken = 1;

		out[len] = rest.p[0] == '+' ? ' ' : rest.p[0];
		if (rest.p[0] == '%') {
			taken = 3;
			if (rest.len < taken ||
			    hex_decode((struct str){rest.p + 1, 2}, out + len,
				1) != OK)
				return ERR_INVALID;
		}
		len++;
		rest.p += taken;
		rest.len -= taken;
	}
	*ret = (struct str){out, len};
	return OK;
}

static enum err bind_pair(struct arena *arena, struct str pair,
    struct field_binder *b)
{
	struct str name = pair;
	struct str value = {NULL, 0};
	enum err err;

	(void)str_split(pair, '=', &name, &value);
	if ((err = decode(arena, name, &name)) != OK ||
	    (err = decode(arena, value, &value)) != OK)
		return err;
	return name.len == 0 ? OK : field_bind_text(b, name, value);
}

enum err http_form_bind(struct arena *arena, struct str text,
    struct field_binder *b)
{
	struct str pair;
	size_t n_pairs = 0;

	while (str_next(&text, '&', &pair)) {
		enum err err;

		if (pair.len == 0)
			continue;
		if (++n_pairs > HTTP_FORM_PARTS_MAX)
			return ERR_INVALID;
		err = bind_pair(arena, pair, b);
		if (err != OK)
			return err;
	}
	return OK;
}
