#include "core/base.h"

#include "store/permission.h"
#include "store/private.h"

static const struct db_column permission_columns[] = {
    DB_COLUMN(struct store_permission, id, DB_U64),
    DB_COLUMN(struct store_permission, name, DB_TEXT),
};

static const struct db_column access_columns[] = {
    DB_COLUMN(struct store_access, permission, DB_TEXT),
    DB_COLUMN(struct store_access, role, DB_TEXT),
};

enum {
	LIST,
	GET,
	BY_NAME,
	ADD,
	DELETE,
	GIVE,
	TAKE,
	EXPLAIN,
};

const struct db_stmt store_permission_statements[] = {
    [LIST] =
	{
	    .name = "permission_list",
	    .sql = "SELECT id, name FROM permissions ORDER BY name LIMIT ?",
	    .n_in = 1,
	    DB_ROW(permission_columns, struct store_permission),
	},
    [GET] =
	{
	    .name = "permission_get",
	    .sql = "SELECT id, name FROM permissions WHERE id = ?",
	    .n_in = 1,
	    DB_ROW(permission_columns, struct store_permission),
	},
    [BY_NAME] =
	{
	    .name = "permission_by_name",
	    .sql = "SELECT id, name FROM permissions WHERE name = ?",
	    .n_in = 1,
	    DB_ROW(permission_columns, struct store_permission),
	},
    [ADD] =
	{
	    .name = "permission_add",
	    .sql = "INSERT INTO permissions (name) VALUES (?)",
	    .n_in = 1,
	},
    [DELETE] =
	{
	    .name = "permission_delete",
	    .sql = "DELETE FROM permissions WHERE id = ?",
	    .n_in = 1,
	},
    [GIVE] =
	{
	    .name = "permission_give",
	    .sql = "INSERT INTO role_permissions (role_id, permission_id)"
		   " VALUES (?, ?)",
	    .n_in = 2,
	},
    [TAKE] =
	{
	    .name = "permission_take",
	    .sql = "DELETE FROM role_permissions"
		   " WHERE role_id = ? AND permission_id = ?",
	    .n_in = 2,
	},
    [EXPLAIN] =
	{
	    .name = "permission_explain",
	    .sql = "SELECT p.name, r.name FROM user_roles ur"
		   " JOIN roles r ON r.id = ur.role_id"
		   " JOIN role_permissions rp ON rp.role_id = r.id"
		   " JOIN permissions p ON p.id = rp.permission_id"
		   " WHERE ur.user_id = ? ORDER BY p.name, r.name LIMIT ?",
	    .n_in = 2,
	    DB_ROW(access_columns, struct store_access),
	},
};
const size_t store_permission_n_statements = ARRAY_LEN(
    store_permission_statements);

static const struct db_stmt *const sql = store_permission_statements;

enum err store_permission_list(struct db *db, struct arena *arena, size_t max,
    struct store_permission **ret_list, size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST], DB_IN(db_u64(max + 1)), arena, max,
	    ret_list, ret_n);
}

enum err store_permission_get(struct db *db, struct arena *arena, uint64_t id,
    struct store_permission *ret)
{
	return db_stmt_one(db, &sql[GET], DB_IN(db_u64(id)), arena, ret);
}

enum err store_permission_by_name(struct db *db, struct arena *arena,
    struct str name, struct store_permission *ret)
{
	return db_stmt_one(db, &sql[BY_NAME], DB_IN(db_text(name)), arena, ret);
}

enum err store_permission_add(struct db *db, struct str name, uint64_t *ret_id)
{
	return db_stmt_insert(db, &sql[ADD], DB_IN(db_text(name)), ret_id);
}

enum err store_permission_delete(struct db *db, uint64_t id)
{
	return store_change_found(db, &sql[DELETE], DB_IN(db_u64(id)));
}

enum err store_permission_give(struct db *db, uint64_t role_id,
    uint64_t permission_id)
{
	return db_stmt_run(db, &sql[GIVE],
	    DB_IN(db_u64(role_id), db_u64(permission_id)));
}

enum err store_permission_take(struct db *db, uint64_t role_id,
    uint64_t permission_id)
{
	return store_change_found(db, &sql[TAKE],
	    DB_IN(db_u64(role_id), db_u64(permission_id)));
}

enum err store_permission_explain(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_access **ret_list, size_t *ret_n)
{
	return db_stmt_all(db, &sql[EXPLAIN],
	    DB_IN(db_u64(user_id), db_u64(max + 1)), arena, max, ret_list,
	    ret_n);
}
