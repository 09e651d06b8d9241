#include "core/base.h"

#include <check.h>
#include <curl/curl.h>
#include <mysql.h>

#include "database.h"
#include "environment.h"
#include "text.h"

static MYSQL *database;

static char *url_part(CURLU *url, CURLUPart part)
{
	char *value;
	char *copy;

	if (curl_url_get(url, part, &value, CURLU_URLDECODE) != CURLUE_OK)
		return NULL;
	copy = text_dup(str_of(value));
	curl_free(value);
	return copy;
}

/* What follows socket= in the query; NULL when there is none. */
static const char *url_socket(CURLU *url)
{
	struct str rest = str_of(url_part(url, CURLUPART_QUERY)), part;

	while (str_next(&rest, '&', &part))
		if (str_starts(part, STR("socket=")))
			return text_dup((struct str){part.p + 7, part.len - 7});
	return NULL;
}

/* mysql://user:password@host:port/name?socket=/path, percent-encoded. */
static void open_database(void)
{
	CURLU *url = curl_url();
	const char *port, *name;

	ck_assert_int_eq(curl_url_set(url, CURLUPART_URL,
			     environment("DATABASE_URL"),
			     CURLU_NON_SUPPORT_SCHEME | CURLU_NO_AUTHORITY),
	    CURLUE_OK);
	port = url_part(url, CURLUPART_PORT);
	name = url_part(url, CURLUPART_PATH);
	ck_assert_ptr_nonnull(name);
	database = mysql_init(NULL);
	ck_assert_ptr_nonnull(database);
	if (mysql_real_connect(database, url_part(url, CURLUPART_HOST),
		url_part(url, CURLUPART_USER),
		url_part(url, CURLUPART_PASSWORD), name + 1,
		port != NULL ? (unsigned)strtoul(port, NULL, 10) : 0,
		url_socket(url), 0) == NULL)
		ck_abort_msg("database: %s", mysql_error(database));
	curl_url_cleanup(url);
	database_run("SET time_zone = '+00:00'");
}

static void run(const char *sql)
{
	if (database == NULL)
		open_database();
	if (mysql_query(database, sql) != 0)
		ck_abort_msg("%s: %s", sql, mysql_error(database));
}

#define FORMAT_SQL(sql, fmt)                                                   \
	do {                                                                   \
		va_list args;                                                  \
		va_start(args, fmt);                                           \
		vsnprintf(sql, sizeof(sql), fmt, args);                        \
		va_end(args);                                                  \
	} while (0)

void database_run(const char *fmt, ...)
{
	char sql[4096];

	FORMAT_SQL(sql, fmt);
	run(sql);
}

static const char *first_value(const char *sql)
{
	const char *value = NULL;
	MYSQL_RES *rows;
	MYSQL_ROW row;

	run(sql);
	rows = mysql_store_result(database);
	ck_assert_ptr_nonnull(rows);
	row = mysql_fetch_row(rows);
	if (row != NULL && row[0] != NULL)
		value = text_dup(
		    (struct str){row[0], mysql_fetch_lengths(rows)[0]});
	mysql_free_result(rows);
	return value;
}

const char *database_text(const char *fmt, ...)
{
	char sql[4096];

	FORMAT_SQL(sql, fmt);
	return first_value(sql);
}

long long database_number(const char *fmt, ...)
{
	char sql[4096];
	const char *value;

	FORMAT_SQL(sql, fmt);
	value = first_value(sql);
	ck_assert_msg(value != NULL, "no row: %s", sql);
	return strtoll(value, NULL, 10);
}

/* What remembers when something was, or until when it holds. */
static const char *const tables[] = {"sessions", "tokens", "email_changes",
    "throttle", "mail_outbox", "login_challenges"};

void database_let_pass(unsigned seconds)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		const char *assignments = database_text(
		    "SELECT GROUP_CONCAT(CONCAT(column_name, ' = ', "
		    "column_name, ' - INTERVAL %u SECOND')) "
		    "FROM information_schema.columns WHERE "
		    "table_schema = DATABASE() AND table_name = '%s' AND "
		    "data_type = 'datetime' AND "
		    "column_name NOT IN ('next_at', 'lease_until')",
		    seconds, tables[i]);

		ck_assert_ptr_nonnull(assignments);
		database_run("UPDATE %s SET %s", tables[i], assignments);
	}
}

void database_close(void)
{
	if (database != NULL)
		mysql_close(database);
	database = NULL;
}
