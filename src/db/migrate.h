/*
 * Schema migrations: sql/NNNN_name.sql, applied in order, each recorded with
 * its SHA-256 in schema_migrations.
 *
 * One at a time on a server: GET_LOCK holds others off.  On Galera, where
 * locks are per node, run it on one node only; DDL is replicated in order.
 */
#ifndef T2O_DB_MIGRATE_H
#define T2O_DB_MIGRATE_H

#include "db/conn.h"

struct db_migration {
	uint64_t version;
	struct str name;    /* "0001_accounts" */
	int64_t applied_us; /* 0: not applied */
	bool edited;	    /* the file is not the one that was applied */
	bool missing;	    /* applied, but there is no such file */
};

/* Files in `dir` and rows in the database, merged by version. */
enum err db_migrate_status(struct db *db, struct arena *arena, const char *dir,
    struct db_migration **ret_list, size_t *ret_n) must_check;

/*
 * Applies what is missing.  ERR_CONFLICT, with a log line, when an applied
 * file was edited, is missing, or one would be applied out of order;
 * ERR_UNAVAILABLE when another run holds the lock for 10 s.
 */
enum err db_migrate_up(struct db *db, struct arena *arena, const char *dir,
    size_t *ret_n_applied) must_check;

/*
 * OK when the newest migration applied is exactly `version`; ERR_CONFLICT,
 * after a log line that names the command to run, when it is not;
 * ERR_UNAVAILABLE when the database cannot be asked.
 */
enum err db_migrate_require(struct db *db, uint64_t version) must_check;

#endif
