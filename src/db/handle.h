/* What the files of this layer share, and nobody else sees. */
#ifndef T2O_DB_HANDLE_H
#define T2O_DB_HANDLE_H

#include "db/conn.h"
#include "db/mariadb.h"
#include "db/stmt.h"
#include "db/url.h"

#define DB_PREPARED_SLOTS 512 /* a power of two */
#define DB_TRIES_MAX 5	      /* of a transaction, or a lone statement */

/* A statement that is prepared on the connection as it is now. */
struct db_prepared {
	const struct db_stmt *stmt; /* NULL: the slot is free */
	MYSQL_STMT *handle;
};

struct db {
	struct db_url url;
	unsigned connect_timeout_s;
	unsigned timeout_s; /* of one statement; 0: none */
	size_t host;	    /* index of the one to try first */
	MYSQL *mysql;	    /* NULL: not connected */

	int64_t backoff_us;  /* 0: the last connect was good */
	int64_t retry_at_us; /* monotonic; no connect before */
	int64_t asked_us;    /* monotonic; when a statement last began */

	/*
	 * A transaction or a lock hangs on this connection, so no other will
	 * do: it is not replaced, and nothing that failed is run again by
	 * itself.  Broken: the server has undone the transaction, or the
	 * connection is gone; nothing more is sent.
	 */
	bool held;
	bool broken;

	/* Open addressing by the address of the struct db_stmt. */
	struct db_prepared prepared[DB_PREPARED_SLOTS];
	size_t n_prepared;

	struct db_counts counts;
};

/* What became of one attempt to have the server do something. */
enum db_outcome {
	DB_DONE = 1,
	DB_FAILED, /* for good: an error for the caller */
	DB_AGAIN,  /* a deadlock: the whole transaction may succeed next time */
	DB_STALE,  /* the server forgot a prepared statement; it did nothing */
	DB_LOST,   /* the connection is closed now */
};

/*
 * Looks up what an error means, logs it unless it is the caller's business,
 * closes the connection where it is of no more use, and marks a transaction
 * broken.  `what` names the statement.  `text`, the server's words, may be
 * NULL.  *ret_err is set except for DB_STALE.
 */
enum db_outcome db_error(struct db *db, const char *what, unsigned code,
    const char *text, enum err *ret_err);

/* Closes the connection and forgets what was prepared on it. */
void db_conn_close(struct db *db);

/* Makes the next db_conn_ensure wait, a little longer each time. */
void db_conn_back_off(struct db *db);

/* Runs a text of ours without results or values, such as COMMIT. */
enum db_outcome db_conn_command(struct db *db, const char *sql,
    enum err *ret_err);

/* Sleeps for a random while, longer with each try, so that rivals part. */
void db_conn_pause(unsigned tries);

/* ---- db/bind.c: values to and from Connector/C's buffers ---------------- */

#define DB_PARAMS_MAX 32
#define DB_COLUMNS_MAX 32

union db_cell {
	uint64_t u64;
	MYSQL_TIME time;
	struct digest digest;
};

struct db_params {
	MYSQL_BIND bind[DB_PARAMS_MAX];
	union db_cell cell[DB_PARAMS_MAX];
};

struct db_result {
	MYSQL_BIND bind[DB_COLUMNS_MAX];
	union db_cell cell[DB_COLUMNS_MAX];
};

/* `in` must live until the statement was executed. */
void db_bind_params(struct db_params *params, const struct db_value *in,
    size_t n_in);
void db_bind_columns(struct db_result *result, const struct db_stmt *stmt);

/*
 * Fetches the next row, of which the caller knows that there is one, into
 * *row, which is zeroed.  ERR_INTERNAL, logged, when a value does not fit
 * its column's type; ERR_LIMIT when the arena is full.
 */
enum err db_bind_fetch(struct db_result *result, const struct db_stmt *stmt,
    MYSQL_STMT *handle, struct arena *arena, void *row) must_check;

#endif
