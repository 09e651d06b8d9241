#include "core/base.h"

#include "mail/mint.h"

#include "core/phc.h"
#include "store/challenge.h"

static enum err mint_token(const struct app *app, const struct store_mail *mail,
    enum token_purpose purpose, struct secret *ret)
{
	struct digest digest;

	secret_new(ret);
	secret_digest(ret, &digest);
	return store_token_put(app->db, mail->user_id, purpose, mail->recipient,
	    &digest, clock_now_us(&app->clock));
}

/* So few can be tried out: the hash is a slow one. */
static enum err mint_code(const struct app *app, const struct store_mail *mail,
    char code[MAIL_CODE_LEN])
{
	struct buf hash;
	enum err err;

	for (size_t i = 0; i < MAIL_CODE_LEN; i++)
		code[i] = (char)('0' + crypto_random_below(10));
	buf_init(&hash, PHC_LEN_MAX);
	err = phc_new(app->config, (struct secret_str){code, MAIL_CODE_LEN},
	    &hash);
	if (err == OK)
		err = store_challenge_set_mailed(app->db, mail->challenge_id,
		    mail->user_id, (struct secret_str){hash.p, hash.len},
		    clock_now_us(&app->clock));
	buf_done(&hash);
	return err;
}

enum err mail_mint(const struct app *app, const struct store_mail *mail,
    struct mail_letter *letter, struct mail_minted *out)
{
	enum token_purpose purpose = mail_compose_purpose(letter->template);

	if (purpose != 0) {
		letter->token = &out->token;
		return mint_token(app, mail, purpose, &out->token);
	}
	if (!mail_compose_has_code(letter->template))
		return OK;
	letter->code = (struct secret_str){out->code, MAIL_CODE_LEN};
	return mint_code(app, mail, out->code);
}
