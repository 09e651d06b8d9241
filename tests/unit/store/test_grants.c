/* sql/grants.sql: each program can do its work, and nothing else. */
#include "core/base.h"

#include "core/buf.h"
#include "fixture.h"
#include "store/schema.h"
#include "store/statements.h"
#include "suites.h"

enum account { FCGI, MAILER };

/* Accounts are the server's, so each test has its own, named after its base. */
static const struct str real_names[] = {
    [FCGI] = STR("t2o_fcgi@localhost"),
    [MAILER] = STR("t2o_mailer@localhost"),
};
static char names[ARRAY_LEN(real_names)][80];
static struct db *dbs[ARRAY_LEN(real_names)];

/* ---- statements -------------------------------------------------------------
 */

/* The statements each program runs. */
static const struct {
	enum account account;
	const char *name;
} needs[] = {
    {FCGI, "audit_add"},
    {FCGI, "audit_count"},
    {FCGI, "audit_count_of_user"},
    {FCGI, "audit_list"},
    {FCGI, "audit_list_of_user"},
    {FCGI, "challenge_add"},
    {FCGI, "challenge_delete_of"},
    {FCGI, "challenge_get"},
    {FCGI, "challenge_redeem"},
    {FCGI, "challenge_try"},
    {FCGI, "credential_list"},
    {FCGI, "credential_rehash_password"},
    {FCGI, "credential_set_password"},
    {FCGI, "email_change_ask"},
    {FCGI, "email_change_asked_at"},
    {FCGI, "email_change_confirm"},
    {FCGI, "email_change_forget_since"},
    {FCGI, "email_change_holder"},
    {FCGI, "email_change_list"},
    {FCGI, "network_add"},
    {FCGI, "network_count"},
    {FCGI, "network_list"},
    {FCGI, "network_seen"},
    {FCGI, "outbox_add"},
    {FCGI, "outbox_list_of"},
    {FCGI, "permission_add"},
    {FCGI, "permission_by_name"},
    {FCGI, "permission_delete"},
    {FCGI, "permission_explain"},
    {FCGI, "permission_get"},
    {FCGI, "permission_give"},
    {FCGI, "permission_list"},
    {FCGI, "permission_take"},
    {FCGI, "recovery_add"},
    {FCGI, "recovery_count"},
    {FCGI, "recovery_delete_of"},
    {FCGI, "recovery_redeem"},
    {FCGI, "role_add"},
    {FCGI, "role_by_name"},
    {FCGI, "role_count_holders"},
    {FCGI, "role_delete"},
    {FCGI, "role_get"},
    {FCGI, "role_grant"},
    {FCGI, "role_list"},
    {FCGI, "role_lock_holders"},
    {FCGI, "role_names_of"},
    {FCGI, "role_permissions_of"},
    {FCGI, "role_revoke"},
    {FCGI, "session_add"},
    {FCGI, "session_delete"},
    {FCGI, "session_delete_of"},
    {FCGI, "session_list"},
    {FCGI, "session_principal"},
    {FCGI, "session_renew"},
    {FCGI, "session_touch"},
    {FCGI, "throttle_clear"},
    {FCGI, "throttle_get"},
    {FCGI, "throttle_lock"},
    {FCGI, "throttle_put"},
    {FCGI, "token_find"},
    {FCGI, "token_redeem"},
    {FCGI, "totp_accept"},
    {FCGI, "totp_confirm"},
    {FCGI, "totp_delete"},
    {FCGI, "totp_get"},
    {FCGI, "totp_get_pending"},
    {FCGI, "totp_put_pending"},
    {FCGI, "user_add"},
    {FCGI, "user_by_email"},
    {FCGI, "user_by_username"},
    {FCGI, "user_count"},
    {FCGI, "user_count_matches"},
    {FCGI, "user_delete"},
    {FCGI, "user_disable"},
    {FCGI, "user_enable"},
    {FCGI, "user_get"},
    {FCGI, "user_list_by_email"},
    {FCGI, "user_list_by_email_down"},
    {FCGI, "user_list_by_id"},
    {FCGI, "user_list_by_id_down"},
    {FCGI, "user_list_by_username"},
    {FCGI, "user_list_by_username_down"},
    {FCGI, "user_lock"},
    {FCGI, "user_login_by_email"},
    {FCGI, "user_login_by_id"},
    {FCGI, "user_login_by_username"},
    {FCGI, "user_mark_verified"},
    {FCGI, "user_match_by_email"},
    {FCGI, "user_match_by_email_down"},
    {FCGI, "user_match_by_id"},
    {FCGI, "user_match_by_id_down"},
    {FCGI, "user_match_by_username"},
    {FCGI, "user_match_by_username_down"},
    {FCGI, "user_set_email"},
    {FCGI, "user_set_names"},
    {MAILER, "challenge_set_mailed"},
    {MAILER, "outbox_claim"},
    {MAILER, "outbox_claimed"},
    {MAILER, "outbox_defer"},
    {MAILER, "outbox_next_due"},
    {MAILER, "outbox_park"},
    {MAILER, "outbox_release"},
    {MAILER, "outbox_sent"},
    {MAILER, "token_put"},
    {MAILER, "user_for_mail"},
};

