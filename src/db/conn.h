/*
 * One connection to MariaDB, kept for the life of a process.
 *
 * It is opened when first needed and again after it was lost, with a back-off
 * (so that a dead server costs a request nothing but a 503) and time-outs on
 * connect, read and write.  Statements are prepared on first use and again
 * after a reconnect.  SQL mode strict, time zone UTC, READ COMMITTED,
 * LOCAL INFILE off.
 */
#ifndef T2O_DB_CONN_H
#define T2O_DB_CONN_H

#include "core/app.h"

struct db;

/*
 * Does not connect.  ERR_INVALID, with a log line, when config's
 * DATABASE_URL is not of the form
 * mysql://user:password@host[,host…][:port]/name[?socket=PATH&ssl_ca=PATH]
 * (db/url.h).  `config` is not kept.
 *
 * The hosts are tried in turn, and the one that answers is kept until it
 * fails.  With ssl_ca, TLS is required, and the certificate must be of that
 * CA and for the host's name.  "localhost" without a port is MariaDB's usual
 * Unix socket.
 */
enum err db_conn_new(const struct config *config,
    struct db **ret_db) must_check;
void db_conn_free(struct db **db);

/*
 * Connects if that is needed.  ERR_UNAVAILABLE at once while the back-off
 * (100 ms doubling to 5 s) runs; each db/stmt.h call does this by itself.
 */
enum err db_conn_ensure(struct db *db) must_check;

/*
 * Runs `body` in one transaction: begins, commits when it returns OK, rolls
 * back otherwise and returns its error.  A deadlock (1213), a lock time-out
 * (1205) or a failed Galera certification, also at COMMIT, or a connection
 * lost before COMMIT runs the whole body again, 5 times at the most with a
 * short random pause: it must not keep anything from an earlier run.
 * ERR_UNAVAILABLE when that did not help; after a connection lost at COMMIT
 * whether it took effect is not known, and the caller must not say that it
 * did.  Transactions do not nest.
 */
enum err db_conn_transact(struct db *db,
    enum err (*body)(struct db *db, void *arg), void *arg) must_check;

/* What a connection has done since db_conn_new; for tests and benchmarks. */
struct db_counts {
	uint64_t connects;
	uint64_t statements; /* executed; START TRANSACTION and COMMIT apart */
	uint64_t commits;    /* of transactions, and of writes outside one */
};
struct db_counts db_conn_counts(const struct db *db);

#endif
