#include "core/base.h"

#include "core/buf.h"
#include "core/clock.h"
#include "core/log.h"
#include "db/handle.h"

#define ADVICE_ACCESS                                                          \
	"check user, password and database in DATABASE_URL, and sql/grants.sql"
#define ADVICE_CONNECTIONS                                                     \
	"raise the server's max_connections, or run fewer workers"
#define ADVICE_DISK "free some space on the server's disk"
#define ADVICE_GRANTS "apply sql/grants.sql"
#define ADVICE_READ_ONLY "point DATABASE_URL at a server that takes writes"
#define ADVICE_SCHEMA "run: t2octl migrate up"
#define ADVICE_SERVER_LOG "see the server's error log"
#define ADVICE_REACH "is the server running, and DATABASE_URL right?"

/* Everything that is not our own mistake; the rest is ERR_INTERNAL. */
static const struct row {
	unsigned code;
	enum db_outcome outcome;
	enum err err;
	const char *advice; /* or NULL */
} rows[] = {
    /* the statement's business */
    {ER_DUP_ENTRY, DB_FAILED, ERR_CONFLICT, NULL},
    {ER_DUP_ENTRY_WITH_KEY_NAME, DB_FAILED, ERR_CONFLICT, NULL},
    {ER_ROW_IS_REFERENCED, DB_FAILED, ERR_CONFLICT, NULL},
    {ER_ROW_IS_REFERENCED_2, DB_FAILED, ERR_CONFLICT, NULL},
    {ER_NO_REFERENCED_ROW, DB_FAILED, ERR_NOT_FOUND, NULL},
    {ER_NO_REFERENCED_ROW_2, DB_FAILED, ERR_NOT_FOUND, NULL},

    /* rivals; Galera's failed certification is a deadlock, too */
    {ER_LOCK_DEADLOCK, DB_AGAIN, ERR_UNAVAILABLE, NULL},
    {ER_LOCK_WAIT_TIMEOUT, DB_AGAIN, ERR_UNAVAILABLE, NULL},
    {ER_CHECKREAD, DB_AGAIN, ERR_UNAVAILABLE, NULL},

    {ER_UNKNOWN_STMT_HANDLER, DB_STALE, OK, NULL},
    {ER_NEED_REPREPARE, DB_STALE, OK, NULL},

    /* the connection; 1047 and 1180 come from Galera nodes that are, or
       just went, out of their cluster */
    {CR_CONNECTION_ERROR, DB_LOST, ERR_UNAVAILABLE, ADVICE_REACH},
    {CR_CONN_HOST_ERROR, DB_LOST, ERR_UNAVAILABLE, ADVICE_REACH},
    {CR_IPSOCK_ERROR, DB_LOST, ERR_UNAVAILABLE, ADVICE_REACH},
    {CR_UNKNOWN_HOST, DB_LOST, ERR_UNAVAILABLE, ADVICE_REACH},
    {CR_SERVER_GONE_ERROR, DB_LOST, ERR_UNAVAILABLE, NULL},
    {CR_SERVER_HANDSHAKE_ERR, DB_LOST, ERR_UNAVAILABLE, NULL},
    {CR_SERVER_LOST, DB_LOST, ERR_UNAVAILABLE, NULL},
    {CR_COMMANDS_OUT_OF_SYNC, DB_LOST, ERR_UNAVAILABLE, NULL},
    {CR_SSL_CONNECTION_ERROR, DB_LOST, ERR_UNAVAILABLE,
	"check ssl_ca in DATABASE_URL and the server's certificate"},
    {CR_MALFORMED_PACKET, DB_LOST, ERR_UNAVAILABLE, NULL},
    {CR_SERVER_LOST_EXTENDED, DB_LOST, ERR_UNAVAILABLE, NULL},
    {CR_STMT_CLOSED, DB_LOST, ERR_UNAVAILABLE, NULL},
    {CR_ERR_NET_READ, DB_LOST, ERR_UNAVAILABLE, NULL},
    {CR_ERR_NET_WRITE, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_UNKNOWN_COM_ERROR, DB_LOST, ERR_UNAVAILABLE,
	"is this Galera node in the primary component?"},
    {ER_ERROR_DURING_COMMIT, DB_LOST, ERR_UNAVAILABLE, ADVICE_SERVER_LOG},
    {ER_SERVER_SHUTDOWN, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_NORMAL_SHUTDOWN, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_ABORTING_CONNECTION, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_NEW_ABORTING_CONNECTION, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_NET_READ_ERROR, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_NET_READ_INTERRUPTED, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_NET_ERROR_ON_WRITE, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_NET_WRITE_INTERRUPTED, DB_LOST, ERR_UNAVAILABLE, NULL},
    {ER_CONNECTION_KILLED, DB_LOST, ERR_UNAVAILABLE, NULL},

    /* not let in */
    {ER_CON_COUNT_ERROR, DB_LOST, ERR_UNAVAILABLE, ADVICE_CONNECTIONS},
    {ER_TOO_MANY_USER_CONNECTIONS, DB_LOST, ERR_UNAVAILABLE,
	"raise the account's MAX_USER_CONNECTIONS, or run fewer workers"},
    {ER_USER_LIMIT_REACHED, DB_FAILED, ERR_UNAVAILABLE,
	"raise the account's limits, or run fewer workers"},
    {ER_ACCESS_DENIED_ERROR, DB_LOST, ERR_UNAVAILABLE, ADVICE_ACCESS},
    {ER_ACCESS_DENIED_NO_PASSWORD_ERROR, DB_LOST, ERR_UNAVAILABLE,
	ADVICE_ACCESS},
    {ER_DBACCESS_DENIED_ERROR, DB_LOST, ERR_UNAVAILABLE, ADVICE_ACCESS},
    {ER_BAD_DB_ERROR, DB_LOST, ERR_UNAVAILABLE, ADVICE_ACCESS},
    {ER_HOST_NOT_PRIVILEGED, DB_LOST, ERR_UNAVAILABLE, ADVICE_ACCESS},
    {ER_HOST_IS_BLOCKED, DB_LOST, ERR_UNAVAILABLE,
	"run FLUSH HOSTS on the server"},
    {CR_AUTH_PLUGIN_CANNOT_LOAD, DB_LOST, ERR_UNAVAILABLE, ADVICE_ACCESS},

    /* a server that is alive, and in no state to help; a read-only one is
       left, since the next in DATABASE_URL may take writes */
    {ER_OPTION_PREVENTS_STATEMENT, DB_LOST, ERR_UNAVAILABLE, ADVICE_READ_ONLY},
    {ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, DB_LOST, ERR_UNAVAILABLE,
	ADVICE_READ_ONLY},
    {ER_READ_ONLY_MODE, DB_LOST, ERR_UNAVAILABLE, ADVICE_READ_ONLY},
    {ER_DISK_FULL, DB_FAILED, ERR_UNAVAILABLE, ADVICE_DISK},
    {ER_RECORD_FILE_FULL, DB_FAILED, ERR_UNAVAILABLE, ADVICE_DISK},
    {ER_ERROR_ON_WRITE, DB_FAILED, ERR_UNAVAILABLE, ADVICE_DISK},
    {ER_GET_ERRNO, DB_FAILED, ERR_UNAVAILABLE, ADVICE_SERVER_LOG},
    {ER_OUTOFMEMORY, DB_FAILED, ERR_UNAVAILABLE, NULL},
    {ER_OUT_OF_SORTMEMORY, DB_FAILED, ERR_UNAVAILABLE, NULL},
    {ER_OUT_OF_RESOURCES, DB_FAILED, ERR_UNAVAILABLE, NULL},
    {ER_ENGINE_OUT_OF_MEMORY, DB_FAILED, ERR_UNAVAILABLE, NULL},
    {ER_LOCK_TABLE_FULL, DB_FAILED, ERR_UNAVAILABLE, NULL},
    {ER_TOO_MANY_CONCURRENT_TRXS, DB_FAILED, ERR_UNAVAILABLE, NULL},
    {ER_QUERY_INTERRUPTED, DB_FAILED, ERR_UNAVAILABLE, NULL},
    {ER_STATEMENT_TIMEOUT, DB_FAILED, ERR_UNAVAILABLE,
	"DATABASE_TIMEOUT_S is what a statement may take"},
    {ER_MAX_PREPARED_STMT_COUNT_REACHED, DB_FAILED, ERR_UNAVAILABLE,
	"raise the server's max_prepared_stmt_count, or run fewer workers"},

    /* an installation that does not fit this program */
    {ER_NO_SUCH_TABLE, DB_FAILED, ERR_INTERNAL, ADVICE_SCHEMA},
    {ER_BAD_FIELD_ERROR, DB_FAILED, ERR_INTERNAL, ADVICE_SCHEMA},
    {ER_TABLEACCESS_DENIED_ERROR, DB_FAILED, ERR_INTERNAL, ADVICE_GRANTS},
    {ER_COLUMNACCESS_DENIED_ERROR, DB_FAILED, ERR_INTERNAL, ADVICE_GRANTS},
    {ER_SPECIFIC_ACCESS_DENIED_ERROR, DB_FAILED, ERR_INTERNAL, ADVICE_GRANTS},
};

