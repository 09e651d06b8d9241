/*
 * A user's mail address changes when the new one confirms it, and the old one
 * can take it back for three days: who takes over an account cannot take it
 * away (OWASP ASVS 6.3.7).
 */
#ifndef T2O_AUTH_EMAIL_H
#define T2O_AUTH_EMAIL_H

#include "auth/context.h"
#include "core/crypto.h"
#include "store/user.h"

/*
 * Whose address this is: a user's who has it, or had it till a short while
 * ago and may still take it back; ret->email is the address asked about.
 * ERR_NOT_FOUND when it is free.
 */
enum err auth_email_owner(const struct auth_context *context, struct str email,
    struct store_user *ret) must_check;

/*
 * In the caller's transaction, which holds store_user_lock: asks for a change,
 * and tells the old address.  When the new one is somebody else's, it is they
 * who are told, and to whom it was that asked all looks as ever.
 */
enum err auth_email_ask(const struct auth_context *context,
    const struct store_user *user, struct str email) must_check;

/*
 * What comes back by mail.  ERR_NOT_FOUND: a token that cannot be redeemed, or
 * for what is no longer to be done; ERR_CONFLICT: the address is another
 * user's by now.
 */
enum err auth_email_confirm(const struct auth_context *context,
    const struct secret *token) must_check;

/*
 * The user has the old address again, or keeps it, and changes that came after
 * are forgotten.  All sessions end.
 */
enum err auth_email_undo(const struct auth_context *context,
    const struct secret *token) must_check;

#endif
