#include "core/base.h"

#include <poll.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/log.h"
#include "db/handle.h"
#include "db/script.h"

#define BACKOFF_MIN_US INT64_C(100000)
#define BACKOFF_MAX_US INT64_C(5000000)

/*
 * A Galera node outside of its cluster lets anybody in and SET all he likes;
 * this it refuses, and the next host gets its turn.
 */
#define PROBE "DO 0"

/* How long a migration waits for locks that others hold. */
#define PATIENT_LOCK_WAIT_S 60

enum err db_conn_new(const struct config *config, struct db **ret_db)
{
	struct db *db = calloc(1, sizeof(*db));
	enum err err;

	ensure(db != NULL);
	err = db_url_parse(config->database_url, &db->url);
	if (err != OK) {
		free(db);
		return err;
	}
	db->connect_timeout_s = (unsigned)config->database_connect_timeout_s;
	db->timeout_s = (unsigned)config->database_timeout_s;
	*ret_db = db;
	return OK;
}

void db_conn_free(struct db **db)
{
	if (*db == NULL)
		return;
	db_conn_close(*db);
	db_url_done(&(*db)->url);
	free(*db);
	*db = NULL;
}

struct db_counts db_conn_counts(const struct db *db)
{
	return db->counts;
}

void db_conn_close(struct db *db)
{
	if (db->mysql == NULL)
		return;
	/* First the connection: closing a statement on one that lives costs a
	   message to the server each. */
	mysql_close(db->mysql);
	db->mysql = NULL;
	for (size_t i = 0; i < DB_PREPARED_SLOTS; i++)
		if (db->prepared[i].stmt != NULL)
			(void)mysql_stmt_close(db->prepared[i].handle);
	memset(db->prepared, 0, sizeof(db->prepared));
	db->n_prepared = 0;
}

void db_conn_back_off(struct db *db)
{
	db->backoff_us = MIN_OF(MAX_OF(2 * db->backoff_us, BACKOFF_MIN_US),
	    BACKOFF_MAX_US);
	db->retry_at_us = clock_monotonic_us() + db->backoff_us;
}

/*
 * One round trip for all that a session needs.  The server gives up a moment
 * before our read time-out does, so that a slow statement costs an error and
 * not the connection; and a wait for a lock ends while there is still time to
 * run the transaction again.  A list of permissions that were cut off could
 * end in the name of another one, so there is room for the longest.
 */
static void session_command(const struct db *db, struct buf *out)
{
	uint64_t lock_wait_s = PATIENT_LOCK_WAIT_S;

	if (db->timeout_s > 0)
		lock_wait_s = MAX_OF(db->timeout_s / 2, 1);
	buf_puts(out,
	    "SET time_zone = '+00:00',"
	    " sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
	    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,"
	    "ONLY_FULL_GROUP_BY',"
	    " tx_isolation = 'READ-COMMITTED',"
	    " group_concat_max_len = 1048576,"
	    " max_statement_time = ");
	buf_put_u64(out, db->timeout_s);
	buf_puts(out, ", innodb_lock_wait_timeout = ");
	buf_put_u64(out, lock_wait_s);
	buf_puts(out, ", lock_wait_timeout = ");
	buf_put_u64(out, lock_wait_s);
}

static bool set_options(struct db *db, MYSQL *mysql, const char *session)
{
	unsigned off = 0;
	unsigned read_s = db->timeout_s == 0 ? 0 : db->timeout_s + 1;
	my_bool no = 0, yes = 1;

	return mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT,
		   &db->connect_timeout_s) == 0 &&
	    mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &read_s) == 0 &&
	    mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &read_s) == 0 &&
	    mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &off) == 0 &&
	    mysql_options(mysql, MYSQL_OPT_RECONNECT, &no) == 0 &&
	    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4") == 0 &&
	    mysql_options(mysql, MYSQL_INIT_COMMAND, session) == 0 &&
	    mysql_options(mysql, MYSQL_INIT_COMMAND, PROBE) == 0 &&
	    (db->url.ssl_ca == NULL || db->url.socket != NULL ||
		(mysql_options(mysql, MYSQL_OPT_SSL_CA, db->url.ssl_ca) == 0 &&
		    mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &yes) == 0 &&
		    mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT,
			&yes) == 0));
}

