#include "core/base.h"

#include "core/buf.h"
#include "core/log.h"
#include "db/file.h"
#include "db/migrate.h"
#include "db/script.h"
#include "db/stmt.h"

#define MIGRATIONS_MAX 1000

/* A row of schema_migrations. */
struct applied {
	uint64_t version;
	struct str name;
	struct digest checksum;
	int64_t applied_us;
};

struct count {
	uint64_t n;
};

static const struct db_column applied_columns[] = {
    DB_COLUMN(struct applied, version, DB_U64),
    DB_COLUMN(struct applied, name, DB_TEXT),
    DB_COLUMN(struct applied, checksum, DB_DIGEST),
    DB_COLUMN(struct applied, applied_us, DB_TIME),
};

static const struct db_column count_columns[] = {
    DB_COLUMN(struct count, n, DB_U64),
};

static const struct db_stmt create = {
    .name = "migrate_create",
    .sql = "CREATE TABLE IF NOT EXISTS schema_migrations ("
	   " version BIGINT UNSIGNED NOT NULL PRIMARY KEY,"
	   " name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
	   " checksum BINARY(32) NOT NULL,"
	   " applied_at DATETIME(6) NOT NULL"
	   ") ENGINE=InnoDB",
};

static const struct db_stmt exists = {
    .name = "migrate_exists",
    .sql = "SELECT COUNT(*) FROM information_schema.tables"
	   " WHERE table_schema = DATABASE()"
	   " AND table_name = 'schema_migrations'",
    DB_ROW(count_columns, struct count),
};

static const struct db_stmt lock = {
    .name = "migrate_lock",
    .sql = "SELECT COALESCE("
	   "GET_LOCK(CONCAT('t2o_migrate_', SHA1(DATABASE())), 10), 0)",
    DB_ROW(count_columns, struct count),
};

static const struct db_stmt list = {
    .name = "migrate_list",
    .sql = "SELECT version, name, checksum, applied_at"
	   " FROM schema_migrations ORDER BY version",
    DB_ROW(applied_columns, struct applied),
};

static const struct db_stmt record = {
    .name = "migrate_record",
    .sql = "INSERT INTO schema_migrations"
	   " (version, name, checksum, applied_at)"
	   " VALUES (?, ?, ?, UTC_TIMESTAMP(6))",
    .n_in = 3,
};

static const struct db_stmt newest = {
    .name = "migrate_newest",
    .sql = "SELECT COALESCE(MAX(version), 0) FROM schema_migrations",
    DB_ROW(count_columns, struct count),
};

/* ---- files and rows, merged --------------------------------------------- */

static enum err is_there(struct db *db, bool *ret)
{
	struct count count;
	enum err err = db_stmt_one(db, &exists, DB_NO_IN, NULL, &count);

	if (err == OK)
		*ret = count.n > 0;
	return err;
}

static enum err list_applied(struct db *db, struct arena *arena,
    struct applied **ret_rows, size_t *ret_n)
{
	bool there = false;
	enum err err = is_there(db, &there);

	if (err != OK)
		return err;
	if (there)
		return db_stmt_all(db, &list, DB_NO_IN, arena, MIGRATIONS_MAX,
		    ret_rows, ret_n);
	*ret_rows = NULL;
	*ret_n = 0;
	return OK;
}

/* Either may be NULL, never both. */
static enum err merge_one(const char *dir, const struct db_file *file,
    const struct applied *row, struct db_migration *ret)
{
	struct digest checksum;
	enum err err;

	ret->version = file != NULL ? file->version : row->version;
	ret->name = file != NULL ? file->name : row->name;
	ret->applied_us = row != NULL ? row->applied_us : 0;
	ret->missing = file == NULL;
	ret->edited = false;
	if (file == NULL || row == NULL)
		return OK;
	err = db_file_checksum(dir, file->name, &checksum);
	if (err == OK)
		ret->edited = !str_eq(file->name, row->name) ||
		    !crypto_equal(&checksum, &row->checksum, sizeof(checksum));
	return err;
}

enum err db_migrate_status(struct db *db, struct arena *arena, const char *dir,
    struct db_migration **ret_list, size_t *ret_n)
{
	struct applied *rows;
	struct db_file *files;
	struct db_migration *merged;
	size_t n_rows, n_files, r = 0, f = 0, n = 0;
	enum err err;

