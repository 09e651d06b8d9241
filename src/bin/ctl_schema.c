/* t2octl migrate …, check-sql */
#include "core/base.h"

#include "bin/ctl.h"
#include "db/migrate.h"
#include "store/statements.h"

static const char *dir_of(const struct ctl *ctl)
{
	return ctl->options->dir != NULL ? ctl->options->dir : T2O_SQL_DIR;
}

int ctl_schema_up(struct ctl *ctl)
{
	size_t n;
	enum err err = db_migrate_up(ctl->app->db, ctl->arena, dir_of(ctl), &n);

	if (err != OK)
		return ctl_fail(err, "migrate up",
		    err == ERR_CONFLICT ? "see the line above" : NULL);
	printf(n == 0 ? "nothing to do\n" : "%zu applied\n", n);
	return EXIT_DONE;
}

struct shown_migration {
	struct str name;
	struct str state;
	int64_t applied_us;
};

static const struct ctl_column migration_columns[] = {
    {"MIGRATION", "migration", CTL_TEXT,
	offsetof(struct shown_migration, name)},
    {"STATE", "state", CTL_TEXT, offsetof(struct shown_migration, state)},
    {"APPLIED", "applied_at", CTL_TIME,
	offsetof(struct shown_migration, applied_us)},
};

static const char *state_of(const struct db_migration *m)
{
	if (m->missing)
		return "file missing";
	if (m->edited)
		return "edited after it was applied";
	return m->applied_us != 0 ? "applied" : "to do";
}

int ctl_schema_status(struct ctl *ctl)
{
	struct db_migration *list;
	struct shown_migration *rows;
	size_t n;
	enum err err = db_migrate_status(ctl->app->db, ctl->arena, dir_of(ctl),
	    &list, &n);

	if (err != OK)
		return ctl_fail(err, "migrate status", NULL);
	rows = arena_array(ctl->arena, MAX_OF(n, 1), sizeof(*rows));
	ensure(rows != NULL);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct shown_migration){list[i].name,
		    str_of(state_of(&list[i])), list[i].applied_us};
	return ctl_table_print(ctl, migration_columns,
	    ARRAY_LEN(migration_columns), rows, sizeof(*rows), n);
}

int ctl_schema_check_sql(struct ctl *ctl)
{
	const struct db_stmt *stmt;
	size_t n_bad = 0;
	size_t i;

	for (i = 0; (stmt = store_statement_at(i)) != NULL; i++) {
		enum err err = db_stmt_check(ctl->app->db, stmt);

		if (err == ERR_UNAVAILABLE)
			return ctl_fail(err, "check-sql", NULL);
		if (err == OK)
			continue;
		ctl_fail(err, stmt->name, "does not fit the schema");
		n_bad++;
	}
	printf("%zu statements, %zu bad\n", i, n_bad);
	return n_bad == 0 ? EXIT_DONE : EXIT_FAILED;
}
