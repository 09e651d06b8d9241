/* t2octl user … */
#include "core/base.h"

#include "auth/admin.h"
#include "bin/ctl.h"
#include "bin/ctl_find.h"
#include "store/role.h"

#define USER_LIST_PRESET 100

static const struct ctl_column user_columns[] = {
    {"ID", "id", CTL_NUMBER, offsetof(struct store_user, id)},
    {"USERNAME", "username", CTL_TEXT, offsetof(struct store_user, username)},
    {"EMAIL", "email", CTL_TEXT, offsetof(struct store_user, email)},
    {"FIRST NAME", "first_name", CTL_TEXT,
	offsetof(struct store_user, first_name)},
    {"LAST NAME", "last_name", CTL_TEXT,
	offsetof(struct store_user, last_name)},
    {"VERIFIED", "verified", CTL_WHETHER,
	offsetof(struct store_user, verified_us)},
    {"DISABLED", "disabled", CTL_WHETHER,
	offsetof(struct store_user, disabled_us)},
    {"2FA", "twofa_enabled", CTL_FLAG,
	offsetof(struct store_user, twofa_enabled)},
    {"CREATED", "created_at", CTL_TIME,
	offsetof(struct store_user, created_us)},
};

int ctl_user_list(struct ctl *ctl)
{
	size_t max = ctl->options->limit != 0 ? ctl->options->limit
					      : USER_LIST_PRESET;
	struct store_user *users;
	size_t n;
	enum err err;
	int code;

	if (max > CTL_LIST_MAX) {
		fprintf(stderr, "t2octl: user list: --limit is %d at most\n",
		    CTL_LIST_MAX);
		return EXIT_USAGE;
	}
	err = store_user_list(ctl->app->db, ctl->arena, ctl->options->after,
	    max, &users, &n);
	if (err != OK)
		return ctl_fail(err, "user list", NULL);
	code = ctl_table_print(ctl, user_columns, ARRAY_LEN(user_columns),
	    users, sizeof(*users), n);
	if (code == EXIT_DONE && n == max)
		fprintf(stderr, "There may be more: --after %" PRIu64 "\n",
		    users[n - 1].id);
	return code;
}

struct shown_user {
	struct store_user user;
	struct str roles;
};

int ctl_user_show(struct ctl *ctl)
{
	struct ctl_column columns[ARRAY_LEN(user_columns) + 1];
	struct shown_user shown;
	enum err err;
	int code = ctl_find_user(ctl, ctl->args[0], &shown.user);

	if (code != EXIT_DONE)
		return code;
	err = store_role_names_of(ctl->app->db, ctl->arena, shown.user.id,
	    &shown.roles);
	if (err != OK)
		return ctl_fail(err, "user show", NULL);
	/* The user is the first member: its columns fit as they are. */
	memcpy(columns, user_columns, sizeof(user_columns));
	columns[ARRAY_LEN(user_columns)] = (struct ctl_column){"ROLES", "roles",
	    CTL_NAMES, offsetof(struct shown_user, roles)};
	return ctl_table_print(ctl, columns, ARRAY_LEN(columns), &shown,
	    sizeof(shown), 1);
}

int ctl_user_add(struct ctl *ctl)
{
	const struct ctl_options *o = ctl->options;
	struct auth_new_user new = {
	    .person = {str_of(o->first_name), str_of(o->last_name),
		str_of(o->username), str_of(o->email)},
	    .role = str_of(o->role),
	    .verified = o->verified,
	};
	const char *why = NULL;
	uint64_t id;
	enum err err;
	int code;

	if (o->username == NULL || o->email == NULL || o->first_name == NULL ||
	    o->last_name == NULL) {
		fprintf(stderr,
		    "t2octl: user add: --username, --email, "
		    "--first-name and --last-name are needed\n");
		return EXIT_USAGE;
	}
	code = ctl_password_read(ctl, &new.password);
	if (code != EXIT_DONE)
		return code;
	err = auth_admin_add(&ctl->auth, &new, &id, &why);
	if (err != OK)
		return ctl_fail(err, o->username, why);
	printf("%" PRIu64 "\n", id);
	return EXIT_DONE;
}

int ctl_user_set_password(struct ctl *ctl)
{
	struct secret_str password;
	struct store_user user;
	const char *why = NULL;
	enum err err;
	int code = ctl_find_user(ctl, ctl->args[0], &user);

	if (code == EXIT_DONE)
		code = ctl_password_read(ctl, &password);
	if (code != EXIT_DONE)
		return code;
	err = auth_admin_set_password(&ctl->auth, user.id, password, &why);
	return err == OK ? EXIT_DONE : ctl_fail(err, ctl->args[0], why);
}

static int act(struct ctl *ctl,
    enum err (*action)(const struct auth_context *context, uint64_t user_id,
	const char **ret_why))
{
	struct store_user user;
	const char *why = NULL;
	enum err err;
	int code = ctl_find_user(ctl, ctl->args[0], &user);

	if (code != EXIT_DONE)
		return code;
	err = action(&ctl->auth, user.id, &why);
	return err == OK ? EXIT_DONE : ctl_fail(err, ctl->args[0], why);
}

int ctl_user_disable(struct ctl *ctl)
{
	return act(ctl, auth_admin_disable);
}

int ctl_user_enable(struct ctl *ctl)
{
	return act(ctl, auth_admin_enable);
}

int ctl_user_verify(struct ctl *ctl)
{
	return act(ctl, auth_admin_verify);
}

int ctl_user_reset_twofa(struct ctl *ctl)
{
	return act(ctl, auth_admin_reset_twofa);
}

static int act_on_role(struct ctl *ctl,
    enum err (*action)(const struct auth_context *context, uint64_t user_id,
	struct str role, const char **ret_why))
{
	struct store_user user;
	const char *why = NULL;
	enum err err;
	int code = ctl_find_user(ctl, ctl->args[0], &user);

	if (code != EXIT_DONE)
		return code;
	err = action(&ctl->auth, user.id, str_of(ctl->args[1]), &why);
	return err == OK ? EXIT_DONE : ctl_fail(err, ctl->args[1], why);
}

int ctl_user_grant(struct ctl *ctl)
{
	return act_on_role(ctl, auth_admin_grant);
}

int ctl_user_revoke(struct ctl *ctl)
{
	return act_on_role(ctl, auth_admin_revoke);
}
