/*
 * What nobody will ask for again: expired sessions, tokens and counters, mail
 * that was sent long ago, changes of address that cannot be undone any more,
 * networks not seen for a year.
 *
 * Deleted in small batches, each committed by itself, so that nobody waits
 * for a lock and a cluster never certifies a large write set.
 */
#ifndef T2O_STORE_HOUSEKEEP_H
#define T2O_STORE_HOUSEKEEP_H

#include "db/stmt.h"

struct store_chore {
	const char *name; /* of the table, for people */
	int64_t keep_s;	  /* how long after it was of use */
};

/* The i-th, or NULL behind the last. */
const struct store_chore *store_housekeep_chore(size_t i);

/* Deletes up to `max` rows of the i-th; how many there were. */
enum err store_housekeep_delete(struct db *db, size_t i, int64_t now_us,
    size_t max, uint64_t *ret_n) must_check;

extern const struct db_stmt store_housekeep_statements[];
extern const size_t store_housekeep_n_statements;

#endif
