/*
 * Statements as tables, binds with types, rows into structs.
 *
 * SQL is literal text in one static table per store file.  There is no other
 * way to run any: values cannot become text.
 */
#ifndef T2O_DB_STMT_H
#define T2O_DB_STMT_H

#include "core/arena.h"
#include "core/crypto.h"
#include "db/conn.h"

enum db_type {
	DB_NULL = 1,
	DB_U64,	   /* uint64_t */
	DB_BOOL,   /* bool */
	DB_TEXT,   /* struct str; NULL in the row: p NULL */
	DB_SECRET, /* struct secret_str; kept out of the log */
	DB_DIGEST, /* struct digest, BINARY(32) */
	DB_TIME,   /* int64_t µs since 1970, DATETIME(6) UTC; 0 is NULL */
};

/* A value for one `?`. */
struct db_value {
	enum db_type type;
	union {
		uint64_t u64;
		bool boolean;
		struct str text;
		struct secret_str secret;
		const struct digest *digest;
		int64_t time_us;
	};
};

static inline struct db_value db_null(void)
{
	return (struct db_value){.type = DB_NULL};
}

static inline struct db_value db_u64(uint64_t n)
{
	return (struct db_value){.type = DB_U64, .u64 = n};
}

static inline struct db_value db_bool(bool b)
{
	return (struct db_value){.type = DB_BOOL, .boolean = b};
}

/* p == NULL binds NULL. */
static inline struct db_value db_text(struct str s)
{
	return (struct db_value){.type = DB_TEXT, .text = s};
}

static inline struct db_value db_secret(struct secret_str s)
{
	return (struct db_value){.type = DB_SECRET, .secret = s};
}

static inline struct db_value db_digest(const struct digest *d)
{
	return (struct db_value){.type = DB_DIGEST, .digest = d};
}

/* 0 binds NULL. */
static inline struct db_value db_time(int64_t time_us)
{
	return (struct db_value){.type = DB_TIME, .time_us = time_us};
}

/* An id where 0 means nobody: 0 binds NULL. */
static inline struct db_value db_id(uint64_t id)
{
	return id == 0 ? db_null() : db_u64(id);
}

/*
 * Where one column of a row goes.  NULL leaves zero: an id of nobody, no time,
 * false, a text with p NULL; a DB_DIGEST may not be NULL.  Texts have a NUL
 * behind them.
 */
struct db_column {
	enum db_type type;
	size_t offset;
};

#define DB_COLUMN(struct_, member, type_)                                      \
	{                                                                      \
		(type_), offsetof(struct_, member)                             \
	}

/* Static: the connection knows a prepared statement by this one's address. */
struct db_stmt {
	const char *name; /* "user_get", for logs and check-sql */
	const char *sql;
	unsigned n_in;			 /* how many `?` */
	const struct db_column *columns; /* NULL: no rows */
	size_t n_columns;
	size_t row_size; /* of the struct a row is read into */
};

/* Sets a statement's columns, count and row size. */
#define DB_ROW(columns_, struct_)                                              \
	.columns = (columns_), .n_columns = ARRAY_LEN(columns_),               \
	.row_size = sizeof(struct_)

/* Values for a call: DB_IN(db_u64(id), db_text(name)).  Evaluated once. */
#define DB_IN(...)                                                             \
	(const struct db_value[]){__VA_ARGS__},                                \
	    sizeof((const struct db_value[]){__VA_ARGS__}) /                   \
	    sizeof(struct db_value)
#define DB_NO_IN NULL, 0

/*
 * Runs a statement without rows.  ERR_CONFLICT on a duplicate key;
 * ERR_NOT_FOUND when a foreign key names nothing; ERR_UNAVAILABLE when the
 * server does not answer or asks for the transaction to be run again;
 * ERR_INTERNAL otherwise, logged here with the statement's name.
 *
 * Outside a transaction each statement commits by itself and is run again
 * after a deadlock, and after a lost connection if it is a SELECT or was not
 * sent yet.  Within one, nothing is run after such an error: each call returns
 * ERR_UNAVAILABLE, until db_conn_transact begins anew.
 */
enum err db_stmt_run(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in) must_check;

/*
 * The same, and how many rows were changed (matched rows that already had
 * the value count too, so a conditional UPDATE tells whether it found its row).
 */
enum err db_stmt_change(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, uint64_t *ret_rows) must_check;

/* The same for an INSERT, and the AUTO_INCREMENT id it got. */
enum err db_stmt_insert(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, uint64_t *ret_id) must_check;

/*
 * Reads exactly one row into *ret_row (stmt->row_size bytes); texts go to the
 * arena.  ERR_NOT_FOUND without a row, ERR_INTERNAL with more than one.
 */
enum err db_stmt_one(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, struct arena *arena,
    void *ret_row) must_check;

/*
 * Reads all rows, at most `max`, into an array in the arena; ERR_LIMIT when
 * there are more.  No row is OK with *ret_n == 0 and *ret_rows NULL.
 */
enum err db_stmt_all(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, struct arena *arena, size_t max,
    void *ret_rows, size_t *ret_n) must_check;

/*
 * Prepares without running: check-sql.  ERR_INVALID, with the server's words
 * in the log, when it is not valid against the schema or the numbers of
 * placeholders or columns differ from the table's.  (The columns of a
 * … RETURNING are known, and compared, only when it runs.)
 */
enum err db_stmt_check(struct db *db, const struct db_stmt *stmt) must_check;

#endif
