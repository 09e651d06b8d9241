/* t2octl throttle … */
#include "core/base.h"

#include "auth/network.h"
#include "auth/throttle.h"
#include "bin/ctl.h"
#include "bin/ctl_find.h"
#include "db/conn.h"
#include "store/throttle.h"

static const struct ctl_column bucket_columns[] = {
    {"BUCKET", "bucket", CTL_TEXT, offsetof(struct store_bucket, name)},
    {"HITS", "hits", CTL_NUMBER, offsetof(struct store_bucket, hits)},
    {"BLOCKS", "blocks", CTL_NUMBER, offsetof(struct store_bucket, penalty)},
    {"BLOCKED UNTIL", "blocked_until", CTL_TIME,
	offsetof(struct store_bucket, blocked_us)},
    {"FORGOTTEN AT", "forgotten_at", CTL_TIME,
	offsetof(struct store_bucket, expires_us)},
};

int ctl_throttle_list(struct ctl *ctl)
{
	struct store_bucket *list;
	size_t n;
	enum err err = store_throttle_list(ctl->app->db, ctl->arena,
	    ctl->auth.now_us, CTL_LIST_MAX, &list, &n);

	if (err != OK)
		return ctl_fail(err, "throttle list", NULL);
	return ctl_table_print(ctl, bucket_columns, ARRAY_LEN(bucket_columns),
	    list, sizeof(*list), n);
}

/* What an administrator may call a key. */
enum key_form {
	KEY_AS_TYPED = 1,
	KEY_ADDRESS,
	KEY_USER,
};

static const struct kind {
	const char *name;
	enum throttle_kind kind;
	enum key_form form;
} kinds[] = {
    {"account", THROTTLE_ACCOUNT, KEY_AS_TYPED},
    {"address", THROTTLE_ADDRESS, KEY_ADDRESS},
    {"identity", THROTTLE_IDENTITY, KEY_USER},
    {"code", THROTTLE_CODE, KEY_USER},
};

struct clearing {
	const struct auth_context *auth;
	const struct kind *kind;
	struct str key;
};

/* The row says the kind alone: a key may be somebody's name. */
static enum err clear_in_transaction(struct db *db, void *arg)
{
	const struct clearing *c = arg;
	enum err err = auth_throttle_clear(c->auth, c->kind->kind, c->key);

	if (err != OK)
		return err;
	return store_audit_add(db, &c->auth->origin, AUDIT_THROTTLE_CLEARED, 0,
	    str_of(c->kind->name), c->auth->now_us);
}

static int clear(struct ctl *ctl, const struct kind *kind)
{
	struct clearing c = {&ctl->auth, kind, str_of(ctl->args[1])};
	char address[AUTH_NETWORK_LEN], number[STR_U64_LEN];
	struct store_user user;
	enum err err;
	int code;

	switch (kind->form) {
	case KEY_AS_TYPED:
		break;
	case KEY_ADDRESS:
		c.key = auth_network_of(c.key, AUTH_NETWORK_CUSTOMER, address);
		break;
	case KEY_USER:
		code = ctl_find_user(ctl, ctl->args[1], &user);
		if (code != EXIT_DONE)
			return code;
		c.key = str_u64(user.id, number);
		break;
	}
	err = db_conn_transact(ctl->app->db, clear_in_transaction, &c);
	return err == OK ? EXIT_DONE : ctl_fail(err, "throttle clear", NULL);
}

int ctl_throttle_clear(struct ctl *ctl)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, ctl->args[0]) == 0)
			return clear(ctl, &kinds[i]);
	fprintf(stderr,
	    "t2octl: throttle clear: the kinds are account, "
	    "address, identity and code\n");
	return EXIT_USAGE;
}