static const struct row *find(unsigned code)
{
	static const struct row other = {0, DB_FAILED, ERR_INTERNAL, NULL};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return &other;
}

static void log_error(enum log_level level, const char *msg, const char *what,
    unsigned code, const char *text, const char *advice)
{
	struct log_field fields[4] = {LOG_Z("what", what)};
	struct buf number;
	size_t n = 1;

	buf_init(&number, 20);
	buf_put_u64(&number, code);
	fields[n++] = LOG_STR("code", buf_str(&number));
	if (text != NULL)
		fields[n++] = LOG_Z("text", text);
	if (advice != NULL)
		fields[n++] = LOG_Z("advice", advice);
	log_fields(level, msg, fields, n);
	buf_done(&number);
}

/* A server that let us wait in vain is not asked again at once. */
static void lose(struct db *db)
{
	int64_t waited_us = clock_monotonic_us() - db->asked_us;
	size_t n = db->url.socket != NULL ? 1 : db->url.n_hosts;

	if (db->mysql == NULL)
		return;
	db_conn_close(db);
	db->host = (db->host + 1) % n;
	if (db->timeout_s > 0 && waited_us >= db->timeout_s * SECOND_US)
		db_conn_back_off(db);
}

enum db_outcome db_error(struct db *db, const char *what, unsigned code,
    const char *text, enum err *ret_err)
{
	const struct row *row = find(code);

	switch (row->outcome) {
	case DB_DONE:
	case DB_STALE:
		return row->outcome;
	case DB_FAILED:
		if (row->err == ERR_UNAVAILABLE || row->err == ERR_INTERNAL)
			log_error(LOG_ERROR,
			    db->mysql == NULL ? "cannot connect to the database"
					      : "database statement failed",
			    what, code, text, row->advice);
		break;
	case DB_AGAIN:
		log_error(LOG_INFO, "database deadlock", what, code, text,
		    NULL);
		db->broken = true;
		break;
	case DB_LOST:
		/* What comes of it is seen, and logged, where it is known. */
		log_error(db->mysql == NULL ? LOG_ERROR : LOG_WARNING,
		    db->mysql == NULL ? "cannot connect to the database"
				      : "database connection lost",
		    what, code, text, row->advice);
		lose(db);
		db->broken = true;
		break;
	}
	*ret_err = row->err;
	return row->outcome;
}
