#include "core/base.h"

#include "auth/hash.h"

#include "core/log.h"
#include "core/phc.h"
#include "core/str.h"

/* As core/phc.c has it: a cost is an order to burn. */
#define PBKDF2_ITERATIONS_MAX 10000000
#define SCRYPT_COST_MAX (1u << 30)
#define SCRYPT_P_MAX 16
#define FOREIGN_TAG_LEN_MAX 64

enum err auth_hash_new(const struct config *config, struct secret_str password,
    struct buf *out)
{
	return phc_new(config, password, out);
}

/* A werkzeug hash: METHOD$SALT$HEX, the salt used as the text it is. */
struct werkzeug_hash {
	struct str parameters; /* behind the method's name and ':' */
	struct str salt;
	unsigned char tag[FOREIGN_TAG_LEN_MAX];
	size_t tag_len;
};

static enum err parse_werkzeug(struct secret_str stored, struct str method,
    struct werkzeug_hash *ret)
{
	struct str text = {stored.p, stored.len};
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

static enum err verify_pbkdf2(struct secret_str stored,
    struct secret_str password, bool *ret_match)
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

static enum err verify_scrypt(struct secret_str stored,
    struct secret_str password, bool *ret_match)
{
	unsigned char tag[FOREIGN_TAG_LEN_MAX];
	struct werkzeug_hash h;
	uint64_t cost[3]; /* n, r, p */
	struct str part;
	enum err err;

	if (parse_werkzeug(stored, STR("scrypt:"), &h) != OK)
		return ERR_INVALID;
	for (size_t i = 0; i < ARRAY_LEN(cost); i++)
		if (!str_next(&h.parameters, ':', &part) ||
		    str_to_u64(part, SCRYPT_COST_MAX, &cost[i]) != OK)
			return ERR_INVALID;
	if (h.parameters.p != NULL || cost[2] > SCRYPT_P_MAX)
		return ERR_INVALID;
	err = crypto_scrypt(password, h.salt.p, h.salt.len, cost[0],
	    (uint32_t)cost[1], (uint32_t)cost[2], tag, h.tag_len);
	if (err == OK)
		*ret_match = crypto_equal(tag, h.tag, h.tag_len);
	crypto_wipe(tag, sizeof(tag));
	crypto_wipe(&h, sizeof(h));
	return err;
}

static const struct {
	const char *prefix;
	enum err (*verify)(struct secret_str stored, struct secret_str password,
	    bool *ret_match);
} schemes[] = {
    {"$argon2id$", phc_verify},
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
			err = schemes[i].verify(stored, password, ret_match);
	if (err == OK || err == ERR_UNAVAILABLE)
		return err;
	log_plain(LOG_ERROR,
	    "a stored password hash has no form that is known");
	return ERR_INTERNAL;
}

enum err auth_hash_verify_nobody(const struct config *config,
    struct secret_str password)
{
	return phc_verify_nobody(config, password);
}

bool auth_hash_same(struct secret_str a, struct secret_str b)
{
	return a.len == b.len && a.len > 0 && crypto_equal(a.p, b.p, a.len);
}

bool auth_hash_outdated(const struct config *config, struct secret_str stored)
{
	return phc_outdated(config, stored);
}
