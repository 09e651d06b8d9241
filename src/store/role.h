/* Roles and permissions. */
#ifndef T2O_STORE_ROLE_H
#define T2O_STORE_ROLE_H

#include "db/stmt.h"

/* What everyone who signs up gets. */
#define STORE_ROLE_DEFAULT STR("User")

/* What a new permission is given to. */
#define STORE_ROLE_SUPER_ADMIN STR("Super Admin")

struct store_role {
	uint64_t id;
	struct str name;
	struct str permissions; /* sorted names, one a line */
};

/* All, sorted by name; ERR_LIMIT when there are more than `max`. */
enum err store_role_list(struct db *db, struct arena *arena, size_t max,
    struct store_role **ret_list, size_t *ret_n) must_check;

enum err store_role_get(struct db *db, struct arena *arena, uint64_t id,
    struct store_role *ret) must_check;
enum err store_role_by_name(struct db *db, struct arena *arena, struct str name,
    struct store_role *ret) must_check;

/* ERR_CONFLICT when the name is taken, whatever its case. */
enum err store_role_add(struct db *db, struct str name,
    uint64_t *ret_id) must_check;

/* And from every user; ERR_NOT_FOUND. */
enum err store_role_delete(struct db *db, uint64_t id) must_check;

/* ERR_NOT_FOUND for an unknown role; ERR_CONFLICT when it is held already. */
enum err store_role_grant(struct db *db, uint64_t user_id,
    struct str role_name) must_check;

/* ERR_NOT_FOUND when the user does not hold it. */
enum err store_role_revoke(struct db *db, uint64_t user_id,
    struct str role_name) must_check;

/*
 * Counts the enabled users who hold `permission` through roles, in a
 * transaction that takes it from somebody, before or after it did: no two such
 * transactions are past this call at once, on a cluster included, so the last
 * holder cannot be lost to a race.  0 for an unknown permission.
 */
enum err store_role_count_holders(struct db *db, struct arena *arena,
    struct str permission, uint64_t *ret_n) must_check;

/* All that a user's roles permit, sorted, one a line; empty for nothing. */
enum err store_role_permissions_of(struct db *db, struct arena *arena,
    uint64_t user_id, struct str *ret_permissions) must_check;

/* A user's role names, sorted, one a line; empty for none. */
enum err store_role_names_of(struct db *db, struct arena *arena,
    uint64_t user_id, struct str *ret_names) must_check;

extern const struct db_stmt store_role_statements[];
extern const size_t store_role_n_statements;

#endif
