#include "core/base.h"

#include "store/private.h"
#include "store/user.h"

static const struct db_column user_columns[] = {
    STORE_USER_COLUMNS(struct store_user, ),
};

static const struct db_column login_columns[] = {
    STORE_USER_COLUMNS(struct store_login, user.),
    DB_COLUMN(struct store_login, password_hash, DB_SECRET),
};

static const struct db_column mail_columns[] = {
    DB_COLUMN(struct store_user, id, DB_U64),
    DB_COLUMN(struct store_user, username, DB_TEXT),
    DB_COLUMN(struct store_user, email, DB_TEXT),
    DB_COLUMN(struct store_user, first_name, DB_TEXT),
    DB_COLUMN(struct store_user, last_name, DB_TEXT),
    DB_COLUMN(struct store_user, verified_us, DB_TIME),
    DB_COLUMN(struct store_user, disabled_us, DB_TIME),
};

#define LOGIN_SQL                                                              \
	"SELECT " STORE_USER_SQL ", p.secret FROM users u"                     \
	" LEFT JOIN credentials p ON p.user_id = u.id AND p.kind = 'password'"

enum {
	ADD,
	GET,
	FOR_MAIL,
	BY_USERNAME,
	BY_EMAIL,
	LOGIN_BY_USERNAME,
	LOGIN_BY_EMAIL,
	LOGIN_BY_ID,
	LOCK,
	LIST,
	SET_NAMES,
	SET_EMAIL,
	MARK_VERIFIED,
	DISABLE,
	ENABLE,
	DELETE,
};

const struct db_stmt store_user_statements[] = {
    [ADD] =
	{
	    .name = "user_add",
	    .sql = "INSERT INTO users (username, email, first_name, last_name,"
		   " verified_at, disabled_at, created_at)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?)",
	    .n_in = 7,
	},
    [GET] =
	{
	    .name = "user_get",
	    .sql = "SELECT " STORE_USER_SQL " FROM users u WHERE u.id = ?",
	    .n_in = 1,
	    DB_ROW(user_columns, struct store_user),
	},
    [FOR_MAIL] =
	{
	    .name = "user_for_mail",
	    .sql = "SELECT id, username, email, first_name, last_name,"
		   " verified_at, disabled_at FROM users WHERE id = ?",
	    .n_in = 1,
	    DB_ROW(mail_columns, struct store_user),
	},
    [BY_USERNAME] =
	{
	    .name = "user_by_username",
	    .sql = "SELECT " STORE_USER_SQL
		   " FROM users u WHERE u.username = ?",
	    .n_in = 1,
	    DB_ROW(user_columns, struct store_user),
	},
    [BY_EMAIL] =
	{
	    .name = "user_by_email",
	    .sql = "SELECT " STORE_USER_SQL " FROM users u WHERE u.email = ?",
	    .n_in = 1,
	    DB_ROW(user_columns, struct store_user),
	},
    [LOGIN_BY_USERNAME] =
	{
	    .name = "user_login_by_username",
	    .sql = LOGIN_SQL " WHERE u.username = ?",
	    .n_in = 1,
	    DB_ROW(login_columns, struct store_login),
	},
    [LOGIN_BY_EMAIL] =
	{
	    .name = "user_login_by_email",
	    .sql = LOGIN_SQL " WHERE u.email = ?",
	    .n_in = 1,
	    DB_ROW(login_columns, struct store_login),
	},
    [LOGIN_BY_ID] =
	{
	    .name = "user_login_by_id",
	    .sql = LOGIN_SQL " WHERE u.id = ?",
	    .n_in = 1,
	    DB_ROW(login_columns, struct store_login),
	},
    [LOCK] =
	{
	    .name = "user_lock",
	    .sql = "UPDATE users SET login_changes = login_changes + 1"
		   " WHERE id = ?",
	    .n_in = 1,
	},
    [LIST] =
	{
	    .name = "user_list",
	    .sql = "SELECT " STORE_USER_SQL " FROM users u WHERE u.id > ?"
		   " ORDER BY u.id LIMIT ?",
	    .n_in = 2,
	    DB_ROW(user_columns, struct store_user),
	},
    [SET_NAMES] =
	{
	    .name = "user_set_names",
	    .sql = "UPDATE users SET username = ?, first_name = ?,"
		   " last_name = ? WHERE id = ?",
	    .n_in = 4,
	},
    [SET_EMAIL] =
	{
	    .name = "user_set_email",
	    .sql = "UPDATE users SET email = ?,"
		   " verified_at = COALESCE(verified_at, ?) WHERE id = ?",
	    .n_in = 3,
	},
    [MARK_VERIFIED] =
	{
	    .name = "user_mark_verified",
	    .sql = "UPDATE users SET verified_at = ?"
		   " WHERE id = ? AND verified_at IS NULL",
	    .n_in = 2,
	},
    [DISABLE] =
	{
	    .name = "user_disable",
	    .sql = "UPDATE users SET disabled_at = ?"
		   " WHERE id = ? AND disabled_at IS NULL",
	    .n_in = 2,
	},
    [ENABLE] =
	{
	    .name = "user_enable",
	    .sql = "UPDATE users SET disabled_at = NULL"
		   " WHERE id = ? AND disabled_at IS NOT NULL",
	    .n_in = 1,
	},
    [DELETE] =
	{
	    .name = "user_delete",
	    .sql = "DELETE FROM users WHERE id = ?",
	    .n_in = 1,
	},
};
const size_t store_user_n_statements = ARRAY_LEN(store_user_statements);

