/*
 * The mail outbox: a row is written in the transaction that causes the mail,
 * so committed means it will be sent, and rolled back that it never existed.
 */
#ifndef T2O_STORE_OUTBOX_H
#define T2O_STORE_OUTBOX_H

#include "db/stmt.h"

enum mail_template {
	MAIL_VERIFY_EMAIL = 1, /* carries a token */
	MAIL_SIGNUP_TAKEN,     /* somebody signed up with your address */
	MAIL_RESET_PASSWORD,   /* carries a token */
	MAIL_PASSWORD_CHANGED,
	MAIL_NEW_LOGIN, /* from a network not seen before; detail: address */
	MAIL_EMAIL_CONFIRM,  /* carries a token, to an address not yet theirs */
	MAIL_EMAIL_CHANGED,  /* carries a token, to the old; detail: the new */
	MAIL_EMAIL_TAKEN,    /* somebody wants your address for theirs */
	MAIL_EMAIL_RESTORED, /* a change of address was undone */
	MAIL_ACCOUNT_ERASED, /* to nobody's address by then */
	MAIL_LOGIN_CODE,     /* carries a code for one login */
	MAIL_TWOFA_ENABLED,
	MAIL_TWOFA_DISABLED,
	MAIL_RECOVERY_CODE_USED, /* detail: how many are left */
	MAIL_N_TEMPLATES,
};

/* "verify_email": the name of its template files and in the table. */
const char *store_outbox_template_name(enum mail_template template);
enum err store_outbox_template_parse(struct str name,
    enum mail_template *ret) must_check;

struct store_mail {
	uint64_t id;
	struct str state; /* "queued", "sent", "parked" */
	struct str template;
	uint64_t user_id; /* 0: it is about nobody */
	struct str recipient;
	struct str detail;     /* what a template says as {{detail}} */
	uint64_t challenge_id; /* MAIL_LOGIN_CODE: the login; else 0 */
	int64_t created_us;
	int64_t next_us;       /* not before */
	uint64_t attempts;     /* that have ended, whatever came of them */
	struct str last_error; /* p NULL: none */
	int64_t sent_us;
};

/* `detail`: foreign text, cleaned and cut to fit; may be empty. */
enum err store_outbox_add(struct db *db, enum mail_template template,
    uint64_t user_id, struct str recipient, struct str detail,
    int64_t now_us) must_check;

/* A MAIL_LOGIN_CODE for one login (store/challenge.h). */
enum err store_outbox_add_code(struct db *db, uint64_t user_id,
    struct str recipient, uint64_t challenge_id, int64_t now_us) must_check;

/*
 * Claims up to `max` due rows under a fresh lease, with one UPDATE, and
 * reads them, oldest due first.  A row whose lease ran out is due again.
 * *lease is the claimer's own for the calls below.
 */
enum err store_outbox_claim(struct db *db, struct arena *arena,
    const struct digest *lease, int64_t now_us, int64_t lease_us, size_t max,
    struct store_mail **ret_list, size_t *ret_n) must_check;

/*
 * Each changes a claimed row and gives up the lease; ERR_NOT_FOUND when the
 * lease is no longer held, and then nothing is changed.  `why` is for
 * sysadmins, cut to fit, control characters replaced.
 */
enum err store_outbox_sent(struct db *db, uint64_t id,
    const struct digest *lease, int64_t now_us) must_check;
enum err store_outbox_defer(struct db *db, uint64_t id,
    const struct digest *lease, int64_t next_us, struct str why) must_check;
enum err store_outbox_park(struct db *db, uint64_t id,
    const struct digest *lease, struct str why) must_check;

/* The same, and the row is as due as it was: this was no attempt at it. */
enum err store_outbox_release(struct db *db, uint64_t id,
    const struct digest *lease, struct str why) must_check;

/* When a queued row is due, or a lease ends; 0 when there is none. */
enum err store_outbox_next_due(struct db *db, struct arena *arena,
    int64_t *ret_us) must_check;

/* By state (empty: all but sent), oldest first, ids behind `after_id`. */
enum err store_outbox_list(struct db *db, struct arena *arena, struct str state,
    uint64_t after_id, size_t max, struct store_mail **ret_list,
    size_t *ret_n) must_check;

/*
 * What a user was or will be sent, newest first, with none of user_id,
 * next_us, attempts and last_error.  Mail to an address that is not theirs yet
 * is left out: that there is one would tell that the address had been free.
 */
enum err store_outbox_list_of(struct db *db, struct arena *arena,
    uint64_t user_id, size_t max, struct store_mail **ret_list,
    size_t *ret_n) must_check;

/*
 * By hand: due now (but not before a lease on it ends), attempts from 0 /
 * deleted; ERR_NOT_FOUND if sent.
 */
enum err store_outbox_retry(struct db *db, uint64_t id,
    int64_t now_us) must_check;
enum err store_outbox_drop(struct db *db, uint64_t id) must_check;

extern const struct db_stmt store_outbox_statements[];
extern const size_t store_outbox_n_statements;

#endif
