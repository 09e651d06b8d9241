#include "core/base.h"

#include "store/private.h"
#include "store/session.h"

#define SESSION_SQL                                                            \
	"s.id, s.id_hash, s.user_id, s.created_at, s.last_seen_at,"            \
	" s.confirmed_at, s.expires_at, s.client_ip, s.user_agent"

#define SESSION_COLUMNS(struct_, at)                                           \
	DB_COLUMN(struct_, at id, DB_U64),                                     \
	    DB_COLUMN(struct_, at id_hash, DB_DIGEST),                         \
	    DB_COLUMN(struct_, at user_id, DB_U64),                            \
	    DB_COLUMN(struct_, at created_us, DB_TIME),                        \
	    DB_COLUMN(struct_, at last_seen_us, DB_TIME),                      \
	    DB_COLUMN(struct_, at confirmed_us, DB_TIME),                      \
	    DB_COLUMN(struct_, at expires_us, DB_TIME),                        \
	    DB_COLUMN(struct_, at client_ip, DB_TEXT),                         \
	    DB_COLUMN(struct_, at user_agent, DB_TEXT)

static const struct db_column session_columns[] = {
    SESSION_COLUMNS(struct store_session, ),
};

static const struct db_column principal_columns[] = {
    SESSION_COLUMNS(struct store_principal, session.),
    STORE_USER_COLUMNS(struct store_principal, user.),
    DB_COLUMN(struct store_principal, roles, DB_TEXT),
    DB_COLUMN(struct store_principal, permissions, DB_TEXT),
};

enum {
	ADD,
	PRINCIPAL,
	TOUCH,
	RENEW,
	DELETE,
	DELETE_OF,
	LIST,
};

const struct db_stmt store_session_statements[] = {
    [ADD] =
	{
	    .name = "session_add",
	    .sql = "INSERT INTO sessions (id_hash, user_id, created_at,"
		   " last_seen_at, confirmed_at, expires_at, client_ip,"
		   " user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	    .n_in = 8,
	},
    [PRINCIPAL] =
	{
	    .name = "session_principal",
	    .sql = "SELECT " SESSION_SQL ", " STORE_USER_SQL ","
		   " COALESCE((SELECT GROUP_CONCAT(r.name"
		   " ORDER BY r.name SEPARATOR '\n')"
		   " FROM user_roles ur JOIN roles r ON r.id = ur.role_id"
		   " WHERE ur.user_id = u.id), ''),"
		   " COALESCE((SELECT GROUP_CONCAT(DISTINCT p.name"
		   " ORDER BY p.name SEPARATOR '\n')"
		   " FROM user_roles ur"
		   " JOIN role_permissions rp ON rp.role_id = ur.role_id"
		   " JOIN permissions p ON p.id = rp.permission_id"
		   " WHERE ur.user_id = u.id), '')"
		   " FROM sessions s JOIN users u ON u.id = s.user_id"
		   " WHERE s.id_hash = ?",
	    .n_in = 1,
	    DB_ROW(principal_columns, struct store_principal),
	},
    [TOUCH] =
	{
	    .name = "session_touch",
	    .sql = "UPDATE sessions SET last_seen_at = ? WHERE id = ?",
	    .n_in = 2,
	},
    [RENEW] =
	{
	    .name = "session_renew",
	    .sql = "UPDATE sessions SET id_hash = ?, last_seen_at = ?,"
		   " confirmed_at = ? WHERE id = ? AND id_hash = ?",
	    .n_in = 5,
	},
    [DELETE] =
	{
	    .name = "session_delete",
	    .sql = "DELETE FROM sessions WHERE id = ? AND user_id = ?",
	    .n_in = 2,
	},
    [DELETE_OF] =
	{
	    .name = "session_delete_of",
	    .sql = "DELETE FROM sessions WHERE user_id = ? AND id <> ?",
	    .n_in = 2,
	},
    [LIST] =
	{
	    .name = "session_list",
	    .sql = "SELECT " SESSION_SQL " FROM sessions s WHERE s.user_id = ?"
		   " AND s.expires_at > ?"
		   " ORDER BY s.created_at DESC, s.id DESC LIMIT ?",
	    .n_in = 3,
	    DB_ROW(session_columns, struct store_session),
	},
};
const size_t store_session_n_statements = ARRAY_LEN(store_session_statements);

static const struct db_stmt *const sql = store_session_statements;

enum err store_session_add(struct db *db, const struct digest *id_hash,
    const struct store_session *session, uint64_t *ret_id)
{
	char ip[STORE_IP_MAX], agent[STORE_TEXT_MAX];

	return db_stmt_insert(db, &sql[ADD],
	    DB_IN(db_digest(id_hash), db_u64(session->user_id),
		db_time(session->created_us), db_time(session->created_us),
		db_time(session->created_us), db_time(session->expires_us),
		store_text(session->client_ip, ip, sizeof(ip)),
		store_text(session->user_agent, agent, sizeof(agent))),
	    ret_id);
}

enum err store_session_principal(struct db *db, struct arena *arena,
    const struct digest *id_hash, struct store_principal *ret)
{
	return db_stmt_one(db, &sql[PRINCIPAL], DB_IN(db_digest(id_hash)),
	    arena, ret);
}

enum err store_session_touch(struct db *db, uint64_t id, int64_t now_us)
{
	return db_stmt_run(db, &sql[TOUCH], DB_IN(db_time(now_us), db_u64(id)));
}

enum err store_session_renew(struct db *db, const struct store_session *session,
    const struct digest *id_hash, int64_t now_us)
{
	return store_change_found(db, &sql[RENEW],
	    DB_IN(db_digest(id_hash), db_time(now_us), db_time(now_us),
		db_u64(session->id), db_digest(&session->id_hash)));
}

enum err store_session_delete(struct db *db, uint64_t user_id, uint64_t id)
{
	return store_change_found(db, &sql[DELETE],
	    DB_IN(db_u64(id), db_u64(user_id)));
}

enum err store_session_delete_of(struct db *db, uint64_t user_id,
    uint64_t except_id, uint64_t *ret_n)
{
	return db_stmt_change(db, &sql[DELETE_OF],
	    DB_IN(db_u64(user_id), db_u64(except_id)), ret_n);
}

enum err store_session_list(struct db *db, struct arena *arena,
    uint64_t user_id, int64_t now_us, size_t max,
    struct store_session **ret_list, size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST],
	    DB_IN(db_u64(user_id), db_time(now_us), db_u64(max)), arena, max,
	    ret_list, ret_n);
}
