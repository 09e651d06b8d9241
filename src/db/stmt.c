#include "core/base.h"

#include "core/log.h"
#include "db/handle.h"

/* The biggest struct that one row is read into; kept small, it is wiped. */
#define ROW_SIZE_MAX 1024

/* ---- prepared statements ------------------------------------------------ */

static struct db_prepared *slot_of(struct db *db, const struct db_stmt *stmt)
{
	/* Addresses in a table differ by the size of a row: mix the bits. */
	uint64_t hash = (uint64_t)(uintptr_t)stmt *
	    UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(hash >> 32);

	for (;; i++) {
		struct db_prepared *slot = &db->prepared[i % DB_PREPARED_SLOTS];

		if (slot->stmt == NULL || slot->stmt == stmt)
			return slot;
	}
}

static bool fits(const struct db_stmt *stmt, MYSQL_STMT *handle)
{
	if (mysql_stmt_param_count(handle) == stmt->n_in &&
	    mysql_stmt_field_count(handle) == stmt->n_columns)
		return true;
	log_at(LOG_ERROR,
	    "the numbers of placeholders or columns are not "
	    "those of the statement's table",
	    LOG_Z("what", stmt->name));
	return false;
}

static bool is_select(const struct db_stmt *stmt)
{
	return str_starts(str_of(stmt->sql), STR("SELECT "));
}

/* Of a … RETURNING, MariaDB tells the columns only when it runs. */
static bool may_fit(const struct db_stmt *stmt, MYSQL_STMT *handle)
{
	if (!is_select(stmt) && stmt->n_columns > 0 &&
	    mysql_stmt_field_count(handle) == 0 &&
	    mysql_stmt_param_count(handle) == stmt->n_in)
		return true;
	return fits(stmt, handle);
}

static enum db_outcome prepare(struct db *db, const struct db_stmt *stmt,
    MYSQL_STMT **ret_handle, enum err *ret_err)
{
	struct db_prepared *slot = slot_of(db, stmt);
	enum db_outcome outcome;
	MYSQL_STMT *handle;

	if (slot->stmt != NULL) {
		*ret_handle = slot->handle;
		return DB_DONE;
	}
	ensure(db->n_prepared < DB_PREPARED_SLOTS / 4 * 3);
	handle = mysql_stmt_init(db->mysql);
	ensure(handle != NULL);
	if (mysql_stmt_prepare(handle, stmt->sql, strlen(stmt->sql)) != 0) {
		outcome = db_error(db, stmt->name, mysql_stmt_errno(handle),
		    mysql_stmt_error(handle), ret_err);
		(void)mysql_stmt_close(handle);
		return outcome;
	}
	if (!may_fit(stmt, handle)) {
		(void)mysql_stmt_close(handle);
		*ret_err = ERR_INTERNAL;
		return DB_FAILED;
	}
	*slot = (struct db_prepared){stmt, handle};
	db->n_prepared++;
	*ret_handle = handle;
	return DB_DONE;
}

/* Prepares again in place: taking a slot away would hide those behind it. */
static enum db_outcome prepare_again(struct db *db, const struct db_stmt *stmt,
    enum err *ret_err)
{
	MYSQL_STMT *handle = slot_of(db, stmt)->handle;

	if (mysql_stmt_prepare(handle, stmt->sql, strlen(stmt->sql)) == 0)
		return DB_DONE;
	return db_error(db, stmt->name, mysql_stmt_errno(handle),
	    mysql_stmt_error(handle), ret_err);
}

/* ---- running ------------------------------------------------------------ */

/* The server's words quote values. */
static bool may_quote(const struct db_value *in, size_t n_in)
{
	for (size_t i = 0; i < n_in; i++)
		if (in[i].type == DB_SECRET)
			return false;
	return true;
}

static enum db_outcome execute(struct db *db, const struct db_stmt *stmt,
    MYSQL_STMT *handle, const struct db_value *in, size_t n_in,
    enum err *ret_err)
{
	struct db_params params;

	db_bind_params(&params, in, n_in);
	db->counts.statements++;
	if ((n_in > 0 && mysql_stmt_bind_param(handle, params.bind)) ||
	    mysql_stmt_execute(handle) != 0 ||
	    (mysql_stmt_field_count(handle) > 0 &&
		mysql_stmt_store_result(handle) != 0))
		return db_error(db, stmt->name, mysql_stmt_errno(handle),
		    may_quote(in, n_in) ? mysql_stmt_error(handle) : NULL,
		    ret_err);
	if (fits(stmt, handle))
		return DB_DONE;
	(void)mysql_stmt_free_result(handle);
	*ret_err = ERR_INTERNAL;
	return DB_FAILED;
}

/*
 * One try.  *ret_harmless: should the connection be lost, the statement can
 * not have changed anything.
 */
static enum db_outcome attempt(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, MYSQL_STMT **ret_handle,
    bool *ret_harmless, enum err *ret_err)
{
	enum db_outcome outcome;

	*ret_harmless = true;
	outcome = prepare(db, stmt, ret_handle, ret_err);
	if (outcome != DB_DONE)
		return outcome;
	*ret_harmless = is_select(stmt);
	outcome = execute(db, stmt, *ret_handle, in, n_in, ret_err);
	if (outcome != DB_STALE)
		return outcome;
	outcome = prepare_again(db, stmt, ret_err);
	return outcome == DB_DONE ? DB_STALE : outcome;
}

