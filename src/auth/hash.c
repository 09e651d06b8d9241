#include "core/base.h"

#include "auth/hash.h"

#include "core/log.h"
#include "core/str.h"

#define SALT_LEN 16
#define SALT_LEN_MAX 64
#define LANES 1

/*
 * What a stored string may ask of us.  It comes from our own table, but a
 * table can be restored from anywhere, and a cost is an order to burn.
 */
#define ARGON2_MEMORY_KIB_MAX (1024 * 1024)
#define ARGON2_PASSES_MAX 64
#define PBKDF2_ITERATIONS_MAX 10000000
#define SCRYPT_P_MAX 16
#define FOREIGN_TAG_LEN_MAX 64

struct argon2_cost {
	uint32_t memory_kib;
	uint32_t passes;
	uint32_t lanes;
};

struct argon2_hash {
	struct argon2_cost cost;
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
static enum err parse_argon2(struct str text, struct argon2_hash *ret)
{
	struct str prefix = STR("$argon2id$v=19$");
	struct argon2_hash h = {0};
	struct str rest;
	struct str salt;
	struct str tag;

	if (!str_starts(text, prefix))
		return ERR_INVALID;
	rest = (struct str){text.p + prefix.len, text.len - prefix.len};
	if (take_u32(&rest, ',', STR("m="), ARGON2_MEMORY_KIB_MAX,
		&h.cost.memory_kib) != OK ||
	    take_u32(&rest, ',', STR("t="), ARGON2_PASSES_MAX,
		&h.cost.passes) != OK ||
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

enum err auth_hash_new(const struct config *config, struct secret_str password,
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

static enum err verify_argon2(struct str stored, struct secret_str password,
    bool *ret_match)
{
	struct argon2_hash h;
	struct digest tag;
	enum err err = parse_argon2(stored, &h);

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

/* A werkzeug hash: METHOD$SALT$HEX, the salt used as the text it is. */
struct werkzeug_hash {
	struct str parameters; /* behind the method's name and ':' */
	struct str salt;
	unsigned char tag[FOREIGN_TAG_LEN_MAX];
	size_t tag_len;
};

static enum err parse_werkzeug(struct str text, struct str method,
    struct werkzeug_hash *ret)
{
	struct werkzeug_hash h = {0};
	struct str rest;
	struct str hex;

	if (!str_starts(text, method) ||
	    !str_split((struct str){text.p + method.len, text.len - method.len},
		'$', &h.parameters, &rest) ||
	    !str_split(rest, '$', &h.salt, &hex))
		return ERR_INVALID;
	h.tag_len = hex.len / 2;
	if (h.salt.len == 0 || h.tag_len < 16 ||
	    h.tag_len > FOREIGN_TAG_LEN_MAX ||
	    hex_decode(hex, h.tag, h.tag_len) != OK)
		return ERR_INVALID;
	*ret = h;
	return OK;
}

static enum err verify_pbkdf2(struct str stored, struct secret_str password,
    bool *ret_match)
{
	unsigned char tag[FOREIGN_TAG_LEN_MAX];
	struct werkzeug_hash h;
	uint64_t iterations;
	enum err err;

	if (parse_werkzeug(stored, STR("pbkdf2:sha256:"), &h) != OK ||
	    str_to_u64(h.parameters, PBKDF2_ITERATIONS_MAX, &iterations) != OK)
		return ERR_INVALID;
	err = crypto_pbkdf2_sha256(password, h.salt.p, h.salt.len,
	    (uint32_t)iterations, tag, h.tag_len);
	if (err == OK)
		*ret_match = crypto_equal(tag, h.tag, h.tag_len);
	crypto_wipe(tag, sizeof(tag));
	crypto_wipe(&h, sizeof(h));
	return err;
}

static enum err verify_scrypt(struct str stored, struct secret_str password,
    bool *ret_match)
{
	unsigned char tag[FOREIGN_TAG_LEN_MAX];
	struct werkzeug_hash h;
	uint32_t cost[3]; /* n, r, p */
	enum err err;

	if (parse_werkzeug(stored, STR("scrypt:"), &h) != OK)
		return ERR_INVALID;
	for (size_t i = 0; i < ARRAY_LEN(cost); i++)
		if (take_u32(&h.parameters, ':', STR(""), 1u << 30, &cost[i]) !=
		    OK)
			return ERR_INVALID;
	if (h.parameters.p != NULL || cost[2] > SCRYPT_P_MAX)
		return ERR_INVALID;
	err = crypto_scrypt(password, h.salt.p, h.salt.len, cost[0], cost[1],
	    cost[2], tag, h.tag_len);
	if (err == OK)
		*ret_match = crypto_equal(tag, h.tag, h.tag_len);
	crypto_wipe(tag, sizeof(tag));
	crypto_wipe(&h, sizeof(h));
	return err;
}

static const struct {
	const char *prefix;
	enum err (*verify)(struct str stored, struct secret_str password,
	    bool *ret_match);
} schemes[] = {
    {"$argon2id$", verify_argon2},
    {"pbkdf2:sha256:", verify_pbkdf2},
    {"scrypt:", verify_scrypt},
};

enum err auth_hash_verify(struct secret_str stored, struct secret_str password,
    bool *ret_match)
{
	struct str text = {stored.p, stored.len};
	enum err err = ERR_INVALID;

	/* Nobody's, whatever is stored; libgcrypt does not take it. */
	if (password.len == 0) {
		*ret_match = false;
		return OK;
	}
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (str_starts(text, str_of(schemes[i].prefix)))
			err = schemes[i].verify(text, password, ret_match);
	if (err == OK || err == ERR_UNAVAILABLE)
		return err;
	log_plain(LOG_ERROR,
	    "a stored password hash has no form that is known");
	return ERR_INTERNAL;
}

enum err auth_hash_verify_nobody(const struct config *config,
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

bool auth_hash_same(struct secret_str a, struct secret_str b)
{
	return a.len == b.len && a.len > 0 && crypto_equal(a.p, b.p, a.len);
}

bool auth_hash_outdated(const struct config *config, struct secret_str stored)
{
	struct argon2_hash h;
	bool outdated;

	if (parse_argon2((struct str){stored.p, stored.len}, &h) != OK)
		return true;
	outdated = h.cost.memory_kib < config->argon2_memory_kib ||
	    h.cost.passes < config->argon2_passes;
	crypto_wipe(&h, sizeof(h));
	return outdated;
}
