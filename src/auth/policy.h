/*
 * What names, addresses and passwords must look like.
 *
 * Each check is a field_check: NULL when the rule is kept, else a sentence
 * for the person who typed it.  Length in code points is the field table's.
 */
#ifndef T2O_AUTH_POLICY_H
#define T2O_AUTH_POLICY_H

#include "core/config.h"
#include "core/str.h"

#define AUTH_NAME_LEN_MAX 60
#define AUTH_USERNAME_LEN_MIN 3
#define AUTH_USERNAME_LEN_MAX 30

/* NIST SP 800-63B section 5.1.1.2: 8 at least, 64 at least allowed. */
#define AUTH_PASSWORD_LEN_MIN 8
#define AUTH_PASSWORD_LEN_MAX 128

/* [A-Za-z0-9_]{3,30} */
const char *auth_policy_username(struct str text);

/* core/addr.h's form. */
const char *auth_policy_email(struct str text);

/* No control characters, no <>, nothing that reads as a link. */
const char *auth_policy_name(struct str text);

/* Words that make a password of this person's weak. */
struct auth_person {
	struct str first_name;
	struct str last_name;
	struct str username;
	struct str email;
};

enum auth_password_verdict {
	AUTH_PASSWORD_FINE = 1,
	AUTH_PASSWORD_LENGTH, /* under 8 or over 128 code points */
	AUTH_PASSWORD_WEAK,   /* too easily guessed */
};

/*
 * zxcvbn's score against config's PASSWORD_MIN_SCORE, with the person's own
 * words and the site's name counted as known to a guesser.  No composition
 * rules.  `ret_why`: a sentence when it is not fine.  ERR_INVALID: not UTF-8.
 */
enum err auth_policy_password(const struct config *config, struct arena *arena,
    struct secret_str password, const struct auth_person *person,
    enum auth_password_verdict *ret_verdict, const char **ret_why) must_check;

#endif
