#include "core/base.h"

#include "mail/smtp.h"
#include "suites.h"
#include "unit.h"

/* Servers that answer are tests/mail's part. */

static struct config config;

static void set_up(void)
{
	config = (struct config){
	    .mail_server = STR("mail.example"),
	    .mail_port = 587,
	    .mail_use_tls = true,
	    .mail_sender = STR("noreply@t2o.example"),
	    .mail_timeout_s = 1,
	};
}

START_TEST(a_password_needs_tls_or_loopback)
{
	static const struct {
		struct str server;
		bool use_tls;
		enum err err;
	} rows[] = {
	    {STR("mail.example"), true, OK},
	    {STR("mail.example"), false, ERR_INVALID},
	    {STR("localhost.example"), false, ERR_INVALID},
	    {STR("127.example"), false, ERR_INVALID},
	    {STR("localhost"), false, OK},
	    {STR("127.0.0.1"), false, OK},
	};

	config.mail_username = STR("mailer");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mail_smtp *smtp = NULL;

		config.mail_server = rows[i].server;
		config.mail_use_tls = rows[i].use_tls;
		assert_err(mail_smtp_new(&config, &smtp), rows[i].err);
		mail_smtp_free(&smtp);
		ck_assert_ptr_null(smtp);
	}
}
END_TEST

START_TEST(certificates_to_trust_must_be_there)
{
	struct mail_smtp *smtp = NULL;

	config.mail_ca_file = STR("/nonexistent");
	assert_err(mail_smtp_new(&config, &smtp), ERR_INVALID);
	ck_assert_ptr_null(smtp);
}
END_TEST

START_TEST(nobody_listens)
{
	struct mail_smtp_result result = {0};
	struct mail_smtp *smtp = NULL;
	struct buf message;

	config.mail_server = STR("127.0.0.1");
	config.mail_port = 1;
	config.mail_use_tls = false;
	buf_init(&message, 100);
	buf_puts(&message, "Subject: x\r\n\r\nx\r\n");
	assert_ok(mail_smtp_new(&config, &smtp));
	mail_smtp_send(smtp, STR("ada@example.org"), &message, &result);
	ck_assert_int_eq(result.outcome, MAIL_SMTP_DOWN);
	ck_assert_str_eq(result.why, "cannot connect: Connection refused");
	mail_smtp_free(&smtp);
	buf_done(&message);
}
END_TEST

START_TEST(words_are_tamed)
{
	struct mail_smtp_result result = {0};
	char long_words[500];

	mail_smtp_say(&result, STR("450 4.2.0 \x1b[2J caf\xc3\xa9\r\n"));
	ck_assert_str_eq(result.why, "450 4.2.0 ?[2J caf????");
	memset(long_words, 'x', sizeof(long_words));
	mail_smtp_say(&result, (struct str){long_words, sizeof(long_words)});
	ck_assert_uint_eq(strlen(result.why), sizeof(result.why) - 1);
}
END_TEST

Suite *suite_mail_smtp(void)
{
	Suite *suite = suite_create("mail_smtp");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, a_password_needs_tls_or_loopback);
	tcase_add_test(tcase, certificates_to_trust_must_be_there);
	tcase_add_test(tcase, nobody_listens);
	tcase_add_test(tcase, words_are_tamed);
	suite_add_tcase(suite, tcase);
	return suite;
}
