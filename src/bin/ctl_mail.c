/* t2octl mail … */
#include "core/base.h"

#include "bin/ctl.h"
#include "db/conn.h"
#include "store/outbox.h"

static const struct ctl_column mail_columns[] = {
    {"ID", "id", CTL_NUMBER, offsetof(struct store_mail, id)},
    {"STATE", "state", CTL_TEXT, offsetof(struct store_mail, state)},
    {"TEMPLATE", "template", CTL_TEXT, offsetof(struct store_mail, template)},
    {"TO", "recipient", CTL_TEXT, offsetof(struct store_mail, recipient)},
    {"CREATED", "created_at", CTL_TIME,
	offsetof(struct store_mail, created_us)},
    {"NEXT TRY", "next_at", CTL_TIME, offsetof(struct store_mail, next_us)},
    {"TRIES", "attempts", CTL_NUMBER, offsetof(struct store_mail, attempts)},
    {"LAST ERROR", "last_error", CTL_TEXT,
	offsetof(struct store_mail, last_error)},
};

/* Without a STATE, what is not sent: the sent are many, and done with. */
int ctl_mail_list(struct ctl *ctl)
{
	struct str state = str_of(ctl->n_args > 0 ? ctl->args[0] : NULL);
	struct store_mail *list;
	size_t n;
	enum err err;
	int code;

	if (state.len > 0 && !str_eq(state, STR("queued")) &&
	    !str_eq(state, STR("sent")) && !str_eq(state, STR("parked"))) {
		fprintf(stderr,
		    "t2octl: mail list: the states are queued, "
		    "sent and parked\n");
		return EXIT_USAGE;
	}
	err = store_outbox_list(ctl->app->db, ctl->arena, state,
	    ctl->options->after, CTL_LIST_MAX, &list, &n);
	if (err != OK)
		return ctl_fail(err, "mail list", NULL);
	code = ctl_table_print(ctl, mail_columns, ARRAY_LEN(mail_columns), list,
	    sizeof(*list), n);
	if (code == EXIT_DONE && n == CTL_LIST_MAX)
		fprintf(stderr, "There may be more: --after %" PRIu64 "\n",
		    list[n - 1].id);
	return code;
}

struct mail_act {
	struct ctl *ctl;
	uint64_t id;
	enum audit_event event;
};

static enum err act_in_transaction(struct db *db, void *arg)
{
	const struct mail_act *a = arg;
	const struct auth_context *auth = &a->ctl->auth;
	enum err err = a->event == AUDIT_MAIL_DROPPED
	    ? store_outbox_drop(db, a->id)
	    : store_outbox_retry(db, a->id, auth->now_us);

	if (err != OK)
		return err;
	return store_audit_add(db, &auth->origin, a->event, 0,
	    str_of(a->ctl->args[0]), auth->now_us);
}

static int act(struct ctl *ctl, enum audit_event event)
{
	struct mail_act a = {.ctl = ctl, .event = event};
	enum err err;
	int code = ctl_parse_id(ctl->args[0], &a.id);

	if (code != EXIT_DONE)
		return code;
	err = db_conn_transact(ctl->app->db, act_in_transaction, &a);
	if (err == OK)
		return EXIT_DONE;
	return ctl_fail(err, ctl->args[0],
	    err == ERR_NOT_FOUND ? "no such mail is waiting" : NULL);
}

int ctl_mail_retry(struct ctl *ctl)
{
	return act(ctl, AUDIT_MAIL_RETRIED);
}

int ctl_mail_drop(struct ctl *ctl)
{
	return act(ctl, AUDIT_MAIL_DROPPED);
}
