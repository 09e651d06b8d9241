/*
 * Changes of mail address: asked for, confirmed at the new address, undone
 * from the old one.
 */
#ifndef T2O_STORE_EMAIL_CHANGE_H
#define T2O_STORE_EMAIL_CHANGE_H

#include "db/stmt.h"

struct store_email_change {
	struct str old_email;
	struct str new_email;
	int64_t asked_us;
	int64_t confirmed_us; /* 0: pending */
};

/*
 * Notes what a user has asked for.  `old` is the address they have, so a
 * change that is pending is replaced by this one.
 */
enum err store_email_change_ask(struct db *db, uint64_t user_id, struct str old,
    struct str new, int64_t now_us) must_check;

/* ERR_NOT_FOUND when no change to that address is pending. */
enum err store_email_change_confirm(struct db *db, uint64_t user_id,
    struct str new, int64_t now_us) must_check;

/*
 * Forgets the change from `old` and whatever came after it: changes before it
 * can still be undone.  ERR_NOT_FOUND when there is none.
 */
enum err store_email_change_undo(struct db *db, struct arena *arena,
    uint64_t user_id, struct str old) must_check;

/*
 * Who gave this address up a short while ago, and may still want it back;
 * ERR_NOT_FOUND.
 */
enum err store_email_change_holder(struct db *db, struct arena *arena,
    struct str email, int64_t now_us, uint64_t *ret_user_id) must_check;

/* A user's, newest first, `max` at the most. */
enum err store_email_change_list(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_email_change **ret_list,
    size_t *ret_n) must_check;

extern const struct db_stmt store_email_change_statements[];
extern const size_t store_email_change_n_statements;

#endif
