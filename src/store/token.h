/* One-time tokens that travel by mail. */
#ifndef T2O_STORE_TOKEN_H
#define T2O_STORE_TOKEN_H

#include "db/stmt.h"

enum token_purpose {
	TOKEN_VERIFY_EMAIL = 1,
	TOKEN_RESET_PASSWORD,
	TOKEN_N_PURPOSES,
};

/* How long it can be redeemed: 24 h for verification, 1 h for a reset. */
int64_t store_token_ttl_s(enum token_purpose purpose);

/* Stores the hash; an older one of that purpose and user is gone with it. */
enum err store_token_put(struct db *db, uint64_t user_id,
    enum token_purpose purpose, const struct digest *hash,
    int64_t now_us) must_check;

/* Whose it is, without redeeming it; ERR_NOT_FOUND as below. */
enum err store_token_find(struct db *db, struct arena *arena,
    enum token_purpose purpose, const struct digest *hash, int64_t now_us,
    uint64_t *ret_user_id) must_check;

/*
 * Redeems: deletes the token and says whose it was, in one statement, so
 * that of many who try at once exactly one succeeds.  ERR_NOT_FOUND when it
 * is unknown, used, superseded, expired or of another purpose.
 */
enum err store_token_redeem(struct db *db, struct arena *arena,
    enum token_purpose purpose, const struct digest *hash, int64_t now_us,
    uint64_t *ret_user_id) must_check;

extern const struct db_stmt store_token_statements[];
extern const size_t store_token_n_statements;

#endif
