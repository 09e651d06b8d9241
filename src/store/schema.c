#include "core/base.h"

#include "store/schema.h"

#include "db/migrate.h"

enum err store_schema_require(struct db *db)
{
	return db_migrate_require(db, STORE_SCHEMA_VERSION);
}
