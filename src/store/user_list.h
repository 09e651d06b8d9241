/*
 * Lists of users for administrators: searched, sorted, by page or cursor.
 *
 * What page one costs a page by cursor costs, however many users there are:
 * each order is that of a unique index.
 */
#ifndef T2O_STORE_USER_LIST_H
#define T2O_STORE_USER_LIST_H

#include "store/user.h"

enum store_user_order {
	STORE_USER_BY_ID = 1, /* as they signed up */
	STORE_USER_BY_ID_DOWN,
	STORE_USER_BY_USERNAME,
	STORE_USER_BY_USERNAME_DOWN,
	STORE_USER_BY_EMAIL,
	STORE_USER_BY_EMAIL_DOWN,
};

struct store_user_filter {
	struct str prefix; /* of username or email; empty: all */
	enum store_user_order order;
	uint64_t after_id; /* the last of the page before; 0: from the start */
};

/* A user, with the names of their roles, sorted, one a line. */
struct store_listed_user {
	struct store_user user;
	struct str roles;
};

/* Of more matches of a prefix than this, the first by name are looked at. */
#define STORE_USER_MATCHES_MAX 10000

/* `max` at the most, after `offset` that are passed over. */
enum err store_user_search(struct db *db, struct arena *arena,
    const struct store_user_filter *filter, uint64_t offset, size_t max,
    struct store_listed_user **ret_list, size_t *ret_n) must_check;

/* How many there are, after_id aside, but no more than `max`. */
enum err store_user_count(struct db *db, struct arena *arena, struct str prefix,
    uint64_t max, uint64_t *ret_n) must_check;

extern const struct db_stmt store_user_list_statements[];
extern const size_t store_user_list_n_statements;

#endif
