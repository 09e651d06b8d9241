#include "core/base.h"

#include "core/buf.h"
#include "core/clock.h"
#include "core/log.h"
#include "db/handle.h"

static void time_to_server(int64_t time_us, MYSQL_TIME *ret)
{
	int64_t us = time_us % SECOND_US;
	time_t seconds = time_us / SECOND_US;
	struct tm tm;

	if (us < 0) {
		us += SECOND_US;
		seconds--;
	}
	ensure(gmtime_r(&seconds, &tm) != NULL && tm.tm_year + 1900 >= 0);
	*ret = (MYSQL_TIME){
	    .year = (unsigned)tm.tm_year + 1900,
	    .month = (unsigned)tm.tm_mon + 1,
	    .day = (unsigned)tm.tm_mday,
	    .hour = (unsigned)tm.tm_hour,
	    .minute = (unsigned)tm.tm_min,
	    .second = (unsigned)tm.tm_sec,
	    .second_part = (unsigned long)us,
	    .time_type = MYSQL_TIMESTAMP_DATETIME,
	};
}

static int64_t time_from_server(const MYSQL_TIME *time)
{
	struct tm tm = {
	    .tm_year = (int)time->year - 1900,
	    .tm_mon = (int)time->month - 1,
	    .tm_mday = (int)time->day,
	    .tm_hour = (int)time->hour,
	    .tm_min = (int)time->minute,
	    .tm_sec = (int)time->second,
	};

	return timegm(&tm) * SECOND_US + (int64_t)time->second_part;
}

/* Connector/C does not write to what a parameter points to. */
static void bind_bytes(MYSQL_BIND *bind, enum enum_field_types type,
    const void *p, size_t len)
{
	union {
		const void *in;
		void *out;
	} bytes = {.in = p};

	bind->buffer_type = p == NULL ? MYSQL_TYPE_NULL : type;
	bind->buffer = bytes.out;
	bind->buffer_length = len;
	bind->length = &bind->buffer_length;
}

static void bind_u64(MYSQL_BIND *bind, union db_cell *cell, uint64_t n)
{
	cell->u64 = n;
	bind->buffer_type = MYSQL_TYPE_LONGLONG;
	bind->is_unsigned = 1;
	bind->buffer = &cell->u64;
}

static void bind_time(MYSQL_BIND *bind, union db_cell *cell, int64_t time_us)
{
	if (time_us == 0) {
		bind->buffer_type = MYSQL_TYPE_NULL;
		return;
	}
	time_to_server(time_us, &cell->time);
	bind->buffer_type = MYSQL_TYPE_DATETIME;
	bind->buffer = &cell->time;
}

void db_bind_params(struct db_params *params, const struct db_value *in,
    size_t n_in)
{
	ensure(n_in <= DB_PARAMS_MAX);
	for (size_t i = 0; i < n_in; i++) {
		MYSQL_BIND *bind = &params->bind[i];
		union db_cell *cell = &params->cell[i];

		*bind = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_NULL};
		switch (in[i].type) {
		case DB_NULL:
			break;
		case DB_U64:
			bind_u64(bind, cell, in[i].u64);
			break;
		case DB_BOOL:
			bind_u64(bind, cell, in[i].boolean);
			break;
		case DB_TEXT:
			bind_bytes(bind, MYSQL_TYPE_STRING, in[i].text.p,
			    in[i].text.len);
			break;
		case DB_SECRET:
			bind_bytes(bind, MYSQL_TYPE_STRING, in[i].secret.p,
			    in[i].secret.len);
			break;
		case DB_DIGEST:
			bind_bytes(bind, MYSQL_TYPE_BLOB, in[i].digest,
			    sizeof(*in[i].digest));
			break;
		case DB_TIME:
			bind_time(bind, cell, in[i].time_us);
			break;
		}
	}
}

