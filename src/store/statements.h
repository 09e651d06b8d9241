/* Every statement there is, for `t2octl check-sql`. */
#ifndef T2O_STORE_STATEMENTS_H
#define T2O_STORE_STATEMENTS_H

#include "db/stmt.h"

/* The i-th of all, or NULL behind the last. */
const struct db_stmt *store_statement_at(size_t i);

#endif
