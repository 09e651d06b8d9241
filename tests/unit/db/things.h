/* A table with a column of each type, and statements for it. */
#ifndef T2O_TESTS_UNIT_DB_THINGS_H
#define T2O_TESTS_UNIT_DB_THINGS_H

#include "core/arena.h"
#include "database.h"
#include "db/stmt.h"

struct thing {
	uint64_t id;
	uint64_t n;
	bool flag;
	struct str name;
	struct secret_str secret;
	struct digest hash;
	int64_t at_us;
};

#define THING_COLUMNS 7
extern const struct db_column thing_columns[THING_COLUMNS];

enum {
	THING_INSERT,		/* n, flag, name, secret, hash, at */
	THING_GET,		/* id */
	THING_LIST,		/* least n */
	THING_RENAME,		/* new name, old name */
	THING_DELETE_RETURNING, /* hash */
	THING_INSERT_PART,	/* thing_id, a foreign key */
};

extern const struct db_stmt things[];

/* A checked fixture: an empty table, and an arena. */
struct thing_scene {
	struct test_database *t;
	struct arena *arena;
};

extern struct thing_scene scene;

void things_set_up(void);
void things_tear_down(void);

struct digest things_hash(const char *z);

/* A row with n 1, flag true and the name's hash; returns its id. */
uint64_t things_insert(const char *name);

enum err things_get(uint64_t id, struct thing *ret);

#endif