/* Texts get no buffer here: their length is not known before the fetch. */
void db_bind_columns(struct db_result *result, const struct db_stmt *stmt)
{
	ensure(stmt->n_columns <= DB_COLUMNS_MAX);
	for (size_t i = 0; i < stmt->n_columns; i++) {
		MYSQL_BIND *bind = &result->bind[i];

		*bind = (MYSQL_BIND){.buffer = &result->cell[i]};
		bind->length = &bind->length_value;
		bind->is_null = &bind->is_null_value;
		bind->error = &bind->error_value;
		switch (stmt->columns[i].type) {
		case DB_U64:
		case DB_BOOL:
			bind->buffer_type = MYSQL_TYPE_LONGLONG;
			bind->is_unsigned = 1;
			break;
		case DB_TEXT:
		case DB_SECRET:
			bind->buffer_type = MYSQL_TYPE_STRING;
			break;
		case DB_DIGEST:
			bind->buffer_type = MYSQL_TYPE_BLOB;
			bind->buffer_length = sizeof(struct digest);
			break;
		case DB_TIME:
			bind->buffer_type = MYSQL_TYPE_DATETIME;
			break;
		case DB_NULL:
			ensure(stmt->columns[i].type != DB_NULL);
		}
	}
}

/* With a NUL behind it, as arena_dup has it. */
static enum err fetch_text(MYSQL_BIND *bind, MYSQL_STMT *handle,
    unsigned column, struct arena *arena, struct str *ret)
{
	size_t len = bind->length_value;
	MYSQL_BIND whole = {.buffer_type = MYSQL_TYPE_STRING};
	char *p;

	ensure(arena != NULL);
	p = arena_alloc(arena, len + 1);
	if (p == NULL)
		return ERR_LIMIT;
	whole.buffer = p;
	whole.buffer_length = len;
	whole.length = &whole.length_value;
	whole.is_null = &whole.is_null_value;
	whole.error = &whole.error_value;
	if (len > 0 && mysql_stmt_fetch_column(handle, &whole, column, 0) != 0)
		return ERR_INTERNAL;
	*ret = (struct str){p, len};
	return OK;
}

/* One cell into the struct; NULL leaves the zeroes that are there. */
static enum err store_cell(struct db_result *result, unsigned i,
    const struct db_column *column, MYSQL_STMT *handle, struct arena *arena,
    void *row)
{
	MYSQL_BIND *bind = &result->bind[i];
	const union db_cell *cell = &result->cell[i];
	char *place = (char *)row + column->offset;
	struct str text = {0};
	enum err err;

	if (bind->is_null_value)
		return column->type == DB_DIGEST ? ERR_INTERNAL : OK;
	switch (column->type) {
	case DB_U64:
		memcpy(place, &cell->u64, sizeof(uint64_t));
		return bind->error_value ? ERR_INTERNAL : OK;
	case DB_BOOL:
		*(bool *)place = cell->u64 != 0;
		return bind->error_value ? ERR_INTERNAL : OK;
	case DB_TEXT:
	case DB_SECRET:
		err = fetch_text(bind, handle, i, arena, &text);
		if (err == OK && column->type == DB_TEXT)
			memcpy(place, &text, sizeof(text));
		else if (err == OK)
			memcpy(place, &(struct secret_str){text.p, text.len},
			    sizeof(struct secret_str));
		return err;
	case DB_DIGEST:
		if (bind->length_value != sizeof(struct digest))
			return ERR_INTERNAL;
		memcpy(place, &cell->digest, sizeof(struct digest));
		return OK;
	case DB_TIME:
		memcpy(place, &(int64_t){time_from_server(&cell->time)},
		    sizeof(int64_t));
		return bind->error_value ? ERR_INTERNAL : OK;
	case DB_NULL:
		break;
	}
	return ERR_INTERNAL;
}

static enum err bad_column(const struct db_stmt *stmt, size_t i)
{
	struct buf number;

	buf_init(&number, 20);
	buf_put_u64(&number, i + 1);
	log_at(LOG_ERROR, "a database column does not hold what it should",
	    LOG_Z("what", stmt->name), LOG_STR("column", buf_str(&number)));
	buf_done(&number);
	return ERR_INTERNAL;
}

enum err db_bind_fetch(struct db_result *result, const struct db_stmt *stmt,
    MYSQL_STMT *handle, struct arena *arena, void *row)
{
	int rc = mysql_stmt_fetch(handle);

	/* Every text is "truncated": it has no buffer yet. */
	if (rc != 0 && rc != MYSQL_DATA_TRUNCATED) {
		log_at(LOG_ERROR, "cannot fetch a row",
		    LOG_Z("what", stmt->name));
		return ERR_INTERNAL;
	}
	for (unsigned i = 0; i < stmt->n_columns; i++) {
		enum err err = store_cell(result, i, &stmt->columns[i], handle,
		    arena, row);

		if (err == ERR_INTERNAL)
			return bad_column(stmt, i);
		if (err != OK)
			return err;
	}
	return OK;
}
