/* Sessions, and the principal that a session stands for. */
#ifndef T2O_STORE_SESSION_H
#define T2O_STORE_SESSION_H

#include "store/user.h"

struct store_session {
	uint64_t id;
	struct digest id_hash; /* of what the cookie holds */
	uint64_t user_id;
	int64_t created_us;
	int64_t last_seen_us;
	int64_t confirmed_us; /* when a password or code was last shown */
	int64_t expires_us;   /* the absolute limit */
	struct str client_ip;
	struct str user_agent;
};

/* Who asks: session, user, and what they may, from one indexed query. */
struct store_principal {
	struct store_session session;
	struct store_user user;
	struct str roles; /* names, sorted, one a line; no LF at the end */
	struct str permissions; /* likewise, each once */
};

/*
 * session->id, last_seen_us and confirmed_us are not read: it begins now.
 * user_agent is cut to fit.
 */
enum err store_session_add(struct db *db, const struct digest *id_hash,
    const struct store_session *session, uint64_t *ret_id) must_check;

/* Whoever's session has this hash, expired or not; ERR_NOT_FOUND. */
enum err store_session_principal(struct db *db, struct arena *arena,
    const struct digest *id_hash, struct store_principal *ret) must_check;

/* It was used now.  OK also when it is gone. */
enum err store_session_touch(struct db *db, uint64_t id,
    int64_t now_us) must_check;

/*
 * Another id for the same session, whose user has just proved who they are.
 * ERR_NOT_FOUND when it is gone, or has another id by now.
 */
enum err store_session_renew(struct db *db, const struct store_session *session,
    const struct digest *id_hash, int64_t now_us) must_check;

/* ERR_NOT_FOUND when it is gone already, or not that user's. */
enum err store_session_delete(struct db *db, uint64_t user_id,
    uint64_t id) must_check;

/* All of a user but `except_id` (0: all); how many there were. */
enum err store_session_delete_of(struct db *db, uint64_t user_id,
    uint64_t except_id, uint64_t *ret_n) must_check;

/* A user's that have not expired, newest first, `max` at the most. */
enum err store_session_list(struct db *db, struct arena *arena,
    uint64_t user_id, int64_t now_us, size_t max,
    struct store_session **ret_list, size_t *ret_n) must_check;

extern const struct db_stmt store_session_statements[];
extern const size_t store_session_n_statements;

#endif
