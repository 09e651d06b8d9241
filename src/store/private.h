/* What the store's own files share. */
#ifndef T2O_STORE_PRIVATE_H
#define T2O_STORE_PRIVATE_H

#include "core/utf8.h"
#include "db/stmt.h"

/* What columns for foreign text take; bytes, where theirs are characters. */
#define STORE_TEXT_MAX 255
#define STORE_IP_MAX 45
#define STORE_REQUEST_ID_MAX 32

/*
 * Foreign text for a column of `max` bytes that is NOT NULL: cut and without
 * control characters, in `out`; empty when there is none.
 */
static inline struct db_value store_text(struct str s, char *out, size_t max)
{
	return db_text((struct str){out, utf8_clean(s, out, max)});
}

/* Runs a conditional change; ERR_NOT_FOUND when it found no row. */
static inline must_check enum err store_change_found(struct db *db,
    const struct db_stmt *stmt, const struct db_value *in, size_t n_in)
{
	uint64_t n_rows;
	enum err err = db_stmt_change(db, stmt, in, n_in, &n_rows);

	return err == OK && n_rows == 0 ? ERR_NOT_FOUND : err;
}

/*
 * A struct store_user of `users u`: the select list, and its columns.  `at` is
 * the member of `struct_` that it is read into, with its dot, or nothing.
 */
#define STORE_USER_SQL                                                         \
	"u.id, u.username, u.email, u.first_name, u.last_name,"                \
	" u.verified_at, u.disabled_at, u.created_at,"                         \
	" EXISTS (SELECT 1 FROM credentials t"                                 \
	" WHERE t.user_id = u.id AND t.kind = 'totp')"

#define STORE_USER_COLUMNS(struct_, at)                                        \
	DB_COLUMN(struct_, at id, DB_U64),                                     \
	    DB_COLUMN(struct_, at username, DB_TEXT),                          \
	    DB_COLUMN(struct_, at email, DB_TEXT),                             \
	    DB_COLUMN(struct_, at first_name, DB_TEXT),                        \
	    DB_COLUMN(struct_, at last_name, DB_TEXT),                         \
	    DB_COLUMN(struct_, at verified_us, DB_TIME),                       \
	    DB_COLUMN(struct_, at disabled_us, DB_TIME),                       \
	    DB_COLUMN(struct_, at created_us, DB_TIME),                        \
	    DB_COLUMN(struct_, at twofa_enabled, DB_BOOL)

#endif
