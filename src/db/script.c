#include "core/base.h"

#include "core/buf.h"
#include "db/handle.h"
#include "db/script.h"

static enum err fail(struct db *db, struct str file, uint64_t number)
{
	enum err err = ERR_INTERNAL;
	struct buf what;

	buf_init(&what, 200);
	buf_put(&what, file);
	buf_puts(&what, ".sql, statement ");
	buf_put_u64(&what, number);
	(void)db_error(db, buf_err(&what) == OK ? what.p : "migration",
	    mysql_errno(db->mysql), mysql_error(db->mysql), &err);
	buf_done(&what);
	return err;
}

/* Several statements in one text are allowed on this connection only, which
   is closed when it is released. */
enum err db_script_run(struct db *db, struct str file, struct str sql)
{
	enum err err = db_conn_ensure(db);
	uint64_t number = 1;
	int rc;

	ensure(db->held);
	if (err != OK)
		return err;
	rc = mysql_set_server_option(db->mysql,
	    MYSQL_OPTION_MULTI_STATEMENTS_ON);
	if (rc == 0)
		rc = mysql_real_query(db->mysql, sql.p, sql.len);
	for (; rc == 0; number++) {
		mysql_free_result(mysql_store_result(db->mysql));
		rc = mysql_next_result(db->mysql);
	}
	/* -1: no more.  A comment behind the last semicolon is no mistake. */
	if (rc < 0 || mysql_errno(db->mysql) == ER_EMPTY_QUERY)
		return OK;
	return fail(db, file, number);
}
