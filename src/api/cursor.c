#include "core/base.h"

#include "api/cursor.h"

const char *api_cursor_check(struct str text)
{
	uint64_t id;

	return base64url_decode(text, &id, sizeof(id)) == OK
	    ? NULL
	    : "is not one of ours";
}

uint64_t api_cursor_id(struct str text)
{
	uint64_t id = 0;

	if (text.len > 0)
		ensure(base64url_decode(text, &id, sizeof(id)) == OK);
	return id;
}

void api_cursor_put(struct json_out *out, uint64_t id)
{
	char text[API_CURSOR_LEN + 1];

	if (id == 0) {
		json_null(out, "next_cursor");
		return;
	}
	base64url_encode(&id, sizeof(id), text);
	json_z(out, "next_cursor", text);
}
