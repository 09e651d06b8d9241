#include "core/base.h"

#include "core/clock.h"
#include "mail/compose.h"
#include "store/challenge.h"

#define LINK_LEN_MAX 2048
#define NUMBER_LEN_MAX 20

/* What a template's link is for, and where the site has it land. */
static const struct landing {
	enum token_purpose purpose; /* 0: there is no link */
	size_t form;		    /* of struct str in struct config */
	bool elsewhere;		    /* not only to the user's own address */
} landings[MAIL_N_TEMPLATES] = {
    [MAIL_VERIFY_EMAIL] = {TOKEN_VERIFY_EMAIL,
	offsetof(struct config, verify_url), false},
    [MAIL_RESET_PASSWORD] = {TOKEN_RESET_PASSWORD,
	offsetof(struct config, reset_url), false},
    [MAIL_EMAIL_CONFIRM] = {TOKEN_CHANGE_EMAIL,
	offsetof(struct config, confirm_email_url), true},
    [MAIL_EMAIL_CHANGED] = {TOKEN_UNDO_EMAIL,
	offsetof(struct config, undo_email_url), true},
};

enum token_purpose mail_compose_purpose(enum mail_template template)
{
	ensure(template > 0 && template <MAIL_N_TEMPLATES);
	return landings[template].purpose;
}

bool mail_compose_has_code(enum mail_template template)
{
	return template == MAIL_LOGIN_CODE;
}

bool mail_compose_is_for(enum mail_template template, struct str recipient,
    struct str email)
{
	bool opens = mail_compose_purpose(template) != 0 ||
	    mail_compose_has_code(template);

	return !opens || landings[template].elsewhere ||
	    str_eq_nocase(recipient, email);
}

static enum err put_link(const struct config *config,
    enum mail_template template, const struct secret *token, struct buf *out)
{
	static const struct str mark = STR("{token}");
	struct str form;
	const char *at;
	char text[SECRET_TEXT_LEN + 1];
	size_t before;

	memcpy(&form, (const char *)config + landings[template].form,
	    sizeof(form));
	at = memmem(form.p, form.len, mark.p, mark.len);
	ensure(at != NULL); /* config has looked */
	before = (size_t)(at - form.p);
	secret_text(token, text);
	buf_put(out, (struct str){form.p, before});
	buf_puts(out, text);
	buf_put(out, (struct str){at + mark.len, form.len - before - mark.len});
	crypto_wipe(text, sizeof(text));
	return buf_err(out);
}

/* What is made for one letter. */
struct extra {
	char time[CLOCK_RFC5322_LEN];
	struct buf link;
	struct buf life; /* hours of the link, minutes of the code */
};

static enum err put_extra(const struct config *config,
    const struct mail_letter *letter, struct extra *out)
{
	enum token_purpose purpose = mail_compose_purpose(letter->template);

	clock_rfc5322(letter->happened_us, out->time);
	if (mail_compose_has_code(letter->template))
		buf_put_i64(&out->life, STORE_CHALLENGE_TTL_S / MINUTE_S);
	if (purpose == 0)
		return OK;
	buf_put_i64(&out->life, store_token_ttl_s(purpose) / HOUR_S);
	return put_link(config, letter->template, letter->token, &out->link);
}

static enum err render(const struct config *config,
    const struct mail_letter *letter, const struct extra *extra,
    struct mail_text *text)
{
	const struct store_user *user = letter->user;
	bool has_link = mail_compose_purpose(letter->template) != 0;
	bool has_code = mail_compose_has_code(letter->template);
	struct mail_value values[] = {
	    {"site_name", config->site_name},
	    {"site_url", config->public_url},
	    {"username", user->username},
	    {"first_name", user->first_name},
	    {"last_name", user->last_name},
	    {"time", str_of(extra->time)},
	    {"detail", letter->detail},
	    /* From here on for those with a link or a code alone. */
	    {"link", buf_str(&extra->link)},
	    {"hours", buf_str(&extra->life)},
	};
	size_t n = ARRAY_LEN(values);

	if (has_code) {
		values[n - 2] = (struct mail_value){"code",
		    {letter->code.p, letter->code.len}};
		values[n - 1].name = "minutes";
	}
	return mail_template_render(config, letter->template, values,
	    has_link || has_code ? n : n - 2, text);
}

enum err mail_compose(const struct config *config,
    const struct mail_letter *letter, struct buf *out)
{
	struct mail_text text;
	struct extra extra;
	enum err err;

	mail_text_init(&text);
	buf_init(&extra.link, LINK_LEN_MAX);
	buf_init(&extra.life, NUMBER_LEN_MAX);
	err = put_extra(config, letter, &extra);
	if (err == OK)
		err = render(config, letter, &extra, &text);
	if (err == OK)
		err = mail_message_build(
		    &(struct mail_message){
			.from_name = config->site_name,
			.from = config->mail_sender,
			.to = letter->recipient,
			.date_us = letter->date_us,
			.text = &text,
		    },
		    out);
	buf_done(&extra.link);
	buf_done(&extra.life);
	mail_text_done(&text);
	return err;
}

enum err mail_compose_check(const struct config *config)
{
	static const struct store_user nobody = {
	    .username = STR("nobody"),
	    .first_name = STR("No"),
	    .last_name = STR("Body"),
	};
	struct secret token;
	struct buf message;
	enum err result = OK;

	secret_new(&token);
	buf_init(&message, MAIL_MESSAGE_LEN_MAX);
	for (enum mail_template t = 1; t < MAIL_N_TEMPLATES; t++) {
		const struct mail_letter letter = {
		    .template = t,
		    .recipient = config->mail_sender,
		    .user = &nobody,
		    .token = &token,
		    .code = {"000000", 6},
		};
		enum err err;

		buf_reset(&message);
		err = mail_compose(config, &letter, &message);
		if (err != OK)
			result = err;
	}
	buf_done(&message);
	crypto_wipe(&token, sizeof(token));
	return result;
}
