/* Counters that hold across workers and hosts. */
#ifndef T2O_STORE_THROTTLE_H
#define T2O_STORE_THROTTLE_H

#include "db/stmt.h"

struct store_throttle {
	uint64_t hits;	   /* in the window that began at window_us */
	uint64_t penalty;  /* how often it was blocked since it was forgotten */
	int64_t window_us; /* 0: none yet */
	int64_t blocked_us; /* until then; 0: never was */
};

/* ERR_NOT_FOUND for a bucket that is not there or has expired. */
enum err store_throttle_get(struct db *db, struct arena *arena,
    const struct digest *bucket, int64_t now_us,
    struct store_throttle *ret) must_check;

/*
 * Locks the bucket's row until the transaction ends, making it if need be,
 * and reads it (zeroes when new or expired).
 */
enum err store_throttle_lock(struct db *db, struct arena *arena,
    const struct digest *bucket, int64_t now_us,
    struct store_throttle *ret) must_check;

/* Writes what was locked; ERR_NOT_FOUND if nothing.  Forgotten at expires_us.
 */
enum err store_throttle_put(struct db *db, const struct digest *bucket,
    const struct store_throttle *state, int64_t expires_us) must_check;

/* Forgets; OK also when there is none. */
enum err store_throttle_clear(struct db *db,
    const struct digest *bucket) must_check;

/* A bucket as far as it tells: whose it is it does not. */
struct store_bucket {
	struct str name; /* its hash in hex */
	uint64_t hits;
	uint64_t penalty;
	int64_t blocked_us;
	int64_t expires_us;
};

/* Those that have not expired, the longest blocked first. */
enum err store_throttle_list(struct db *db, struct arena *arena, int64_t now_us,
    size_t max, struct store_bucket **ret_list, size_t *ret_n) must_check;

extern const struct db_stmt store_throttle_statements[];
extern const size_t store_throttle_n_statements;

#endif