/*
 * Leaves the statement executed and its rows on our side, for the caller to
 * read and mysql_stmt_free_result.
 */
static enum err run(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, MYSQL_STMT **ret_handle)
{
	enum err err = ERR_INTERNAL;

	ensure(n_in == stmt->n_in);
	for (unsigned tries = 1; tries <= DB_TRIES_MAX; tries++) {
		bool harmless;

		err = db_conn_ensure(db);
		if (err != OK)
			return err;
		switch (
		    attempt(db, stmt, in, n_in, ret_handle, &harmless, &err)) {
		case DB_DONE:
			if (!db->held && !harmless)
				db->counts.commits++;
			return OK;
		case DB_FAILED:
			return err;
		case DB_AGAIN:
			if (db->held)
				return err;
			db_conn_pause(tries);
			break;
		case DB_LOST:
			if (db->held || !harmless)
				return err;
			break;
		case DB_STALE:
			err = ERR_UNAVAILABLE;
			break;
		}
	}
	log_at(LOG_ERROR, "statement given up", LOG_Z("what", stmt->name));
	return err;
}

enum err db_stmt_run(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in)
{
	MYSQL_STMT *handle;

	ensure(stmt->n_columns == 0);
	return run(db, stmt, in, n_in, &handle);
}

enum err db_stmt_change(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, uint64_t *ret_rows)
{
	MYSQL_STMT *handle;
	enum err err;

	ensure(stmt->n_columns == 0);
	err = run(db, stmt, in, n_in, &handle);
	if (err == OK)
		*ret_rows = mysql_stmt_affected_rows(handle);
	return err;
}

enum err db_stmt_insert(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, uint64_t *ret_id)
{
	MYSQL_STMT *handle;
	enum err err;

	ensure(stmt->n_columns == 0);
	err = run(db, stmt, in, n_in, &handle);
	if (err == OK)
		*ret_id = mysql_stmt_insert_id(handle);
	return err;
}

/* ---- rows --------------------------------------------------------------- */

/* Reads `n` rows that are there into an array of zeroes. */
static enum err fetch(const struct db_stmt *stmt, MYSQL_STMT *handle,
    struct arena *arena, void *rows, size_t n)
{
	struct db_result result;
	enum err err = OK;

	db_bind_columns(&result, stmt);
	if (mysql_stmt_bind_result(handle, result.bind)) {
		log_at(LOG_ERROR, "cannot bind columns",
		    LOG_Z("what", stmt->name));
		return ERR_INTERNAL;
	}
	for (size_t i = 0; i < n && err == OK; i++)
		err = db_bind_fetch(&result, stmt, handle, arena,
		    (char *)rows + i * stmt->row_size);
	crypto_wipe(result.cell, sizeof(result.cell));
	return err;
}

enum err db_stmt_one(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, struct arena *arena, void *ret_row)
{
	_Alignas(max_align_t) unsigned char row[ROW_SIZE_MAX] = {0};
	MYSQL_STMT *handle;
	enum err err;

	ensure(stmt->n_columns > 0 && stmt->row_size <= sizeof(row));
	err = run(db, stmt, in, n_in, &handle);
	if (err != OK)
		return err;
	switch (mysql_stmt_num_rows(handle)) {
	case 0:
		err = ERR_NOT_FOUND;
		break;
	case 1:
		err = fetch(stmt, handle, arena, row, 1);
		break;
	default:
		log_at(LOG_ERROR, "more than one row",
		    LOG_Z("what", stmt->name));
		err = ERR_INTERNAL;
	}
	(void)mysql_stmt_free_result(handle);
	if (err == OK)
		memcpy(ret_row, row, stmt->row_size);
	crypto_wipe(row, sizeof(row));
	return err;
}

enum err db_stmt_all(struct db *db, const struct db_stmt *stmt,
    const struct db_value *in, size_t n_in, struct arena *arena, size_t max,
    void *ret_rows, size_t *ret_n)
{
	MYSQL_STMT *handle;
	void *rows = NULL;
	enum err err;
	size_t n;

	ensure(stmt->n_columns > 0);
	err = run(db, stmt, in, n_in, &handle);
	if (err != OK)
		return err;
	n = mysql_stmt_num_rows(handle);
	if (n > max)
		err = ERR_LIMIT;
	else if (n > 0 &&
	    (rows = arena_array(arena, n, stmt->row_size)) == NULL)
		err = ERR_LIMIT;
	else if (n > 0)
		err = fetch(stmt, handle, arena, rows, n);
	(void)mysql_stmt_free_result(handle);
	if (err != OK)
		return err;
	memcpy(ret_rows, &rows, sizeof(rows));
	*ret_n = n;
	return OK;
}

enum err db_stmt_check(struct db *db, const struct db_stmt *stmt)
{
	enum err err = db_conn_ensure(db);
	MYSQL_STMT *handle;

	if (err != OK)
		return err;
	handle = mysql_stmt_init(db->mysql);
	ensure(handle != NULL);
	if (mysql_stmt_prepare(handle, stmt->sql, strlen(stmt->sql)) == 0)
		err = may_fit(stmt, handle) ? OK : ERR_INVALID;
	else if (db_error(db, stmt->name, mysql_stmt_errno(handle),
		     mysql_stmt_error(handle), &err) == DB_FAILED &&
	    err == ERR_INTERNAL)
		err = ERR_INVALID;
	(void)mysql_stmt_close(handle);
	return err;
}
