/* Recovery codes: what is left of them, as SHA-256. */
#ifndef T2O_STORE_RECOVERY_H
#define T2O_STORE_RECOVERY_H

#include "db/stmt.h"

enum err store_recovery_add(struct db *db, uint64_t user_id,
    const struct digest *code, int64_t now_us) must_check;

/*
 * Uses one up, with one statement, so that of many who try at once exactly one
 * succeeds.  ERR_NOT_FOUND when the user has no such code.
 */
enum err store_recovery_redeem(struct db *db, uint64_t user_id,
    const struct digest *code) must_check;

/* How many a user has left. */
enum err store_recovery_count(struct db *db, struct arena *arena,
    uint64_t user_id, uint64_t *ret_n) must_check;

/* All of a user; OK also when there are none. */
enum err store_recovery_delete_of(struct db *db, uint64_t user_id) must_check;

extern const struct db_stmt store_recovery_statements[];
extern const size_t store_recovery_n_statements;

#endif
