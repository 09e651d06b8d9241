/* The schema that this build's statements are written for. */
#ifndef T2O_STORE_SCHEMA_H
#define T2O_STORE_SCHEMA_H

#include "db/conn.h"

/* The highest NNNN in sql/. */
#define STORE_SCHEMA_VERSION 4

/*
 * For programs at start, and /readyz.  ERR_CONFLICT, after a log line that
 * names the command to run, when the database has another version;
 * ERR_UNAVAILABLE when it cannot be asked.
 */
enum err store_schema_require(struct db *db) must_check;

#endif
