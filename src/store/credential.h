/* What users prove themselves with. */
#ifndef T2O_STORE_CREDENTIAL_H
#define T2O_STORE_CREDENTIAL_H

#include "db/stmt.h"

/* Sets or replaces the password hash (a PHC or foreign string). */
enum err store_credential_set_password(struct db *db, uint64_t user_id,
    struct secret_str hash, int64_t now_us) must_check;

/*
 * Replaces `old` by `hash` if it is still the one stored, so that a rehash
 * does not undo a password change made meanwhile; then ERR_NOT_FOUND.
 */
enum err store_credential_rehash_password(struct db *db, uint64_t user_id,
    struct secret_str old, struct secret_str hash, int64_t now_us) must_check;

/* What there is, without its secret. */
struct store_credential {
	struct str kind; /* "password", … */
	int64_t changed_us;
};
enum err store_credential_list(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_credential **ret_list,
    size_t *ret_n) must_check;

extern const struct db_stmt store_credential_statements[];
extern const size_t store_credential_n_statements;

#endif