/* What a program that was taken over would like to do. */
static const struct {
	enum account account;
	const char *sql;
} refused[] = {
    {FCGI, "UPDATE audit_log SET message = ''"},
    {FCGI, "DELETE FROM audit_log"},
    {FCGI, "UPDATE user_roles SET role_id = 1"},
    {FCGI, "UPDATE role_permissions SET role_id = 1"},
    {FCGI, "UPDATE roles SET name = 'x'"},
    {FCGI, "UPDATE permissions SET name = 'x'"},
    {FCGI, "INSERT INTO tokens SELECT * FROM tokens"},
    {FCGI, "SELECT last_error FROM mail_outbox"},
    {FCGI, "UPDATE mail_outbox SET recipient = 'mallory@example.org'"},
    {FCGI, "UPDATE login_challenges SET mailed_hash = 'x'"},
    {FCGI, "UPDATE recovery_codes SET user_id = 1"},
    {FCGI, "DELETE FROM mail_outbox"},
    {FCGI, "UPDATE email_changes SET old_email = 'mallory@example.org'"},
    {FCGI, "UPDATE users SET created_at = NOW()"},
    {FCGI, "UPDATE schema_migrations SET version = 1"},
    {FCGI, "CREATE TABLE x (id INT)"},
    {MAILER, "SELECT secret FROM credentials"},
    {MAILER, "SELECT id_hash FROM sessions"},
    {MAILER, "SELECT token_hash FROM tokens"},
    {MAILER, "SELECT id_hash FROM login_challenges"},
    {MAILER, "SELECT mailed_hash FROM login_challenges"},
    {MAILER, "UPDATE login_challenges SET tries = 0"},
    {MAILER, "SELECT code_hash FROM recovery_codes"},
    {MAILER, "SELECT created_at FROM users"},
    {MAILER, "SELECT new_email FROM email_changes"},
    {MAILER, "UPDATE users SET verified_at = NULL"},
    {MAILER, "UPDATE mail_outbox SET recipient = 'mallory@example.org'"},
    {MAILER, "INSERT INTO mail_outbox (template) VALUES ('x')"},
    {MAILER, "DELETE FROM mail_outbox"},
    {MAILER, "SELECT message FROM audit_log"},
    {MAILER, "INSERT INTO audit_log (level) VALUES ('info')"},
};

/* ---- accounts ---------------------------------------------------------------
 */

static void exec(const char *verb, const char *account, const char *rest)
{
	struct buf sql;

	buf_init(&sql, 512);
	buf_putf(&sql, "%s %s@localhost %s", verb, account, rest);
	assert_ok(buf_err(&sql));
	test_database_exec(t, sql.p);
	buf_done(&sql);
}

/* A connection like t->db, as somebody else. */
static struct db *connect_as(const char *account)
{
	struct config config = t->config;
	struct str head, tail;
	struct buf url;
	struct db *own;

