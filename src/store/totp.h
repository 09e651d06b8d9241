/* TOTP secrets, sealed; a user has one that is pending or one in use. */
#ifndef T2O_STORE_TOTP_H
#define T2O_STORE_TOTP_H

#include "db/stmt.h"

struct store_totp {
	uint64_t user_id;
	struct secret_str sealed; /* auth/seal.h */
	uint64_t last_step;	  /* the newest that was accepted; 0: none */
};

/* The one in use; ERR_NOT_FOUND without one. */
enum err store_totp_get(struct db *db, struct arena *arena, uint64_t user_id,
    struct store_totp *ret) must_check;

/* The one that waits for a first code; likewise. */
enum err store_totp_get_pending(struct db *db, struct arena *arena,
    uint64_t user_id, struct store_totp *ret) must_check;

/*
 * Sets or replaces the pending one.  The caller holds store_user_lock, and has
 * seen that none is in use.
 */
enum err store_totp_put_pending(struct db *db, uint64_t user_id,
    struct secret_str sealed, int64_t now_us) must_check;

/*
 * Takes the pending one into use if it is still this one, and its code's step
 * as accepted; else ERR_NOT_FOUND.  ERR_CONFLICT when one is in use.
 */
enum err store_totp_confirm(struct db *db, uint64_t user_id,
    struct secret_str sealed, uint64_t step, int64_t now_us) must_check;

/*
 * Accepts a code of this step, once ever: ERR_NOT_FOUND when this or a later
 * one was accepted, or the secret is not this one any more.  One statement, so
 * of many who try at once exactly one succeeds.
 */
enum err store_totp_accept(struct db *db, uint64_t user_id,
    struct secret_str sealed, uint64_t step) must_check;

/* ERR_NOT_FOUND when none is in use. */
enum err store_totp_delete(struct db *db, uint64_t user_id) must_check;

/* Of all users, pending or in use, in order of user id behind `after_id`. */
enum err store_totp_list(struct db *db, struct arena *arena, uint64_t after_id,
    size_t max, struct store_totp **ret_list, size_t *ret_n) must_check;

/* Replaces `old` if it is still the one stored; else ERR_NOT_FOUND. */
enum err store_totp_reseal(struct db *db, uint64_t user_id,
    struct secret_str old, struct secret_str sealed) must_check;

extern const struct db_stmt store_totp_statements[];
extern const size_t store_totp_n_statements;

#endif
