/* One-time tokens that travel by mail. */
#ifndef T2O_STORE_TOKEN_H
#define T2O_STORE_TOKEN_H

#include "db/stmt.h"

enum token_purpose {
	TOKEN_VERIFY_EMAIL = 1,
	TOKEN_RESET_PASSWORD,
	TOKEN_CHANGE_EMAIL, /* mailed to the new address */
	TOKEN_UNDO_EMAIL,   /* mailed to the old one */
	TOKEN_N_PURPOSES,
};

/* Whose it is, and the address that it was mailed to. */
struct store_token {
	uint64_t user_id;
	struct str email;
};

/*
 * How long it can be redeemed: a reset 1 h, undoing a change of address 72 h,
 * else 24 h.
 */
int64_t store_token_ttl_s(enum token_purpose purpose);

/*
 * Stores the hash; an older one of that purpose, user and address is gone with
 * it.  Who redeems compares the address with the one it should be.
 */
enum err store_token_put(struct db *db, uint64_t user_id,
    enum token_purpose purpose, struct str email, const struct digest *hash,
    int64_t now_us) must_check;

/* Without redeeming it; ERR_NOT_FOUND as below. */
enum err store_token_find(struct db *db, struct arena *arena,
    enum token_purpose purpose, const struct digest *hash, int64_t now_us,
    struct store_token *ret) must_check;

/*
 * Redeems: deletes the token and says whose it was, in one statement, so
 * that of many who try at once exactly one succeeds.  ERR_NOT_FOUND when it
 * is unknown, used, superseded, expired or of another purpose.
 */
enum err store_token_redeem(struct db *db, struct arena *arena,
    enum token_purpose purpose, const struct digest *hash, int64_t now_us,
    struct store_token *ret) must_check;

extern const struct db_stmt store_token_statements[];
extern const size_t store_token_n_statements;

#endif