/* Asks one host.  FOUND_ROWS: a changed row is one that matched. */
static enum err connect_host(struct db *db, const struct db_host *host,
    const char *session)
{
	const struct db_url *url = &db->url;
	MYSQL *mysql = mysql_init(NULL);
	unsigned protocol = MYSQL_PROTOCOL_DEFAULT;
	enum err err = ERR_UNAVAILABLE;
	const char *name = host->name;

	ensure(mysql != NULL);
	if (url->socket != NULL)
		name = NULL;
	else if (host->port != 0) /* "localhost" would be a socket */
		protocol = MYSQL_PROTOCOL_TCP;
	ensure(set_options(db, mysql, session) &&
	    mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol) == 0);
	if (mysql_real_connect(mysql, name, url->user, url->password,
		url->database, host->port, url->socket,
		CLIENT_FOUND_ROWS) == NULL) {
		(void)db_error(db,
		    url->socket != NULL ? url->socket : host->name,
		    mysql_errno(mysql), mysql_error(mysql), &err);
		mysql_close(mysql);
		return ERR_UNAVAILABLE;
	}
	db->mysql = mysql;
	db->counts.connects++;
	return OK;
}

/* The host that was good last, then the others. */
static enum err connect_any(struct db *db)
{
	size_t n = db->url.socket != NULL ? 1 : db->url.n_hosts;
	enum err err = ERR_UNAVAILABLE;
	struct buf session;

	buf_init(&session, 1024);
	session_command(db, &session);
	ensure(buf_err(&session) == OK);
	for (size_t i = 0; i < n && err != OK; i++) {
		err = connect_host(db, &db->url.hosts[db->host], session.p);
		if (err != OK)
			db->host = (db->host + 1) % n;
	}
	buf_done(&session);
	return err;
}

/*
 * An idle connection has nothing to say.  When it does, the server has closed
 * it, and knowing that before anything is sent is what makes it safe to go on
 * with another.
 */
static bool is_stale(MYSQL *mysql)
{
	struct pollfd fd = {.fd = mysql_get_socket(mysql), .events = POLLIN};

	return poll(&fd, 1, 0) != 0;
}

enum err db_conn_ensure(struct db *db)
{
	int64_t now_us = clock_monotonic_us();
	enum err err;

	db->asked_us = now_us;
	if (db->held)
		return db->broken ? ERR_UNAVAILABLE : OK;
	if (db->mysql != NULL && is_stale(db->mysql)) {
		log_plain(LOG_INFO, "the database closed the connection");
		db_conn_close(db);
	}
	if (db->mysql != NULL)
		return OK;
	if (db->backoff_us != 0 && now_us < db->retry_at_us)
		return ERR_UNAVAILABLE;
	err = connect_any(db);
	if (err == OK)
		db->backoff_us = 0;
	else
		db_conn_back_off(db);
	return err;
}

enum err db_conn_hold(struct db *db)
{
	unsigned timeout_s = db->timeout_s;
	enum err err;

	ensure(!db->held);
	db_conn_close(db);
	db->timeout_s = 0;
	err = db_conn_ensure(db);
	db->timeout_s = timeout_s;
	if (err != OK)
		return err;
	db->held = true;
	db->broken = false;
	return OK;
}

void db_conn_release(struct db *db)
{
	db->held = false;
	db_conn_close(db);
}

enum db_outcome db_conn_command(struct db *db, const char *sql,
    enum err *ret_err)
{
	if (mysql_real_query(db->mysql, sql, strlen(sql)) == 0)
		return DB_DONE;
	return db_error(db, sql, mysql_errno(db->mysql), mysql_error(db->mysql),
	    ret_err);
}
