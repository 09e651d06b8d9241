/* The networks that users have logged in from. */
#ifndef T2O_STORE_NETWORK_H
#define T2O_STORE_NETWORK_H

#include "db/stmt.h"

enum store_network_news {
	STORE_NETWORK_KNOWN = 1,
	STORE_NETWORK_FIRST, /* of this user's at all */
	STORE_NETWORK_NEW,   /* and there are others */
};

/* Notes that a user came from there, and says whether that is new. */
enum err store_network_note(struct db *db, struct arena *arena,
    uint64_t user_id, const struct digest *network, int64_t now_us,
    enum store_network_news *ret_news) must_check;

/* When a user was last seen in each, newest first, `max` at the most. */
enum err store_network_list(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, int64_t **ret_seen_us,
    size_t *ret_n) must_check;

extern const struct db_stmt store_network_statements[];
extern const size_t store_network_n_statements;

#endif
