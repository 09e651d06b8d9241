#include "core/base.h"

#include "store/private.h"
#include "store/role.h"

static const struct db_column count_columns[] = {{DB_U64, 0}};
static const struct db_column names_columns[] = {{DB_TEXT, 0}};

static const struct db_column role_columns[] = {
    DB_COLUMN(struct store_role, id, DB_U64),
    DB_COLUMN(struct store_role, name, DB_TEXT),
    DB_COLUMN(struct store_role, permissions, DB_TEXT),
};

#define ROLE_SQL                                                               \
	"SELECT r.id, r.name, COALESCE((SELECT GROUP_CONCAT(p.name"            \
	" ORDER BY p.name SEPARATOR '\n') FROM role_permissions rp"            \
	" JOIN permissions p ON p.id = rp.permission_id"                       \
	" WHERE rp.role_id = r.id), '') FROM roles r"

enum {
	ROLES,
	GET,
	BY_NAME,
	ADD,
	DELETE,
	GRANT,
	REVOKE,
	LOCK_HOLDERS,
	COUNT_HOLDERS,
	PERMISSIONS_OF,
	NAMES_OF,
};

const struct db_stmt store_role_statements[] = {
    [ROLES] =
	{
	    .name = "role_list",
	    .sql = ROLE_SQL " ORDER BY r.name LIMIT ?",
	    .n_in = 1,
	    DB_ROW(role_columns, struct store_role),
	},
    [GET] =
	{
	    .name = "role_get",
	    .sql = ROLE_SQL " WHERE r.id = ?",
	    .n_in = 1,
	    DB_ROW(role_columns, struct store_role),
	},
    [BY_NAME] =
	{
	    .name = "role_by_name",
	    .sql = ROLE_SQL " WHERE r.name = ?",
	    .n_in = 1,
	    DB_ROW(role_columns, struct store_role),
	},
    [ADD] =
	{
	    .name = "role_add",
	    .sql = "INSERT INTO roles (name) VALUES (?)",
	    .n_in = 1,
	},
    [DELETE] =
	{
	    .name = "role_delete",
	    .sql = "DELETE FROM roles WHERE id = ?",
	    .n_in = 1,
	},
    [GRANT] =
	{
	    .name = "role_grant",
	    .sql = "INSERT INTO user_roles (user_id, role_id)"
		   " SELECT ?, id FROM roles WHERE name = ?",
	    .n_in = 2,
	},
    [REVOKE] =
	{
	    .name = "role_revoke",
	    .sql = "DELETE FROM user_roles WHERE user_id = ?"
		   " AND role_id = (SELECT id FROM roles WHERE name = ?)",
	    .n_in = 2,
	},
    [LOCK_HOLDERS] =
	{
	    .name = "role_lock_holders",
	    .sql =
		"UPDATE permissions SET holders_changes = holders_changes + 1"
		" WHERE name = ?",
	    .n_in = 1,
	},
    [COUNT_HOLDERS] =
	{
	    .name = "role_count_holders",
	    .sql = "SELECT COUNT(DISTINCT u.id) FROM permissions p"
		   " JOIN role_permissions rp ON rp.permission_id = p.id"
		   " JOIN user_roles ur ON ur.role_id = rp.role_id"
		   " JOIN users u ON u.id = ur.user_id"
		   " WHERE p.name = ? AND u.disabled_at IS NULL",
	    .n_in = 1,
	    DB_ROW(count_columns, uint64_t),
	},
    [PERMISSIONS_OF] =
	{
	    .name = "role_permissions_of",
	    .sql = "SELECT COALESCE(GROUP_CONCAT(DISTINCT p.name"
		   " ORDER BY p.name SEPARATOR '\n'), '')"
		   " FROM user_roles ur"
		   " JOIN role_permissions rp ON rp.role_id = ur.role_id"
		   " JOIN permissions p ON p.id = rp.permission_id"
		   " WHERE ur.user_id = ?",
	    .n_in = 1,
	    DB_ROW(names_columns, struct str),
	},
    [NAMES_OF] =
	{
	    .name = "role_names_of",
	    .sql = "SELECT COALESCE(GROUP_CONCAT(r.name"
		   " ORDER BY r.name SEPARATOR '\n'), '')"
		   " FROM user_roles ur JOIN roles r ON r.id = ur.role_id"
		   " WHERE ur.user_id = ?",
	    .n_in = 1,
	    DB_ROW(names_columns, struct str),
	},
};
const size_t store_role_n_statements = ARRAY_LEN(store_role_statements);

static const struct db_stmt *const sql = store_role_statements;

enum err store_role_list(struct db *db, struct arena *arena, size_t max,
    struct store_role **ret_list, size_t *ret_n)
{
	return db_stmt_all(db, &sql[ROLES], DB_IN(db_u64(max + 1)), arena, max,
	    ret_list, ret_n);
}

enum err store_role_get(struct db *db, struct arena *arena, uint64_t id,
    struct store_role *ret)
{
	return db_stmt_one(db, &sql[GET], DB_IN(db_u64(id)), arena, ret);
}

enum err store_role_by_name(struct db *db, struct arena *arena, struct str name,
    struct store_role *ret)
{
	return db_stmt_one(db, &sql[BY_NAME], DB_IN(db_text(name)), arena, ret);
}

enum err store_role_add(struct db *db, struct str name, uint64_t *ret_id)
{
	return db_stmt_insert(db, &sql[ADD], DB_IN(db_text(name)), ret_id);
}

enum err store_role_delete(struct db *db, uint64_t id)
{
	return store_change_found(db, &sql[DELETE], DB_IN(db_u64(id)));
}

enum err store_role_grant(struct db *db, uint64_t user_id, struct str role_name)
{
	return store_change_found(db, &sql[GRANT],
	    DB_IN(db_u64(user_id), db_text(role_name)));
}

enum err store_role_revoke(struct db *db, uint64_t user_id,
    struct str role_name)
{
	return store_change_found(db, &sql[REVOKE],
	    DB_IN(db_u64(user_id), db_text(role_name)));
}

/*
 * The permission's row is the lock: who changes it has seen, since READ
 * COMMITTED reads afresh, what the one before committed.  Changing it, where
 * SELECT … FOR UPDATE would only hold it, also makes a Galera cluster refuse
 * the second of two that ran on different nodes.
 */
enum err store_role_count_holders(struct db *db, struct arena *arena,
    struct str permission, uint64_t *ret_n)
{
	enum err err = db_stmt_run(db, &sql[LOCK_HOLDERS],
	    DB_IN(db_text(permission)));

	if (err != OK)
		return err;
	return db_stmt_one(db, &sql[COUNT_HOLDERS], DB_IN(db_text(permission)),
	    arena, ret_n);
}

enum err store_role_names_of(struct db *db, struct arena *arena,
    uint64_t user_id, struct str *ret_names)
{
	return db_stmt_one(db, &sql[NAMES_OF], DB_IN(db_u64(user_id)), arena,
	    ret_names);
}

enum err store_role_permissions_of(struct db *db, struct arena *arena,
    uint64_t user_id, struct str *ret_permissions)
{
	return db_stmt_one(db, &sql[PERMISSIONS_OF], DB_IN(db_u64(user_id)),
	    arena, ret_permissions);
}
