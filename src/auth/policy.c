#include "core/base.h"

#include "auth/policy.h"

#include <math.h>
#include <zxcvbn.h>

#include "core/addr.h"
#include "core/utf8.h"

const char *auth_policy_username(struct str text)
{
	static const char why[] =
	    "3 to 30 letters, digits and underscores, please.";

	if (text.len < AUTH_USERNAME_LEN_MIN ||
	    text.len > AUTH_USERNAME_LEN_MAX)
		return why;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_'))
			return why;
	}
	return NULL;
}

const char *auth_policy_email(struct str text)
{
	return addr_valid(text) ? NULL : "This is not a mail address.";
}

/*
 * A name goes into mails to addresses that nobody has confirmed yet: what
 * mail programs turn into a link would make us a sender of other people's
 * advertising.
 */
static bool reads_as_link(struct str text)
{
	struct str scheme = STR("://");
	struct str www = STR("www.");

	if (str_contains(text, scheme))
		return true;
	for (size_t i = 0; i + www.len <= text.len; i++)
		if (str_eq_nocase((struct str){text.p + i, www.len}, www))
			return true;
	return false;
}

const char *auth_policy_name(struct str text)
{
	struct str rest = text;
	uint32_t c;
	bool blank = true;

	while (utf8_next(&rest, &c) == OK) {
		if (utf8_is_control(c))
			return "Control characters do not belong in a name.";
		if (c == '<' || c == '>')
			return "\"<\" and \">\" do not belong in a name.";
		if (c != ' ')
			blank = false;
	}
	if (blank)
		return "Please fill this in.";
	if (reads_as_link(text))
		return "A link does not belong in a name.";
	return NULL;
}

/* zxcvbn's score from its estimate of the guesses needed, in bits. */
static uint64_t score_of(double bits)
{
	static const double guesses[] = {1e3, 1e6, 1e8, 1e10};
	uint64_t score = 0;

	while (score < ARRAY_LEN(guesses) && bits >= log2(guesses[score]))
		score++;
	return score;
}

/*
 * The person's own words, as zxcvbn takes them: C strings, NULL at the end.
 * The address counts whole and by its local part.
 */
static enum err own_words(struct arena *arena, const struct config *config,
    const struct auth_person *person, const char *ret_words[8])
{
	struct str local = person->email;
	struct str host;
	size_t n = 0;

	(void)str_split(person->email, '@', &local, &host);
	const struct str words[] = {person->first_name, person->last_name,
	    person->username, person->email, local, config->site_name,
	    STR("t2o")};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct str word;

		if (words[i].len == 0)
			continue;
		if (arena_dup(arena, words[i], &word) != OK)
			return ERR_LIMIT;
		ret_words[n++] = word.p;
	}
	ret_words[n] = NULL;
	return OK;
}

enum err auth_policy_password(const struct config *config, struct arena *arena,
    struct secret_str password, const struct auth_person *person,
    enum auth_password_verdict *ret_verdict, const char **ret_why)
{
	size_t n_code_points = utf8_len((struct str){password.p, password.len});
	const char *words[8];
	struct str text;
	double bits;

	if (n_code_points == SIZE_MAX)
		return ERR_INVALID;
	if (n_code_points < AUTH_PASSWORD_LEN_MIN ||
	    n_code_points > AUTH_PASSWORD_LEN_MAX) {
		*ret_verdict = AUTH_PASSWORD_LENGTH;
		*ret_why = "8 to 128 characters, please.";
		return OK;
	}
	/* The arena is wiped after the request, and the copy with it. */
	if (arena_dup(arena, (struct str){password.p, password.len}, &text) !=
		OK ||
	    own_words(arena, config, person, words) != OK)
		return ERR_LIMIT;
	bits = ZxcvbnMatch(text.p, words, NULL);
	if (score_of(bits) < config->password_min_score) {
		*ret_verdict = AUTH_PASSWORD_WEAK;
		*ret_why = "This password is too easily guessed. A few "
			   "unrelated words make a better one.";
		return OK;
	}
	*ret_verdict = AUTH_PASSWORD_FINE;
	*ret_why = NULL;
	return OK;
}
