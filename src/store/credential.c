#include "core/base.h"

#include "store/credential.h"
#include "store/private.h"

enum {
	SET_PASSWORD,
	REHASH_PASSWORD,
};

const struct db_stmt store_credential_statements[] = {
    [SET_PASSWORD] =
	{
	    .name = "credential_set_password",
	    .sql = "INSERT INTO credentials (user_id, kind, secret, changed_at)"
		   " VALUES (?, 'password', ?, ?)"
		   " ON DUPLICATE KEY UPDATE"
		   " secret = VALUES(secret), changed_at = VALUES(changed_at)",
	    .n_in = 3,
	},
    [REHASH_PASSWORD] =
	{
	    .name = "credential_rehash_password",
	    .sql = "UPDATE credentials SET secret = ?, changed_at = ?"
		   " WHERE user_id = ? AND kind = 'password' AND secret = ?",
	    .n_in = 4,
	},
};
const size_t store_credential_n_statements = ARRAY_LEN(
    store_credential_statements);

static const struct db_stmt *const sql = store_credential_statements;

enum err store_credential_set_password(struct db *db, uint64_t user_id,
    struct secret_str hash, int64_t now_us)
{
	return db_stmt_run(db, &sql[SET_PASSWORD],
	    DB_IN(db_u64(user_id), db_secret(hash), db_time(now_us)));
}

enum err store_credential_rehash_password(struct db *db, uint64_t user_id,
    struct secret_str old, struct secret_str hash, int64_t now_us)
{
	return store_change_found(db, &sql[REHASH_PASSWORD],
	    DB_IN(db_secret(hash), db_time(now_us), db_u64(user_id),
		db_secret(old)));
}
