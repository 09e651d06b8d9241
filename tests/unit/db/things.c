#include "core/base.h"

#include "things.h"
#include "unit.h"

#define ARENA_MAX (1 << 20)

struct thing_scene scene;

const struct db_column thing_columns[THING_COLUMNS] = {
    DB_COLUMN(struct thing, id, DB_U64),
    DB_COLUMN(struct thing, n, DB_U64),
    DB_COLUMN(struct thing, flag, DB_BOOL),
    DB_COLUMN(struct thing, name, DB_TEXT),
    DB_COLUMN(struct thing, secret, DB_SECRET),
    DB_COLUMN(struct thing, hash, DB_DIGEST),
    DB_COLUMN(struct thing, at_us, DB_TIME),
};

const struct db_stmt things[] = {
    [THING_INSERT] =
	{
	    .name = "insert",
	    .sql = "INSERT INTO things (n, flag, name, secret, hash, at)"
		   " VALUES (?, ?, ?, ?, ?, ?)",
	    .n_in = 6,
	},
    [THING_GET] =
	{
	    .name = "get",
	    .sql = "SELECT id, n, flag, name, secret, hash, at FROM things"
		   " WHERE id = ?",
	    .n_in = 1,
	    DB_ROW(thing_columns, struct thing),
	},
    [THING_LIST] =
	{
	    .name = "list",
	    .sql = "SELECT id, n, flag, name, secret, hash, at FROM things"
		   " WHERE n >= ? ORDER BY id",
	    .n_in = 1,
	    DB_ROW(thing_columns, struct thing),
	},
    [THING_RENAME] =
	{
	    .name = "rename",
	    .sql = "UPDATE things SET name = ? WHERE name = ?",
	    .n_in = 2,
	},
    [THING_DELETE_RETURNING] =
	{
	    .name = "delete_returning",
	    .sql = "DELETE FROM things WHERE hash = ?"
		   " RETURNING id, n, flag, name, secret, hash, at",
	    .n_in = 1,
	    DB_ROW(thing_columns, struct thing),
	},
    [THING_INSERT_PART] =
	{
	    .name = "insert_part",
	    .sql = "INSERT INTO parts (thing_id) VALUES (?)",
	    .n_in = 1,
	},
};

void things_set_up(void)
{
	scene.t = test_database_new_empty("stmt");
	scene.arena = arena_new(ARENA_MAX);
	test_database_exec(scene.t,
	    "CREATE TABLE things ("
	    " id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,"
	    " n BIGINT UNSIGNED, flag BOOLEAN,"
	    " name VARCHAR(500) UNIQUE, secret VARBINARY(100),"
	    " hash BINARY(32), at DATETIME(6)"
	    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
	test_database_exec(scene.t,
	    "CREATE TABLE parts ("
	    " thing_id BIGINT UNSIGNED PRIMARY KEY,"
	    " FOREIGN KEY (thing_id) REFERENCES things (id)) ENGINE=InnoDB");
}

void things_tear_down(void)
{
	arena_free(&scene.arena);
	test_database_free(&scene.t);
}

struct digest things_hash(const char *z)
{
	struct digest d;

	crypto_sha256(z, strlen(z), &d);
	return d;
}

uint64_t things_insert(const char *name)
{
	struct digest hash = things_hash(name);
	uint64_t id;

	assert_ok(db_stmt_insert(scene.t->db, &things[THING_INSERT],
	    DB_IN(db_u64(1), db_bool(true), db_text(str_of(name)), db_null(),
		db_digest(&hash), db_null()),
	    &id));
	return id;
}

enum err things_get(uint64_t id, struct thing *ret)
{
	return db_stmt_one(scene.t->db, &things[THING_GET], DB_IN(db_u64(id)),
	    scene.arena, ret);
}
