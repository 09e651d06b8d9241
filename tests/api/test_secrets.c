/* 16.2.5: what was secret in a request stands in no table and in no log. */
#include "core/base.h"

#include <dirent.h>

#include "api.h"

#define FILE_MAX (64 * 1024 * 1024)

struct secrets {
	const char *list[12];
	size_t n;
};

static void keep(struct secrets *s, const char *secret)
{
	ck_assert_ptr_nonnull(secret);
	ck_assert_uint_lt(s->n, ARRAY_LEN(s->list));
	s->list[s->n++] = secret;
}

/* One life with the service, mistakes included; its secrets are kept. */
static void live(struct secrets *s)
{
	struct account a = account_invent();
	struct client *c = client_new();
	const char *wrong = text("wrong %s", text_random_hex(12));
	const char *token;

	keep(s, a.password);
	keep(s, wrong);
	account_sign_up(&a);
	token = mailbox_wait(a.email, 1)->token;
	keep(s, token);
	(void)get(c, text("/verify_email/%s?token=%s", token, token));
	(void)get(c, text("/verify_email/%s/x", token));
	(void)SEND(c, .method = "DELETE",
	    .path = text("/verify_email/%s", token));
	(void)post(c, "/verify_email", J("{'token':'%s'", token));

	(void)post(c, "/login", account_login_body(a.username, wrong));
	(void)post(c, "/login", account_login_body(wrong, a.password));
	(void)post(c, "/login",
	    text("%s}", account_login_body(a.username, a.password)));
	(void)SEND(c, .path = "/login", .type = "text/plain",
	    .body = account_login_body(a.username, a.password));
	(void)get(c, text("/login?password=%s", text_uri(a.password)));
	(void)post(c, "/login", account_login_body(a.username, a.password));
	keep(s, client_cookie(c, SESSION_COOKIE));
	keep(s, client_csrf(c));
	(void)get(c, "/current_user_details");
	(void)SEND(c, .method = "POST", .path = "/logout",
	    .csrf = client_csrf(account_login(&a)));
	(void)SEND(c, .method = "POST", .path = "/logout");
}

static const char *is_in(struct str bytes, const struct secrets *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (memmem(bytes.p, bytes.len, s->list[i],
			strlen(s->list[i])) != NULL)
			return s->list[i];
	return NULL;
}

START_TEST(no_table_holds_a_secret)
{
	struct secrets s = {.n = 0};
	const char *columns, *column;
	struct str rest, name;

	live(&s);
	database_run("SET SESSION group_concat_max_len = 1000000");
	columns = database_text(
	    "SELECT GROUP_CONCAT(CONCAT(table_name, ' ', "
	    "column_name)) FROM information_schema.columns WHERE "
	    "table_schema = DATABASE() AND data_type IN ('varchar', 'char', "
	    "'text', 'longtext', 'blob', 'binary', 'varbinary')");
	ck_assert_ptr_nonnull(columns);
	rest = str_of(columns);
	while (str_next(&rest, ',', &name)) {
		column = text("%.*s", STR_ARG(name));
		for (size_t i = 0; i < s.n; i++)
			ck_assert_msg(
			    database_number(
				"SELECT COUNT(*) FROM "
				"%.*s WHERE INSTR(CONVERT(%s USING latin1), "
				"CONVERT('%s' USING latin1)) > 0",
				(int)strcspn(column, " "), column,
				strchr(column, ' ') + 1, s.list[i]) == 0,
			    "%s holds a secret", column);
	}
}
END_TEST

static void search_log(const char *path, const struct secrets *s)
{
	FILE *f = fopen(path, "r");
	char *bytes = malloc(FILE_MAX);
	const char *found;
	size_t len;

	ck_assert_ptr_nonnull(bytes);
	if (f != NULL) {
		len = fread(bytes, 1, FILE_MAX, f);
		fclose(f);
		found = is_in((struct str){bytes, len}, s);
		ck_assert_msg(found == NULL, "%s holds %s", path, found);
	}
	free(bytes);
}

START_TEST(no_log_holds_a_secret)
{
	const char *path = text("%s/log", environment("T2O_RUN_DIR"));
	struct secrets s = {.n = 0};
	struct dirent *entry;
	DIR *dir;

	live(&s);
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			search_log(text("%s/%s", path, entry->d_name), &s);
	closedir(dir);
}
END_TEST

/* What the database has of a token is its hash, and after use not even that. */
START_TEST(token_is_stored_as_a_hash)
{
	struct account a = account_invent();
	const char *token, *hashed;

	account_sign_up(&a);
	token = mailbox_wait(a.email, 1)->token;
	hashed = text(
	    "SELECT COUNT(*) FROM tokens WHERE user_id = %llu AND "
	    "token_hash = UNHEX(SHA2(FROM_BASE64(CONCAT(REPLACE(REPLACE('%s', "
	    "'-', '+'), '_', '/'), '=')), 256))",
	    account_id(&a), token);
	ck_assert_int_eq(database_number("%s", hashed), 1);
	expect_success(get(client_new(), text("/verify_email/%s", token)), 200,
	    NULL);
	ck_assert_int_eq(database_number("%s", hashed), 0);
}
END_TEST

void add_secrets(TCase *tc)
{
	tcase_add_test(tc, no_table_holds_a_secret);
	tcase_add_test(tc, no_log_holds_a_secret);
	tcase_add_test(tc, token_is_stored_as_a_hash);
}
