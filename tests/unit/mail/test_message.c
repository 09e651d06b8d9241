#include "core/base.h"

#include "mail/message.h"
#include "suites.h"
#include "unit.h"

/* 2026-11-24T06:45:00Z */
#define NOW_US (INT64_C(1795502700) * SECOND_US)

static struct mail_text text;
static struct mail_message message;
static struct buf out;

static void set_up(void)
{
	assert_ok(crypto_init());
	mail_text_init(&text);
	buf_init(&out, MAIL_MESSAGE_LEN_MAX);
	buf_puts(&text.subject, "Hello");
	buf_puts(&text.plain, "plain\n");
	buf_puts(&text.html, "<p>html</p>\n");
	message = (struct mail_message){
	    .from_name = STR("T2O"),
	    .from = STR("noreply@t2o.example"),
	    .to = STR("ada@example.org"),
	    .date_us = NOW_US,
	    .text = &text,
	};
}

static void tear_down(void)
{
	mail_text_done(&text);
	buf_done(&out);
}

static void set(struct buf *buf, const char *z)
{
	buf_reset(buf);
	buf_puts(buf, z);
}

/* Lines end in CRLF alone, and are short, ASCII and without NUL. */
static void check_lines(size_t len_max)
{
	struct str rest = buf_str(&out), line;

	while (str_next(&rest, '\n', &line) && (rest.p != NULL || line.len)) {
		ck_assert_uint_gt(line.len, 0);
		ck_assert_int_eq(line.p[--line.len], '\r');
		ck_assert_uint_le(line.len, len_max);
		for (size_t i = 0; i < line.len; i++)
			ck_assert((line.p[i] >= ' ' && line.p[i] <= '~') ||
			    line.p[i] == '\t');
	}
}

static void build(void)
{
	buf_reset(&out);
	assert_ok(mail_message_build(&message, &out));
	check_lines(76);
}

static void assert_has(const char *z)
{
	ck_assert_msg(str_contains(buf_str(&out), str_of(z)), "no %s in\n%s", z,
	    out.p);
}

/* What stands between two marks, the first such place. */
static struct str between(const char *from, const char *to)
{
	const char *begin = strstr(out.p, from);
	const char *end;

	ck_assert_ptr_nonnull(begin);
	begin += strlen(from);
	end = strstr(begin, to);
	ck_assert_ptr_nonnull(end);
	return (struct str){begin, (size_t)(end - begin)};
}

