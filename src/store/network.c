#include "core/base.h"

#include "store/network.h"
#include "store/private.h"

static const struct db_column count_columns[] = {{DB_U64, 0}};
static const struct db_column seen_columns[] = {{DB_TIME, 0}};

enum {
	SEEN,
	ADD,
	COUNT,
	LIST,
};

const struct db_stmt store_network_statements[] = {
    [SEEN] =
	{
	    .name = "network_seen",
	    .sql = "UPDATE login_networks SET last_seen_at = ?"
		   " WHERE user_id = ? AND network = ?",
	    .n_in = 3,
	},
    [ADD] =
	{
	    .name = "network_add",
	    .sql = "INSERT INTO login_networks"
		   " (user_id, network, last_seen_at) VALUES (?, ?, ?)",
	    .n_in = 3,
	},
    [COUNT] =
	{
	    .name = "network_count",
	    .sql = "SELECT COUNT(*) FROM login_networks WHERE user_id = ?",
	    .n_in = 1,
	    DB_ROW(count_columns, uint64_t),
	},
    [LIST] =
	{
	    .name = "network_list",
	    .sql = "SELECT last_seen_at FROM login_networks"
		   " WHERE user_id = ? ORDER BY last_seen_at DESC LIMIT ?",
	    .n_in = 2,
	    DB_ROW(seen_columns, int64_t),
	},
};
const size_t store_network_n_statements = ARRAY_LEN(store_network_statements);

static const struct db_stmt *const sql = store_network_statements;

enum err store_network_note(struct db *db, struct arena *arena,
    uint64_t user_id, const struct digest *network, int64_t now_us,
    enum store_network_news *ret_news)
{
	uint64_t n;
	enum err err = store_change_found(db, &sql[SEEN],
	    DB_IN(db_time(now_us), db_u64(user_id), db_digest(network)));

	if (err == OK)
		*ret_news = STORE_NETWORK_KNOWN;
	if (err != ERR_NOT_FOUND)
		return err;
	err = db_stmt_run(db, &sql[ADD],
	    DB_IN(db_u64(user_id), db_digest(network), db_time(now_us)));
	/* Another login of the same moment was faster, and tells it. */
	if (err == ERR_CONFLICT) {
		*ret_news = STORE_NETWORK_KNOWN;
		return OK;
	}
	if (err == OK)
		err = db_stmt_one(db, &sql[COUNT], DB_IN(db_u64(user_id)),
		    arena, &n);
	if (err == OK)
		*ret_news = n == 1 ? STORE_NETWORK_FIRST : STORE_NETWORK_NEW;
	return err;
}

enum err store_network_list(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, int64_t **ret_seen_us, size_t *ret_n)
{
	return db_stmt_all(db, &sql[LIST], DB_IN(db_u64(user_id), db_u64(max)),
	    arena, max, ret_seen_us, ret_n);
}
