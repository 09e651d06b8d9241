#include "core/base.h"

#include "core/addr.h"
#include "core/buf.h"
#include "store/private.h"
#include "store/user_list.h"

static const struct db_column listed_columns[] = {
    STORE_USER_COLUMNS(struct store_listed_user, user.),
    DB_COLUMN(struct store_listed_user, roles, DB_TEXT),
};

static const struct db_column count_columns[] = {{DB_U64, 0}};

#define LISTED_SQL                                                             \
	"SELECT " STORE_USER_SQL ","                                           \
	" COALESCE((SELECT GROUP_CONCAT(r.name"                                \
	" ORDER BY r.name SEPARATOR '\n')"                                     \
	" FROM user_roles ur JOIN roles r ON r.id = ur.role_id"                \
	" WHERE ur.user_id = u.id), '')"

/* Both ranges of an index; four values. */
#define MATCHES_SQL                                                            \
	"(SELECT id FROM users WHERE username LIKE ? LIMIT ?)"                 \
	" UNION (SELECT id FROM users WHERE email LIKE ? LIMIT ?)"

/* Where a page begins: behind the user of that id in this order. */
#define BEHIND_SQL(column_, sign_)                                             \
	" (? IS NULL OR u." column_ " " sign_ " (SELECT b." column_            \
	" FROM users b WHERE b.id = ?))"

/* A statement over all users, and one over those that match. */
#define ORDER(order_, name_, column_, sign_, way_)                             \
	[2 * (order_)] =                                                       \
	    {                                                                  \
		.name = "user_list_" name_,                                    \
		.sql = LISTED_SQL " FROM users u WHERE" BEHIND_SQL(column_,    \
		    sign_) " ORDER BY u." column_ " " way_ " LIMIT ?, ?",      \
		.n_in = 4,                                                     \
		DB_ROW(listed_columns, struct store_listed_user),              \
	},                                                                     \
	     [2 * (order_) + 1] = {                                            \
		 .name = "user_match_" name_,                                  \
		 .sql = LISTED_SQL                                             \
		 " FROM (" MATCHES_SQL ") m JOIN users u ON u.id = m.id"       \
		 " WHERE" BEHIND_SQL(column_, sign_) " ORDER BY u." column_    \
						     " " way_ " LIMIT ?, ?",   \
		 .n_in = 8,                                                    \
		 DB_ROW(listed_columns, struct store_listed_user),             \
	}

enum { COUNT, COUNT_MATCHES };

const struct db_stmt store_user_list_statements[] = {
    [COUNT] =
	{
	    .name = "user_count",
	    .sql = "SELECT COUNT(*) FROM"
		   " (SELECT id FROM users LIMIT ?) x",
	    .n_in = 1,
	    DB_ROW(count_columns, uint64_t),
	},
    [COUNT_MATCHES] =
	{
	    .name = "user_count_matches",
	    .sql = "SELECT COUNT(*) FROM (" MATCHES_SQL ") m",
	    .n_in = 4,
	    DB_ROW(count_columns, uint64_t),
	},
    ORDER(STORE_USER_BY_ID, "by_id", "id", ">", "ASC"),
    ORDER(STORE_USER_BY_ID_DOWN, "by_id_down", "id", "<", "DESC"),
    ORDER(STORE_USER_BY_USERNAME, "by_username", "username", ">", "ASC"),
    ORDER(STORE_USER_BY_USERNAME_DOWN, "by_username_down", "username", "<",
	"DESC"),
    ORDER(STORE_USER_BY_EMAIL, "by_email", "email", ">", "ASC"),
    ORDER(STORE_USER_BY_EMAIL_DOWN, "by_email_down", "email", "<", "DESC"),
};
const size_t store_user_list_n_statements = ARRAY_LEN(
    store_user_list_statements);

static const struct db_stmt *const sql = store_user_list_statements;

/* The pattern of what begins with `prefix`, whose own % and _ are letters. */
static enum err put_pattern(struct buf *out, struct str prefix)
{
	for (size_t i = 0; i < prefix.len; i++) {
		char c = prefix.p[i];

		/* The columns are ASCII; what is not matches nothing. */
		if ((unsigned char)c > '~')
			return ERR_NOT_FOUND;
		if (c == '%' || c == '_' || c == '\\')
			buf_putc(out, '\\');
		buf_putc(out, c);
	}
	buf_putc(out, '%');
	return buf_err(out);
}

static struct db_value *put_matches(struct db_value *in, struct str pattern,
    uint64_t max)
{
	for (int i = 0; i < 2; i++) {
		*in++ = db_text(pattern);
		*in++ = db_u64(max);
	}
	return in;
}

enum err store_user_search(struct db *db, struct arena *arena,
    const struct store_user_filter *filter, uint64_t offset, size_t max,
    struct store_listed_user **ret_list, size_t *ret_n)
{
	bool narrowed = filter->prefix.len > 0;
	struct db_value in[8], *end = in;
	struct buf pattern;
	enum err err = OK;

	buf_init(&pattern, 2 * ADDR_LEN_MAX + 1);
	if (narrowed) {
		err = put_pattern(&pattern, filter->prefix);
		end = put_matches(end, buf_str(&pattern),
		    STORE_USER_MATCHES_MAX);
	}
	*end++ = db_id(filter->after_id);
	*end++ = db_id(filter->after_id);
	*end++ = db_u64(offset);
	*end++ = db_u64(max);
	if (err == OK)
		err = db_stmt_all(db, &sql[2 * filter->order + narrowed], in,
		    (size_t)(end - in), arena, max, ret_list, ret_n);
	else if (err == ERR_NOT_FOUND || err == ERR_LIMIT) {
		*ret_list = NULL;
		*ret_n = 0;
		err = OK;
	}
	buf_done(&pattern);
	return err;
}

enum err store_user_count(struct db *db, struct arena *arena, struct str prefix,
    uint64_t max, uint64_t *ret_n)
{
	struct db_value in[4];
	struct buf pattern;
	uint64_t n = 0;
	enum err err;

	if (prefix.len == 0)
		return db_stmt_one(db, &sql[COUNT], DB_IN(db_u64(max)), arena,
		    ret_n);
	buf_init(&pattern, 2 * ADDR_LEN_MAX + 1);
	err = put_pattern(&pattern, prefix);
	(void)put_matches(in, buf_str(&pattern), max);
	if (err == OK)
		err = db_stmt_one(db, &sql[COUNT_MATCHES], in, ARRAY_LEN(in),
		    arena, &n);
	buf_done(&pattern);
	if (err == ERR_NOT_FOUND || err == ERR_LIMIT)
		err = OK; /* no such name could be stored */
	if (err == OK)
		*ret_n = MIN_OF(n, max);
	return err;
}