START_TEST(plain_message)
{
	build();
	assert_has("Date: Tue, 24 Nov 2026 06:45:00 +0000\r\n");
	assert_has("From: \"T2O\" <noreply@t2o.example>\r\n");
	assert_has("To: ada@example.org\r\n");
	assert_has("Subject: Hello\r\n");
	assert_has("Auto-Submitted: auto-generated\r\n");
	assert_has("MIME-Version: 1.0\r\n");
	assert_has("Content-Type: multipart/alternative;\r\n boundary=\"=_");
	assert_has("Content-Type: text/plain; charset=utf-8\r\n"
		   "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		   "plain\r\n\r\n--=_");
	assert_has("\r\n\r\n<p>html</p>\r\n\r\n--=_");
	ck_assert(str_ends(buf_str(&out), STR("--\r\n")));
}
END_TEST

START_TEST(ids_are_new_each_time)
{
	struct str first, second;
	char kept[64] = "";

	build();
	first = between("Message-ID: <", "@t2o.example>\r\n");
	ck_assert_uint_eq(first.len, 32);
	memcpy(kept, first.p, first.len);
	build();
	second = between("Message-ID: <", "@t2o.example>\r\n");
	ck_assert(!str_eq(second, str_of(kept)));
}
END_TEST

static const struct {
	const char *subject;
	const char *header;
} subjects[] = {
    {"a plain one: 1 + 1 = 2", "Subject: a plain one: 1 + 1 = 2\r\n"},
    {"Käse", "Subject: =?UTF-8?Q?K=C3=A4se?=\r\n"},
    {"a?=_é", "Subject: =?UTF-8?Q?a=3F=3D=5F=C3=A9?=\r\n"},
    {"not a =?UTF-8?Q?word?=",
	"Subject: =?UTF-8?Q?not_a_=3D=3FUTF-8=3FQ=3Fword=3F=3D?=\r\n"},
    /* Longer than a line. */
    {"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123",
	"Subject: =?UTF-8?Q?0123456789_0123456789_0123456789_0123456789_"
	"0123456789_?=\r\n =?UTF-8?Q?0123456789_0123?=\r\n"},
    /* No word ends inside a character (RFC 2047 section 5). */
    {"éééééééééééé",
	"Subject: =?UTF-8?Q?=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9"
	"=C3=A9?=\r\n =?UTF-8?Q?=C3=A9=C3=A9=C3=A9?=\r\n"},
    {"x😀", "Subject: =?UTF-8?Q?x=F0=9F=98=80?=\r\n"},
};

START_TEST(subject)
{
	set(&text.subject, subjects[_i].subject);
	build();
	assert_has(subjects[_i].header);
}
END_TEST

static const struct {
	struct str name;
	const char *header;
} names[] = {
    {STR(""), "From: noreply@t2o.example\r\n"},
    {STR("A \"B\" \\ C, D <e@f>"),
	"From: \"A \\\"B\\\" \\\\ C, D <e@f>\" <noreply@t2o.example>\r\n"},
    {STR("Käse & Brot"),
	"From: =?UTF-8?Q?K=C3=A4se_=26_Brot?= <noreply@t2o.example>\r\n"},
    {STR("A name of forty letters, more or less one"),
	"From: =?UTF-8?Q?A_name_of_forty_letters=2C_more_or_less_one?=\r\n"
	" <noreply@t2o.example>\r\n"},
};

START_TEST(from)
{
	message.from_name = names[_i].name;
	build();
	assert_has(names[_i].header);
}
END_TEST

static const struct {
	const char *text;
	const char *encoded;
} bodies[] = {
    {"", ""},
    {"x", "x\r\n"},
    {"\n\n", "\r\n\r\n"},
    {".\n..\nFrom x\n", ".\r\n..\r\nFrom x\r\n"},
    {"a=b", "a=3Db\r\n"},
    {"end \nend\t\nend ", "end=20\r\nend=09\r\nend=20\r\n"},
    {"\r\n\x7f\x01", "=0D\r\n=7F=01\r\n"},
    {"é", "=C3=A9\r\n"},
    /* 75 fit in a line with its soft break, and no triple is cut. */
    {"0123456789012345678901234567890123456789012345678901234567890123456789"
     "01234",
	"01234567890123456789012345678901234567890123456789012345678901234567"
	"8901234\r\n"},
    {"0123456789012345678901234567890123456789012345678901234567890123456789"
     "012345",
	"01234567890123456789012345678901234567890123456789012345678901234567"
	"8901234=\r\n5\r\n"},
    {"0123456789012345678901234567890123456789012345678901234567890123456789"
     "012=",
	"01234567890123456789012345678901234567890123456789012345678901234567"
	"89012=\r\n=3D\r\n"},
};

START_TEST(quoted_printable)
{
	set(&text.plain, bodies[_i].text);
	build();
	assert_str(between("quoted-printable\r\n\r\n", "\r\n--=_"),
	    bodies[_i].encoded);
}
END_TEST

static const struct {
	struct str name, from, to;
	const char *subject;
	const char *plain;
} refused[] = {
    {.name = STR("x\r\nBcc: eve@example.org")},
    {.name = STR("x\ny")},
    {.name = STR("x\0y")},
    {.name = STR("\xff")},
    {.from = STR("noreply")},
    {.from = STR("a@b\r\nX: y")},
    {.to = STR("a@b.example\r\nBcc: eve@example.org")},
    {.to = STR("a@b.example, eve@example.org")},
    {.to = STR("a@b.example> <eve@example.org")},
    {.to = STR("")},
    {.subject = "Hello\r\nBcc: eve@example.org"},
    {.subject = "Hello\rX"},
    {.subject = "\x7f"},
    {.subject = ""},
    {.subject = "\xc3"},
    {.plain = "\xff"},
};

START_TEST(nothing_slips_into_headers)
{
	if (refused[_i].name.len > 0)
		message.from_name = refused[_i].name;
	if (refused[_i].from.len > 0)
		message.from = refused[_i].from;
	if (refused[_i].to.p != NULL)
		message.to = refused[_i].to;
	if (refused[_i].subject != NULL)
		set(&text.subject, refused[_i].subject);
	if (refused[_i].plain != NULL)
		set(&text.plain, refused[_i].plain);
	assert_err(mail_message_build(&message, &out), ERR_INVALID);
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(the_longest_addresses_fit_in_a_line)
{
	char long_addr[255];

	/* 64 @ 63 . 63 . 61 */
	memset(long_addr, 'a', sizeof(long_addr) - 1);
	long_addr[64] = '@';
	long_addr[128] = long_addr[192] = '.';
	long_addr[254] = '\0';
	message.to = message.from = str_of(long_addr);
	buf_reset(&out);
	assert_ok(mail_message_build(&message, &out));
	check_lines(300); /* RFC 5322 allows 998 */
}
END_TEST

START_TEST(too_small_a_buffer)
{
	struct buf small;

	buf_init(&small, 500);
	assert_err(mail_message_build(&message, &small), ERR_LIMIT);
	buf_done(&small);
}
END_TEST

Suite *suite_mail_message(void)
{
	Suite *suite = suite_create("mail_message");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, plain_message);
	tcase_add_test(tcase, ids_are_new_each_time);
	tcase_add_loop_test(tcase, subject, 0, ARRAY_LEN(subjects));
	tcase_add_loop_test(tcase, from, 0, ARRAY_LEN(names));
	tcase_add_loop_test(tcase, quoted_printable, 0, ARRAY_LEN(bodies));
	tcase_add_loop_test(tcase, nothing_slips_into_headers, 0,
	    ARRAY_LEN(refused));
	tcase_add_test(tcase, the_longest_addresses_fit_in_a_line);
	tcase_add_test(tcase, too_small_a_buffer);
	suite_add_tcase(suite, tcase);
	return suite;
}
