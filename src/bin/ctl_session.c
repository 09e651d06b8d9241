/* t2octl session … */
#include "core/base.h"

#include "auth/session.h"
#include "bin/ctl.h"
#include "bin/ctl_find.h"
#include "store/session.h"

static const struct ctl_column session_columns[] = {
    {"ID", "id", CTL_NUMBER, offsetof(struct store_session, id)},
    {"CREATED", "created_at", CTL_TIME,
	offsetof(struct store_session, created_us)},
    {"LAST SEEN", "last_seen_at", CTL_TIME,
	offsetof(struct store_session, last_seen_us)},
    {"EXPIRES", "expires_at", CTL_TIME,
	offsetof(struct store_session, expires_us)},
    {"ADDRESS", "ip", CTL_TEXT, offsetof(struct store_session, client_ip)},
    {"USER AGENT", "user_agent", CTL_TEXT,
	offsetof(struct store_session, user_agent)},
};

int ctl_session_list(struct ctl *ctl)
{
	struct store_session *list;
	struct store_user user;
	size_t n;
	enum err err;
	int code = ctl_find_user(ctl, ctl->args[0], &user);

	if (code != EXIT_DONE)
		return code;
	err = store_session_list(ctl->app->db, ctl->arena, user.id,
	    ctl->auth.now_us, CTL_LIST_MAX, &list, &n);
	if (err != OK)
		return ctl_fail(err, "session list", NULL);
	return ctl_table_print(ctl, session_columns, ARRAY_LEN(session_columns),
	    list, sizeof(*list), n);
}

static int revoke_all(struct ctl *ctl, uint64_t user_id)
{
	uint64_t n;
	enum err err = auth_session_revoke_others(&ctl->auth, user_id, 0, &n);

	if (err != OK)
		return ctl_fail(err, "session revoke", NULL);
	printf("%" PRIu64 " ended\n", n);
	return EXIT_DONE;
}

int ctl_session_revoke(struct ctl *ctl)
{
	struct store_user user;
	uint64_t id;
	enum err err;
	int code;

	if (ctl->options->all == (ctl->n_args == 2)) {
		fprintf(stderr,
		    "t2octl: session revoke: the session's ID, or "
		    "--all\n");
		return EXIT_USAGE;
	}
	code = ctl_find_user(ctl, ctl->args[0], &user);
	if (code != EXIT_DONE)
		return code;
	if (ctl->options->all)
		return revoke_all(ctl, user.id);
	code = ctl_parse_id(ctl->args[1], &id);
	if (code != EXIT_DONE)
		return code;
	err = auth_session_revoke(&ctl->auth, user.id, id);
	return err == OK
	    ? EXIT_DONE
	    : ctl_fail(err, ctl->args[1],
		  err == ERR_NOT_FOUND ? "the user has no such session" : NULL);
}
