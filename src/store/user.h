/* Users: who has an account. */
#ifndef T2O_STORE_USER_H
#define T2O_STORE_USER_H

#include "db/stmt.h"

struct store_user {
	uint64_t id;
	struct str username;
	struct str email;
	struct str first_name;
	struct str last_name;
	int64_t verified_us; /* 0: the email is not confirmed */
	int64_t disabled_us; /* 0: not disabled */
	int64_t created_us;
	bool twofa_enabled; /* has a TOTP credential */
};

/* What a login needs, in one query. */
struct store_login {
	struct store_user user;
	struct secret_str password_hash; /* p NULL: has no password */
};

/*
 * Adds a user with id, verified and disabled from *user taken as given (id
 * ignored).  ERR_CONFLICT when username or email is taken.
 */
enum err store_user_add(struct db *db, const struct store_user *user,
    uint64_t *ret_id) must_check;

/* ERR_NOT_FOUND when there is none. */
enum err store_user_get(struct db *db, struct arena *arena, uint64_t id,
    struct store_user *ret) must_check;
enum err store_user_by_username(struct db *db, struct arena *arena,
    struct str username, struct store_user *ret) must_check;
enum err store_user_by_email(struct db *db, struct arena *arena,
    struct str email, struct store_user *ret) must_check;

/*
 * What a mail says of its user, within the mailer's grants: created_us and
 * twofa_enabled are not read.
 */
enum err store_user_for_mail(struct db *db, struct arena *arena, uint64_t id,
    struct store_user *ret) must_check;

/* By username or email, whichever it looks like ('@' is in one alone). */
enum err store_user_for_login(struct db *db, struct arena *arena,
    struct str username_or_email, struct store_login *ret) must_check;
enum err store_user_for_login_by_id(struct db *db, struct arena *arena,
    uint64_t id, struct store_login *ret) must_check;

/*
 * Locks the user until the transaction ends; ERR_NOT_FOUND.  Taken before a
 * session is begun and before anything is changed that a login goes by (the
 * password, a second factor): who reads after it reads what the other left, on
 * a cluster included.
 */
enum err store_user_lock(struct db *db, uint64_t id) must_check;

/* Users in order of id behind `after_id`, `max` at the most. */
enum err store_user_list(struct db *db, struct arena *arena, uint64_t after_id,
    size_t max, struct store_user **ret_users, size_t *ret_n) must_check;

/*
 * Username, first and last name of *user to the user of its id.  ERR_CONFLICT
 * when the username is taken; ERR_NOT_FOUND.
 */
enum err store_user_set_names(struct db *db,
    const struct store_user *user) must_check;

/* An address that its reader has confirmed.  Errors likewise. */
enum err store_user_set_email(struct db *db, uint64_t id, struct str email,
    int64_t now_us) must_check;

/*
 * And all that is the user's: credentials, sessions, tokens, roles, mail.
 * ERR_NOT_FOUND.
 */
enum err store_user_delete(struct db *db, uint64_t id) must_check;

/* Each ERR_NOT_FOUND when there is no such user, or no change to make. */
enum err store_user_mark_verified(struct db *db, uint64_t id,
    int64_t now_us) must_check;
enum err store_user_disable(struct db *db, uint64_t id,
    int64_t now_us) must_check;
enum err store_user_enable(struct db *db, uint64_t id) must_check;

extern const struct db_stmt store_user_statements[];
extern const size_t store_user_n_statements;

#endif
