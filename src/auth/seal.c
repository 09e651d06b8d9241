#include "core/base.h"

#include "auth/seal.h"

#include "core/log.h"

#define PREFIX STR("$aes256gcm$")
#define CONTEXT_LEN_MAX 128
#define KEY_ID_LEN 8 /* digits */
#define SEALED_MAX (AUTH_SEAL_BYTES_MAX + CRYPTO_SEAL_EXTRA)

/* Which key, for whoever reads the table; it tells nothing about the key. */
static void name_key(struct secret_str master, char id[KEY_ID_LEN + 1])
{
	struct secret derived;

	crypto_derive(master, "t2o sealing key id", &derived);
	hex_encode(derived.byte, KEY_ID_LEN / 2, id);
	crypto_wipe(&derived, sizeof(derived));
}

/* "PURPOSE of user ID": what is sealed for one opens for no other. */
static void put_context(struct buf *out, const char *purpose, uint64_t user_id)
{
	buf_init(out, CONTEXT_LEN_MAX);
	buf_puts(out, purpose);
	buf_puts(out, " of user ");
	buf_put_u64(out, user_id);
	ensure(buf_err(out) == OK);
}

static void derive_key(struct secret_str master, struct secret *ret)
{
	crypto_derive(master, "t2o sealing key", ret);
}

enum err auth_seal_put(const struct config *config, const char *purpose,
    uint64_t user_id, const void *bytes, size_t len, struct buf *out)
{
	char text[BASE64URL_LEN(SEALED_MAX)], id[KEY_ID_LEN + 1];
	unsigned char sealed[SEALED_MAX];
	struct secret key;
	struct buf context;

	ensure(len > 0 && len <= AUTH_SEAL_BYTES_MAX);
	derive_key(config->secret_key, &key);
	put_context(&context, purpose, user_id);
	crypto_seal(&key, buf_str(&context), bytes, len, sealed);
	base64_encode(sealed, len + CRYPTO_SEAL_EXTRA, text);
	name_key(config->secret_key, id);
	buf_put(out, PREFIX);
	buf_puts(out, id);
	buf_putc(out, '$');
	buf_puts(out, text);
	buf_done(&context);
	crypto_wipe(&key, sizeof(key));
	return buf_err(out);
}

/* Takes a sealed text apart; false when it is none. */
static bool parse(struct secret_str sealed, struct str *ret_id,
    struct str *ret_text)
{
	struct str whole = {sealed.p, sealed.len};
	struct str prefix = PREFIX;

	return str_starts(whole, prefix) &&
	    str_split((struct str){whole.p + prefix.len,
			  whole.len - prefix.len},
		'$', ret_id, ret_text);
}

/* The master key of that id; p NULL: there is none. */
static struct secret_str find_master(const struct config *config, struct str id)
{
	const struct secret_str masters[] = {config->secret_key,
	    config->secret_key_old};

	for (size_t i = 0; i < ARRAY_LEN(masters); i++) {
		char name[KEY_ID_LEN + 1];

		if (masters[i].len == 0)
			continue;
		name_key(masters[i], name);
		if (str_eq(id, str_of(name)))
			return masters[i];
	}
	return (struct secret_str){NULL, 0};
}

static enum err open_with(struct secret_str master, struct str context,
    struct str text, void *out, size_t len)
{
	unsigned char sealed[SEALED_MAX];
	struct secret key;
	enum err err;

	ensure(len <= AUTH_SEAL_BYTES_MAX);
	if (base64_decode(text, sealed, len + CRYPTO_SEAL_EXTRA) != OK)
		return ERR_INVALID;
	derive_key(master, &key);
	err = crypto_open(&key, context, sealed, len + CRYPTO_SEAL_EXTRA, out,
	    len);
	crypto_wipe(&key, sizeof(key));
	return err;
}

enum err auth_seal_open(const struct config *config, const char *purpose,
    uint64_t user_id, struct secret_str sealed, void *out, size_t len)
{
	struct secret_str master = {NULL, 0};
	struct str id, text;
	struct buf context;
	enum err err = ERR_INVALID;

	put_context(&context, purpose, user_id);
	if (parse(sealed, &id, &text))
		master = find_master(config, id);
	if (master.p != NULL)
		err = open_with(master, buf_str(&context), text, out, len);
	if (err != OK)
		log_at(LOG_ERROR,
		    master.p == NULL ? "a secret is sealed under a key that is"
				       " not configured"
				     : "a sealed secret was changed",
		    LOG_STR("what", buf_str(&context)));
	buf_done(&context);
	return err == OK ? OK : ERR_INTERNAL;
}

bool auth_seal_outdated(const struct config *config, struct secret_str sealed)
{
	char current[KEY_ID_LEN + 1];
	struct str id, text;

	name_key(config->secret_key, current);
	return !parse(sealed, &id, &text) || !str_eq(id, str_of(current));
}
