/* Permissions, and which roles hold them. */
#ifndef T2O_STORE_PERMISSION_H
#define T2O_STORE_PERMISSION_H

#include "db/stmt.h"

struct store_permission {
	uint64_t id;
	struct str name;
};

/* All, sorted by name; ERR_LIMIT when there are more than `max`. */
enum err store_permission_list(struct db *db, struct arena *arena, size_t max,
    struct store_permission **ret_list, size_t *ret_n) must_check;

enum err store_permission_get(struct db *db, struct arena *arena, uint64_t id,
    struct store_permission *ret) must_check;
enum err store_permission_by_name(struct db *db, struct arena *arena,
    struct str name, struct store_permission *ret) must_check;

/* ERR_CONFLICT when the name is taken, whatever its case. */
enum err store_permission_add(struct db *db, struct str name,
    uint64_t *ret_id) must_check;

/* And from every role; ERR_NOT_FOUND. */
enum err store_permission_delete(struct db *db, uint64_t id) must_check;

/* ERR_CONFLICT when the role holds it already. */
enum err store_permission_give(struct db *db, uint64_t role_id,
    uint64_t permission_id) must_check;

/* ERR_NOT_FOUND when the role does not hold it. */
enum err store_permission_take(struct db *db, uint64_t role_id,
    uint64_t permission_id) must_check;

/* One permission of a user's, and a role through which it comes. */
struct store_access {
	struct str permission;
	struct str role;
};

/* Sorted; ERR_LIMIT when there are more than `max`. */
enum err store_permission_explain(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_access **ret_list,
    size_t *ret_n) must_check;

extern const struct db_stmt store_permission_statements[];
extern const size_t store_permission_n_statements;

#endif
