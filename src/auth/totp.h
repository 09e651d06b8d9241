/*
 * Time-based one-time passwords, RFC 6238: SHA-1, six digits, 30 s, as every
 * authenticator has them.  The step before and the one behind count too, for
 * clocks that differ and people who type slowly (section 5.2).
 */
#ifndef T2O_AUTH_TOTP_H
#define T2O_AUTH_TOTP_H

#include "core/buf.h"
#include "core/config.h"
#include "core/crypto.h"

#define AUTH_TOTP_STEP_S 30
#define AUTH_TOTP_DIGITS 6

/* As long as the hash's output (RFC 4226 section 4, R6). */
struct auth_totp_secret {
	unsigned char byte[20];
};

void auth_totp_new(struct auth_totp_secret *ret);

/* Exactly six ASCII digits; liboath would take seven or eight as well. */
bool auth_totp_is_code(struct secret_str code);

/*
 * The step whose code this is, of the present one and its neighbours; 0: of
 * none.  Takes the same time whichever it is.  Which steps were used before is
 * not known here (store_totp_accept).  ERR_INTERNAL when liboath fails.
 */
enum err auth_totp_match(const struct auth_totp_secret *secret,
    struct secret_str code, int64_t now_us, uint64_t *ret_step) must_check;

/*
 * otpauth://totp/ISSUER:USERNAME?secret=BASE32&issuer=ISSUER, where ISSUER is
 * SITE_NAME: what an authenticator reads from a QR code.  Into *out,
 * initialised by the caller for AUTH_TOTP_URI_LEN_MAX.
 */
#define AUTH_TOTP_URI_LEN_MAX 2048
enum err auth_totp_uri(const struct config *config,
    const struct auth_totp_secret *secret, struct str username,
    struct buf *out) must_check;

/* As the database has it (auth/seal.h). */
enum err auth_totp_seal(const struct config *config, uint64_t user_id,
    const struct auth_totp_secret *secret, struct buf *out) must_check;
enum err auth_totp_open(const struct config *config, uint64_t user_id,
    struct secret_str sealed, struct auth_totp_secret *ret) must_check;

#endif
