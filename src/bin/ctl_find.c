#include "core/base.h"

#include "bin/ctl_find.h"

int ctl_find_user(struct ctl *ctl, const char *text, struct store_user *ret)
{
	struct str prefix = STR("id:");
	struct str name = str_of(text);
	uint64_t id;
	enum err err;

	if (str_starts(name, prefix)) {
		int code = ctl_parse_id(text + prefix.len, &id);

		if (code != EXIT_DONE)
			return code;
		err = store_user_get(ctl->app->db, ctl->arena, id, ret);
	} else if (str_contains(name, STR("@"))) {
		err = store_user_by_email(ctl->app->db, ctl->arena, name, ret);
	} else {
		err = store_user_by_username(ctl->app->db, ctl->arena, name,
		    ret);
	}
	if (err == OK)
		return EXIT_DONE;
	return ctl_fail(err, text,
	    err == ERR_NOT_FOUND ? "there is no such user" : NULL);
}