static const struct db_stmt *const sql = store_user_statements;

enum err store_user_add(struct db *db, const struct store_user *user,
    uint64_t *ret_id)
{
	return db_stmt_insert(db, &sql[ADD],
	    DB_IN(db_text(user->username), db_text(user->email),
		db_text(user->first_name), db_text(user->last_name),
		db_time(user->verified_us), db_time(user->disabled_us),
		db_time(user->created_us)),
	    ret_id);
}

enum err store_user_get(struct db *db, struct arena *arena, uint64_t id,
    struct store_user *ret)
{
	return db_stmt_one(db, &sql[GET], DB_IN(db_u64(id)), arena, ret);
}

enum err store_user_for_mail(struct db *db, struct arena *arena, uint64_t id,
    struct store_user *ret)
{
	return db_stmt_one(db, &sql[FOR_MAIL], DB_IN(db_u64(id)), arena, ret);
}

/*
 * Usernames and emails are ASCII, and MariaDB refuses to compare such a column
 * with anything else ("illegal mix of collations"): it is nobody's.
 */
static enum err one_by_name(struct db *db, struct arena *arena,
    const struct db_stmt *stmt, struct str name, void *ret)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.p[i] > 0x7f)
			return ERR_NOT_FOUND;
	return db_stmt_one(db, stmt, DB_IN(db_text(name)), arena, ret);
}

enum err store_user_by_username(struct db *db, struct arena *arena,
    struct str username, struct store_user *ret)
{
	return one_by_name(db, arena, &sql[BY_USERNAME], username, ret);
}

enum err store_user_by_email(struct db *db, struct arena *arena,
    struct str email, struct store_user *ret)
{
	return one_by_name(db, arena, &sql[BY_EMAIL], email, ret);
}

enum err store_user_for_login(struct db *db, struct arena *arena,
    struct str username_or_email, struct store_login *ret)
{
	bool is_email = str_contains(username_or_email, STR("@"));

	return one_by_name(db, arena,
	    &sql[is_email ? LOGIN_BY_EMAIL : LOGIN_BY_USERNAME],
	    username_or_email, ret);
}

enum err store_user_for_login_by_id(struct db *db, struct arena *arena,
    uint64_t id, struct store_login *ret)
{
	return db_stmt_one(db, &sql[LOGIN_BY_ID], DB_IN(db_u64(id)), arena,
	    ret);
}

enum err store_user_lock(struct db *db, uint64_t id)
{
	return store_change_found(db, &sql[LOCK], DB_IN(db_u64(id)));
}

enum err store_user_list(struct db *db, struct arena *arena, uint64_t after_id,
    size_t max, struct store_user **ret_users, size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST], DB_IN(db_u64(after_id), db_u64(max)),
	    arena, max, ret_users, ret_n);
}

enum err store_user_set_names(struct db *db, const struct store_user *user)
{
	return store_change_found(db, &sql[SET_NAMES],
	    DB_IN(db_text(user->username), db_text(user->first_name),
		db_text(user->last_name), db_u64(user->id)));
}

enum err store_user_set_email(struct db *db, uint64_t id, struct str email,
    int64_t now_us)
{
	return store_change_found(db, &sql[SET_EMAIL],
	    DB_IN(db_text(email), db_time(now_us), db_u64(id)));
}

enum err store_user_mark_verified(struct db *db, uint64_t id, int64_t now_us)
{
	return store_change_found(db, &sql[MARK_VERIFIED],
	    DB_IN(db_time(now_us), db_u64(id)));
}

enum err store_user_disable(struct db *db, uint64_t id, int64_t now_us)
{
	return store_change_found(db, &sql[DISABLE],
	    DB_IN(db_time(now_us), db_u64(id)));
}

enum err store_user_enable(struct db *db, uint64_t id)
{
	return store_change_found(db, &sql[ENABLE], DB_IN(db_u64(id)));
}

enum err store_user_delete(struct db *db, uint64_t id)
{
	return store_change_found(db, &sql[DELETE], DB_IN(db_u64(id)));
}
