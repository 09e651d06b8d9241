#include "core/base.h"

#include "auth/recovery.h"

#include "store/recovery.h"

#define BYTES 15
#define LETTERS 24
#define GROUP 4
_Static_assert(BASE32_LEN(BYTES) == LETTERS + 1, "base32 has 5 bits a letter");
_Static_assert(LETTERS + LETTERS / GROUP == AUTH_RECOVERY_TEXT_LEN,
    "a hyphen between groups, a NUL behind the last");

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
}

enum err auth_recovery_digest(struct secret_str code, struct digest *ret)
{
	char letters[LETTERS];
	size_t n = 0;
	bool good = true;

	for (size_t i = 0; i < code.len; i++) {
		char c = code.p[i];

		if (c == '-' || c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		good = good && is_letter(c) && n < LETTERS;
		if (good)
			letters[n++] = c;
	}
	good = good && n == LETTERS;
	if (good)
		crypto_sha256(letters, LETTERS, ret);
	crypto_wipe(letters, sizeof(letters));
	return good ? OK : ERR_INVALID;
}

static void make_text(char text[AUTH_RECOVERY_TEXT_LEN])
{
	char letters[BASE32_LEN(BYTES)];
	unsigned char bytes[BYTES];

	crypto_random(bytes, sizeof(bytes));
	base32_encode(bytes, sizeof(bytes), letters);
	for (size_t i = 0; i < LETTERS; i++) {
		char c = letters[i];

		if (i > 0 && i % GROUP == 0)
			*text++ = '-';
		*text++ = c >= 'A' ? (char)(c + 32) : c;
	}
	*text = '\0';
	crypto_wipe(letters, sizeof(letters));
	crypto_wipe(bytes, sizeof(bytes));
}

enum err auth_recovery_renew(const struct auth_context *context,
    uint64_t user_id, struct auth_recovery_codes *ret)
{
	struct db *db = context->app->db;
	enum err err = store_recovery_delete_of(db, user_id);

	for (size_t i = 0; err == OK && i < AUTH_RECOVERY_CODES; i++) {
		const char *text = ret->text[i];
		struct digest digest;

		make_text(ret->text[i]);
		err = auth_recovery_digest((struct secret_str){text,
					       strlen(text)},
		    &digest);
		if (err == OK)
			err = store_recovery_add(db, user_id, &digest,
			    context->now_us);
	}
	return err;
}
