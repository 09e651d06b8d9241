#include "core/base.h"

#include "mail/compose.h"
#include "suites.h"
#include "unit.h"

static char templates[PATH_MAX];
static struct config config;
static struct buf out;
static struct secret token;

static const struct store_user user = {
    .username = STR("ada"),
    .first_name = STR("Ada"),
    .last_name = STR("Lovelace"),
};

static void set_up(void)
{
	const char *srcdir = getenv("srcdir");
	struct buf path;

	assert_ok(crypto_init());
	buf_init(&path, sizeof(templates) - 1);
	buf_puts(&path, srcdir != NULL ? srcdir : ".");
	buf_puts(&path, "/src/mail/templates");
	memcpy(templates, path.p, path.len + 1);
	buf_done(&path);
	config = (struct config){
	    .site_name = STR("T2O"),
	    .public_url = STR("https://t2o.example"),
	    .verify_url = STR("https://t2o.example/v#{token}&x"),
	    .reset_url = STR("https://t2o.example/r#{token}"),
	    .confirm_email_url = STR("https://t2o.example/c#{token}"),
	    .undo_email_url = STR("https://t2o.example/u#{token}"),
	    .mail_sender = STR("noreply@t2o.example"),
	    .mail_locale = STR("en"),
	    .template_dir = str_of(templates),
	};
	secret_new(&token);
	buf_init(&out, MAIL_MESSAGE_LEN_MAX);
}

static void tear_down(void)
{
	buf_done(&out);
}

static enum err compose(enum mail_template template)
{
	const struct mail_letter letter = {
	    .template = template,
	    .recipient = STR("ada@example.org"),
	    .user = &user,
	    .token = mail_compose_purpose(template) != 0 ? &token : NULL,
	    .code = {"012345", 6},
	    .detail = STR("192.0.2.7"),
	    .happened_us = 1,
	};

	buf_reset(&out);
	return mail_compose(&config, &letter, &out);
}

/* Soft line breaks taken out. */
static void unfold(struct buf *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->len; i++) {
		if (b->p[i] == '=' && b->p[i + 1] == '\r')
			i += 2;
		else
			b->p[kept++] = b->p[i];
	}
	b->p[kept] = '\0';
	b->len = kept;
}

START_TEST(our_templates_in_each_locale)
{
	static const struct str locales[] = {STR("en"), STR("de"), STR("xx"),
	    STR("de_AT")};

	config.mail_locale = locales[_i];
	assert_ok(mail_compose_check(&config));
}
END_TEST

START_TEST(the_link_holds_the_token)
{
	char text[SECRET_TEXT_LEN + 1];
	struct buf link;

	assert_ok(compose(MAIL_VERIFY_EMAIL));
	unfold(&out);
	secret_text(&token, text);
	buf_init(&link, 200);
	buf_putf(&link, "\r\nhttps://t2o.example/v#%s&x\r\n", text);
	ck_assert(str_contains(buf_str(&out), buf_str(&link)));
	buf_reset(&link);
	buf_putf(&link, "href=3D\"https://t2o.example/v#%s&amp;x\"", text);
	ck_assert(str_contains(buf_str(&out), buf_str(&link)));
	ck_assert(str_contains(buf_str(&out), STR("for 24 hours")));
	buf_done(&link);
}
END_TEST

START_TEST(a_notice_tells_when_and_where_from)
{
	assert_ok(compose(MAIL_NEW_LOGIN));
	unfold(&out);
	ck_assert(str_contains(buf_str(&out), STR("192.0.2.7")));
	ck_assert(str_contains(buf_str(&out),
	    STR("Thu, 01 Jan 1970 00:00:00 +0000")));
}
END_TEST

START_TEST(what_has_no_token_has_no_link)
{
	ck_assert_int_eq(mail_compose_purpose(MAIL_SIGNUP_TAKEN), 0);
	assert_ok(compose(MAIL_SIGNUP_TAKEN));
	ck_assert(str_contains(buf_str(&out), STR("https://t2o.example\r\n")));
	ck_assert(!str_contains(buf_str(&out), STR("/v#")));
}
END_TEST

START_TEST(each_link_goes_where_it_belongs)
{
	static const struct {
		enum mail_template template;
		const char *link;
		bool elsewhere;
	} rows[] = {
	    {MAIL_VERIFY_EMAIL, "https://t2o.example/v#", false},
	    {MAIL_RESET_PASSWORD, "https://t2o.example/r#", false},
	    {MAIL_EMAIL_CONFIRM, "https://t2o.example/c#", true},
	    {MAIL_EMAIL_CHANGED, "https://t2o.example/u#", true},
	    {MAIL_PASSWORD_CHANGED, "https://t2o.example", true},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_ok(compose(rows[i].template));
		unfold(&out);
		ck_assert(str_contains(buf_str(&out), str_of(rows[i].link)));
		ck_assert(mail_compose_is_for(rows[i].template,
		    STR("Ada@example.org"), STR("ada@example.org")));
		ck_assert_int_eq(mail_compose_is_for(rows[i].template,
				     STR("ada@example.org"),
				     STR("bob@example.org")),
		    rows[i].elsewhere);
	}
}
END_TEST

START_TEST(a_code_stands_in_the_text)
{
	ck_assert(mail_compose_has_code(MAIL_LOGIN_CODE));
	assert_ok(compose(MAIL_LOGIN_CODE));
	unfold(&out);
	/* Mail servers log subjects. */
	ck_assert(!str_contains(buf_str(&out), STR("Subject: 012345")));
	ck_assert(str_contains(buf_str(&out), STR("\r\n    012345\r\n")));
	ck_assert(str_contains(buf_str(&out), STR("within 10 minutes")));
	ck_assert(!str_contains(buf_str(&out), STR("/v#")));
	assert_ok(compose(MAIL_RECOVERY_CODE_USED));
	ck_assert(!str_contains(buf_str(&out), STR("012345")));
}
END_TEST

START_TEST(no_templates)
{
	config.template_dir = STR("/nonexistent");
	assert_err(mail_compose_check(&config), ERR_NOT_FOUND);
}
END_TEST

Suite *suite_mail_compose(void)
{
	Suite *suite = suite_create("mail_compose");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, our_templates_in_each_locale, 0, 4);
	tcase_add_test(tcase, the_link_holds_the_token);
	tcase_add_test(tcase, a_notice_tells_when_and_where_from);
	tcase_add_test(tcase, what_has_no_token_has_no_link);
	tcase_add_test(tcase, each_link_goes_where_it_belongs);
	tcase_add_test(tcase, a_code_stands_in_the_text);
	tcase_add_test(tcase, no_templates);
	suite_add_tcase(suite, tcase);
	return suite;
}