	ck_assert(str_split(str_of(t->url), '@', &head, &tail));
	buf_init(&url, 1024);
	buf_putf(&url, "mysql://%s:test@%.*s", account, STR_ARG(tail));
	config.database_url = (struct secret_str){url.p, url.len};
	assert_ok(db_conn_new(&config, &own));
	buf_done(&url);
	return own;
}

/* The text with the real accounts replaced by the test's. */
static void put_renamed(struct buf *out, struct str text)
{
	while (text.len > 0) {
		size_t taken = 0;

		for (size_t i = 0; i < ARRAY_LEN(real_names) && taken == 0; i++)
			if (str_starts(text, real_names[i])) {
				buf_putf(out, "%s@localhost", names[i]);
				taken = real_names[i].len;
			}
		if (taken == 0) {
			buf_putc(out, text.p[0]);
			taken = 1;
		}
		text.p += taken;
		text.len -= taken;
	}
}

/* Runs grants.sql: statements that end in ';', comments on lines of theirs. */
static void run_grants(void)
{
	struct buf path, sql;
	char line[200];
	FILE *file;

	buf_init(&path, PATH_MAX);
	buf_putf(&path, "%s/grants.sql", test_database_sql_dir());
	file = fopen(path.p, "r");
	ck_assert_msg(file != NULL, "%s", path.p);
	buf_init(&sql, 2000);
	while (fgets(line, sizeof(line), file) != NULL) {
		struct str text = str_trim(str_of(line));

		if (str_starts(text, STR("--")))
			continue;
		put_renamed(&sql, text);
		buf_putc(&sql, ' ');
		if (!str_ends(text, STR(";")))
			continue;
		assert_ok(buf_err(&sql));
		test_database_exec(t, sql.p);
		buf_reset(&sql);
	}
	ck_assert_int_eq(fclose(file), 0);
	buf_done(&sql);
	buf_done(&path);
}

static void grants_set_up(void)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		ck_assert_int_lt(snprintf(names[i], sizeof(names[i]), "%s_%zu",
				     t->name, i),
		    sizeof(names[i]));
		exec("CREATE USER", names[i], "IDENTIFIED BY 'test'");
		dbs[i] = connect_as(names[i]);
	}
	run_grants();
}

static void grants_tear_down(void)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		db_conn_free(&dbs[i]);
		exec("DROP USER", names[i], "");
	}
}

/* ---- tests ------------------------------------------------------------------
 */

static const struct db_stmt *statement(const char *name)
{
	const struct db_stmt *stmt;

	for (size_t i = 0; (stmt = store_statement_at(i)) != NULL; i++)
		if (strcmp(stmt->name, name) == 0)
			return stmt;
	ck_abort_msg("no statement %s", name);
	return NULL;
}

START_TEST(enough)
{
	for (size_t i = 0; i < ARRAY_LEN(dbs); i++)
		assert_ok(store_schema_require(dbs[i]));
	for (size_t i = 0; i < ARRAY_LEN(needs); i++)
		ck_assert_msg(db_stmt_check(dbs[needs[i].account],
				  statement(needs[i].name)) == OK,
		    "%s cannot %s", real_names[needs[i].account].p,
		    needs[i].name);
}
END_TEST

START_TEST(not_more)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct db_stmt stmt = {
		    .name = refused[i].sql,
		    .sql = refused[i].sql,
		};

		/* As the administrator, lest it is refused for a typo. */
		stmt.n_columns = str_starts(str_of(stmt.sql), STR("SELECT"));
		ck_assert_msg(db_stmt_check(db, &stmt) == OK, "%s", stmt.sql);
		ck_assert_msg(db_stmt_check(dbs[refused[i].account], &stmt) !=
			OK,
		    "%s can %s", real_names[refused[i].account].p, stmt.sql);
	}
}
END_TEST

Suite *suite_store_grants(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/grants", &tcase);

	tcase_add_checked_fixture(tcase, grants_set_up, grants_tear_down);
	tcase_add_test(tcase, enough);
	tcase_add_test(tcase, not_more);
	return suite;
}
