/* Logins whose password was right and that wait for a code. */
#ifndef T2O_STORE_CHALLENGE_H
#define T2O_STORE_CHALLENGE_H

#include "db/stmt.h"

/* How long one waits, and so how long a code that was mailed for it lives. */
#define STORE_CHALLENGE_TTL_S 600

/* Codes that may be tried; then it is dead. */
#define STORE_CHALLENGE_TRIES_MAX 5

struct store_challenge {
	uint64_t id;
	uint64_t user_id;
	struct secret_str mailed_hash; /* core/phc.h; p NULL: no code mailed */
};

enum err store_challenge_add(struct db *db, uint64_t user_id,
    const struct digest *id_hash, int64_t now_us, uint64_t *ret_id) must_check;

/*
 * ERR_NOT_FOUND when it is unknown, answered, or over; also when the clock was
 * set back to before it began.  One whose tries are used up is found.
 */
enum err store_challenge_get(struct db *db, struct arena *arena,
    const struct digest *id_hash, int64_t now_us,
    struct store_challenge *ret) must_check;

/* Takes one of its tries, before the code is looked at; ERR_NOT_FOUND. */
enum err store_challenge_try(struct db *db, uint64_t id) must_check;

/*
 * For the mailer: the code that it is about to send, in place of an earlier
 * one.  ERR_NOT_FOUND when there is no such login of this user's, or no more.
 */
enum err store_challenge_set_mailed(struct db *db, uint64_t id,
    uint64_t user_id, struct secret_str hash, int64_t now_us) must_check;

/* Answers it, once: ERR_NOT_FOUND when it was answered meanwhile. */
enum err store_challenge_redeem(struct db *db, uint64_t id) must_check;

/* All of a user; OK also when there are none. */
enum err store_challenge_delete_of(struct db *db, uint64_t user_id) must_check;

extern const struct db_stmt store_challenge_statements[];
extern const size_t store_challenge_n_statements;

#endif
