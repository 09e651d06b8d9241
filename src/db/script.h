/* What migrations need of a connection, and nothing else may use. */
#ifndef T2O_DB_SCRIPT_H
#define T2O_DB_SCRIPT_H

#include "db/conn.h"

/*
 * A connection of its own, without time-outs on statements, that is held until
 * db_conn_release: migrations last, and hang on a lock.  It is not replaced
 * when it is lost; what is run then fails with ERR_UNAVAILABLE.
 */
enum err db_conn_hold(struct db *db) must_check;
void db_conn_release(struct db *db);

/*
 * Runs a text of several statements on a held connection.  Stops at the first
 * that fails, whose number in the file is logged.
 */
enum err db_script_run(struct db *db, struct str file,
    struct str sql) must_check;

#endif