	if ((err = db_file_list(arena, dir, &files, &n_files)) != OK ||
	    (err = list_applied(db, arena, &rows, &n_rows)) != OK)
		return err;
	merged = arena_array(arena, MAX_OF(n_files + n_rows, 1),
	    sizeof(*merged));
	if (merged == NULL)
		return ERR_LIMIT;
	while (f < n_files || r < n_rows) {
		bool file = f < n_files &&
		    (r == n_rows || files[f].version <= rows[r].version);
		bool row = r < n_rows &&
		    (f == n_files || rows[r].version <= files[f].version);

		err = merge_one(dir, file ? &files[f] : NULL,
		    row ? &rows[r] : NULL, &merged[n++]);
		if (err != OK)
			return err;
		f += file;
		r += row;
	}
	*ret_list = merged;
	*ret_n = n;
	return OK;
}

/* ---- applying ----------------------------------------------------------- */

/* NULL when all is in order: 1, 2, 3 …, what is applied before what is not. */
static const char *problem(const struct db_migration *m, size_t i)
{
	if (m[i].missing)
		return "it was applied, and its file is missing: is this "
		       "program older than the database?";
	if (m[i].edited)
		return "its file was edited after it was applied";
	if (m[i].version != i + 1)
		return "there is a gap before it";
	if (i > 0 && m[i].applied_us != 0 && m[i - 1].applied_us == 0)
		return "it was applied before the one that precedes it";
	return NULL;
}

static enum err check(const struct db_migration *m, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *why = problem(m, i);

		if (why == NULL)
			continue;
		log_at(LOG_ERROR, "nothing is migrated",
		    LOG_STR("migration", m[i].name), LOG_Z("problem", why));
		return ERR_CONFLICT;
	}
	return OK;
}

static enum err apply(struct db *db, const char *dir,
    const struct db_migration *m)
{
	struct digest checksum;
	struct buf text;
	enum err err;

	buf_init(&text, DB_FILE_SIZE_MAX);
	err = db_file_read(dir, m->name, &text, &checksum);
	if (err == OK)
		err = db_script_run(db, m->name, buf_str(&text));
	if (err == OK)
		err = db_stmt_run(db, &record,
		    DB_IN(db_u64(m->version), db_text(m->name),
			db_digest(&checksum)));
	buf_done(&text);
	if (err == OK)
		log_at(LOG_INFO, "migrated", LOG_STR("migration", m->name));
	return err;
}

static enum err take_lock(struct db *db)
{
	struct count got;
	enum err err = db_stmt_one(db, &lock, DB_NO_IN, NULL, &got);

	if (err != OK || got.n == 1)
		return err;
	log_plain(LOG_ERROR, "another migration is running");
	return ERR_UNAVAILABLE;
}

/* On a held connection: the lock ends with it. */
static enum err migrate(struct db *db, struct arena *arena, const char *dir,
    size_t *ret_n_applied)
{
	struct db_migration *m;
	size_t n, n_applied = 0;
	enum err err;

	if ((err = take_lock(db)) != OK ||
	    (err = db_stmt_run(db, &create, DB_NO_IN)) != OK ||
	    (err = db_migrate_status(db, arena, dir, &m, &n)) != OK ||
	    (err = check(m, n)) != OK)
		return err;
	for (size_t i = 0; i < n; i++) {
		if (m[i].applied_us != 0)
			continue;
		err = apply(db, dir, &m[i]);
		if (err != OK)
			return err;
		n_applied++;
	}
	*ret_n_applied = n_applied;
	return OK;
}

enum err db_migrate_up(struct db *db, struct arena *arena, const char *dir,
    size_t *ret_n_applied)
{
	enum err err = db_conn_hold(db);

	if (err != OK)
		return err;
	err = migrate(db, arena, dir, ret_n_applied);
	db_conn_release(db);
	return err;
}

enum err db_migrate_require(struct db *db, uint64_t version)
{
	struct count applied = {0};
	bool there = false;
	enum err err = is_there(db, &there);

	if (err == OK && there)
		err = db_stmt_one(db, &newest, DB_NO_IN, NULL, &applied);
	if (err != OK)
		return err;
	if (applied.n == version)
		return OK;
	log_at(LOG_ERROR,
	    applied.n < version
		? "the database's schema is too old"
		: "the database's schema is newer than this program",
	    LOG_Z("advice",
		applied.n < version ? "run: t2octl migrate up"
				    : "install the newer t2o here"));
	return ERR_CONFLICT;
}
