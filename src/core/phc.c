#include "core/base.h"

#include "core/phc.h"

#include "core/str.h"

#define SALT_LEN 16
#define SALT_LEN_MAX 64
#define LANES 1

/*
 * What a stored string may ask of us.  It comes from our own table, but a
 * table can be restored from anywhere, and a cost is an order to burn.
 */
#define PASSES_MAX 64

struct cost {
	uint32_t memory_kib;
	uint32_t passes;
	uint32_t lanes;
};

struct phc {
	struct cost cost;
	unsigned char salt[SALT_LEN_MAX];
	size_t salt_len;
	struct digest tag;
};

static enum err take_u32(struct str *rest, char sep, struct str prefix,
    uint32_t max, uint32_t *ret)
{
	struct str part;
	uint64_t n;

	if (!str_next(rest, sep, &part) || !str_starts(part, prefix))
		return ERR_INVALID;
	part.p += prefix.len;
	part.len -= prefix.len;
	if (str_to_u64(part, max, &n) != OK)
		return ERR_INVALID;
	*ret = (uint32_t)n;
	return OK;
}

/* PHC string format; the parameters in the order that Argon2 writes. */
static enum err parse(struct str text, struct phc *ret)
{
	struct str prefix = STR("$argon2id$v=19$");
	struct phc h = {0};
	struct str rest;
	struct str salt;
	struct str tag;

	if (!str_starts(text, prefix))
		return ERR_INVALID;
	rest = (struct str){text.p + prefix.len, text.len - prefix.len};
	if (take_u32(&rest, ',', STR("m="), CRYPTO_ARGON2_KIB_MAX,
		&h.cost.memory_kib) != OK ||
	    take_u32(&rest, ',', STR("t="), PASSES_MAX, &h.cost.passes) != OK ||
	    take_u32(&rest, '$', STR("p="), 16, &h.cost.lanes) != OK ||
	    !str_split(rest, '$', &salt, &tag))
		return ERR_INVALID;
	h.salt_len = base64_decoded_len(salt);
	if (h.salt_len < 8 || h.salt_len > SALT_LEN_MAX ||
	    base64_decode(salt, h.salt, h.salt_len) != OK ||
	    base64_decode(tag, h.tag.byte, sizeof(h.tag.byte)) != OK)
		return ERR_INVALID;
	*ret = h;
	return OK;
}

enum err phc_new(const struct config *config, struct secret_str password,
    struct buf *out)
{
	unsigned char salt[SALT_LEN];
	char salt_text[BASE64URL_LEN(SALT_LEN)];
	char tag_text[BASE64URL_LEN(sizeof(struct digest))];
	struct digest tag;
	enum err err;

	crypto_random(salt, sizeof(salt));
	err = crypto_argon2id(password, salt, sizeof(salt),
	    (uint32_t)config->argon2_memory_kib,
	    (uint32_t)config->argon2_passes, LANES, &tag);
	if (err != OK)
		return err;
	base64_encode(salt, sizeof(salt), salt_text);
	base64_encode(tag.byte, sizeof(tag.byte), tag_text);
	buf_putf(out, "$argon2id$v=19$m=%" PRIu64 ",t=%" PRIu64 ",p=%d$%s$%s",
	    config->argon2_memory_kib, config->argon2_passes, LANES, salt_text,
	    tag_text);
	crypto_wipe(&tag, sizeof(tag));
	crypto_wipe(tag_text, sizeof(tag_text));
	return buf_err(out);
}

enum err phc_verify(struct secret_str stored, struct secret_str password,
    bool *ret_match)
{
	struct phc h;
	struct digest tag;
	enum err err = parse((struct str){stored.p, stored.len}, &h);

	if (err != OK)
		return err;
	err = crypto_argon2id(password, h.salt, h.salt_len, h.cost.memory_kib,
	    h.cost.passes, h.cost.lanes, &tag);
	if (err == OK)
		*ret_match = crypto_equal(&tag, &h.tag, sizeof(tag));
	crypto_wipe(&tag, sizeof(tag));
	crypto_wipe(&h, sizeof(h));
	return err;
}

enum err phc_verify_nobody(const struct config *config,
    struct secret_str password)
{
	static const unsigned char salt[SALT_LEN];
	struct digest tag;
	enum err err;

	if (password.len == 0)
		return OK;
	err = crypto_argon2id(password, salt, sizeof(salt),
	    (uint32_t)config->argon2_memory_kib,
	    (uint32_t)config->argon2_passes, LANES, &tag);
	crypto_wipe(&tag, sizeof(tag));
	return err;
}

bool phc_outdated(const struct config *config, struct secret_str stored)
{
	struct phc h;
	bool outdated;

	if (parse((struct str){stored.p, stored.len}, &h) != OK)
		return true;
	outdated = h.cost.memory_kib < config->argon2_memory_kib ||
	    h.cost.passes < config->argon2_passes;
	crypto_wipe(&h, sizeof(h));
	return outdated;
}
