#include "core/base.h"

#include "core/clock.h"
#include "mail/delivery.h"
#include "suites.h"
#include "unit.h"

static const struct {
	enum mail_smtp_outcome outcome;
	uint64_t attempts;
	enum mail_fate fate;
	int64_t delay_s;
} rows[] = {
    {MAIL_SMTP_SENT, 0, MAIL_FATE_SENT, 0},
    {MAIL_SMTP_SENT, 1000, MAIL_FATE_SENT, 0},
    {MAIL_SMTP_REFUSED, 0, MAIL_FATE_PARK, 0},
    {MAIL_SMTP_DOWN, 0, MAIL_FATE_RELEASE, 0},
    {MAIL_SMTP_DOWN, 1000, MAIL_FATE_RELEASE, 0},
    {MAIL_SMTP_LATER, 0, MAIL_FATE_DEFER, 60},
    {MAIL_SMTP_LATER, 1, MAIL_FATE_DEFER, 120},
    {MAIL_SMTP_LATER, 7, MAIL_FATE_DEFER, 128 * 60},
    {MAIL_SMTP_LATER, 8, MAIL_FATE_DEFER, 4 * 3600},
    {MAIL_SMTP_LATER, 24, MAIL_FATE_DEFER, 4 * 3600},
    {MAIL_SMTP_LATER, 25, MAIL_FATE_PARK, 0},
    {MAIL_SMTP_LATER, UINT64_MAX, MAIL_FATE_PARK, 0},
};

START_TEST(fate)
{
	int64_t delay_s = 0;

	ck_assert_int_eq(mail_delivery_fate(rows[_i].outcome, rows[_i].attempts,
			     &delay_s),
	    rows[_i].fate);
	ck_assert_int_eq(delay_s, rows[_i].delay_s);
}
END_TEST

START_TEST(three_days_in_all)
{
	int64_t total_s = 0, delay_s;
	uint64_t attempts = 0;

	while (mail_delivery_fate(MAIL_SMTP_LATER, attempts, &delay_s) ==
	    MAIL_FATE_DEFER) {
		total_s += delay_s;
		attempts++;
	}
	ck_assert_int_ge(total_s, 3 * DAY_S);
	ck_assert_int_lt(total_s, 3 * DAY_S + 4 * HOUR_S);
}
END_TEST

Suite *suite_mail_delivery(void)
{
	Suite *suite = suite_create("mail_delivery");
	TCase *tcase = tcase_create("all");

	tcase_add_loop_test(tcase, fate, 0, ARRAY_LEN(rows));
	tcase_add_test(tcase, three_days_in_all);
	suite_add_tcase(suite, tcase);
	return suite;
}
