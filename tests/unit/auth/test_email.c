#include "core/base.h"

#include "auth/account.h"
#include "auth/email.h"
#include "db/conn.h"
#include "scene.h"
#include "store/token.h"
#include "store/user.h"
#include "suites.h"
#include "unit.h"

static struct scene *scene;
static uint64_t user_id;

static void set_up(void)
{
	scene = scene_new("email");
	user_id = scene_add_user(scene, "ada", NULL);
}

static void tear_down(void)
{
	scene_free(&scene);
}

static uint64_t count_mails(const char *template, const char *recipient)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT COUNT(*) FROM mail_outbox"
	    " WHERE template = '%s' AND recipient = '%s'",
	    template, recipient);
	return test_database_u64(scene->database, sql);
}

static void assert_email(const char *email)
{
	struct store_user user;

	assert_ok(store_user_get(scene->app.db, scene->context.arena, user_id,
	    &user));
	assert_str(user.email, email);
}

static enum err ask_in_transaction(struct db *db, void *arg)
{
	struct store_user user;
	enum err err = store_user_get(db, scene->context.arena, user_id, &user);

	if (err != OK)
		return err;
	return auth_email_ask(&scene->context, &user, *(struct str *)arg);
}

static void ask(const char *email)
{
	struct str text = str_of(email);

	assert_ok(db_conn_transact(scene->app.db, ask_in_transaction, &text));
}

/* What the mailer does. */
static struct secret mint(enum token_purpose purpose, const char *email)
{
	struct secret token;
	struct digest hash;

	secret_new(&token);
	secret_digest(&token, &hash);
	assert_ok(store_token_put(scene->app.db, user_id, purpose,
	    str_of(email), &hash, scene->context.now_us));
	return token;
}

static enum err confirm(const char *email)
{
	struct secret token = mint(TOKEN_CHANGE_EMAIL, email);

	return auth_email_confirm(&scene->context, &token);
}

static enum err undo(const char *email)
{
	struct secret token = mint(TOKEN_UNDO_EMAIL, email);

	return auth_email_undo(&scene->context, &token);
}

static void move(const char *email)
{
	ask(email);
	assert_ok(confirm(email));
	assert_email(email);
	scene_pass(scene, 60);
}

START_TEST(pending_until_confirmed)
{
	struct secret token;

	ask("new@example.org");
	assert_email("ada@example.org");
	ck_assert_uint_eq(count_mails("email_changed", "ada@example.org"), 1);
	ck_assert_uint_eq(count_mails("email_confirm", "new@example.org"), 1);
	token = mint(TOKEN_CHANGE_EMAIL, "new@example.org");
	assert_ok(auth_email_confirm(&scene->context, &token));
	assert_email("new@example.org");
	assert_err(auth_email_confirm(&scene->context, &token), ERR_NOT_FOUND);
	ck_assert_uint_eq(scene_count_events(scene, "email_change_asked"), 1);
	ck_assert_uint_eq(scene_count_events(scene, "email_changed"), 1);
}
END_TEST

/* A link to an address that was asked for before speaks for that one only. */
START_TEST(the_last_wish_counts)
{
	struct secret token;

	ask("first@example.org");
	token = mint(TOKEN_CHANGE_EMAIL, "first@example.org");
	ask("second@example.org");
	assert_err(auth_email_confirm(&scene->context, &token), ERR_NOT_FOUND);
	assert_err(confirm("first@example.org"), ERR_NOT_FOUND);
	assert_ok(confirm("second@example.org"));
	assert_email("second@example.org");
}
END_TEST

START_TEST(each_token_its_purpose_and_time)
{
	struct secret change, undoing;

	ask("new@example.org");
	change = mint(TOKEN_CHANGE_EMAIL, "new@example.org");
	undoing = mint(TOKEN_UNDO_EMAIL, "ada@example.org");
	assert_err(auth_email_confirm(&scene->context, &undoing),
	    ERR_NOT_FOUND);
	assert_err(auth_email_undo(&scene->context, &change), ERR_NOT_FOUND);
	scene_pass(scene, 24 * HOUR_S);
	assert_err(auth_email_confirm(&scene->context, &change), ERR_NOT_FOUND);
	scene_pass(scene, 48 * HOUR_S - 1);
	assert_ok(auth_email_undo(&scene->context, &undoing));
	undoing = mint(TOKEN_UNDO_EMAIL, "ada@example.org");
	scene_pass(scene, 72 * HOUR_S);
	assert_err(auth_email_undo(&scene->context, &undoing), ERR_NOT_FOUND);
}
END_TEST

START_TEST(undone_before_it_is_confirmed)
{
	struct secret session = scene_start_session(scene, user_id);
	struct store_principal principal;

	ask("new@example.org");
	assert_ok(undo("ada@example.org"));
	assert_err(confirm("new@example.org"), ERR_NOT_FOUND);
	assert_email("ada@example.org");
	assert_err(scene_resolve(scene, &session, &principal), ERR_NOT_FOUND);
	ck_assert_uint_eq(count_mails("email_restored", "ada@example.org"), 1);
	ck_assert_uint_eq(scene_count_events(scene, "email_restored"), 1);
	assert_err(undo("ada@example.org"), ERR_NOT_FOUND);
}
END_TEST

START_TEST(undone_afterwards)
{
	move("new@example.org");
	assert_ok(undo("ada@example.org"));
	assert_email("ada@example.org");
	assert_err(undo("new@example.org"), ERR_NOT_FOUND);
}
END_TEST

/* Whoever has moved an account away cannot move on out of reach. */
START_TEST(undone_over_several_changes)
{
	struct secret first = mint(TOKEN_UNDO_EMAIL, "ada@example.org");

	move("eve@example.org");
	move("eve2@example.org");
	assert_ok(undo("eve@example.org"));
	assert_email("eve@example.org");
	move("eve3@example.org");
	assert_ok(auth_email_undo(&scene->context, &first));
	assert_email("ada@example.org");
	assert_err(undo("eve@example.org"), ERR_NOT_FOUND);
}
END_TEST

START_TEST(the_owner_of_a_taken_address_is_told)
{
	(void)scene_add_user(scene, "bob", NULL);
	ask("BOB@example.org");
	ck_assert_uint_eq(count_mails("email_changed", "ada@example.org"), 1);
	ck_assert_uint_eq(count_mails("email_taken", "bob@example.org"), 1);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM mail_outbox"
			      " WHERE template = 'email_confirm'"),
	    0);
	ck_assert_uint_eq(scene_count_events(scene, "email_taken"), 1);
}
END_TEST

START_TEST(taken_meanwhile)
{
	ask("bob@example.org");
	(void)scene_add_user(scene, "bob", NULL);
	assert_err(confirm("bob@example.org"), ERR_CONFLICT);
	assert_email("ada@example.org");
}
END_TEST

static enum auth_signup_outcome sign_up(const char *email)
{
	const struct auth_signup signup = {
	    .person = {STR("Eve"), STR("Evans"), STR("eve"), str_of(email)},
	    .password = scene_secret(SCENE_PASSWORD),
	};
	enum auth_signup_outcome outcome = 0;
	const char *why;

	assert_ok(
	    auth_account_signup(&scene->context, &signup, &outcome, &why));
	return outcome;
}

/* Or an account in the old address's name would bar the way back. */
START_TEST(the_old_address_is_kept_free)
{
	move("new@example.org");
	ck_assert_int_eq(sign_up("ada@example.org"), AUTH_SIGNUP_ACCEPTED);
	ck_assert_uint_eq(count_mails("signup_taken", "ada@example.org"), 1);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM users"),
	    1);
	assert_ok(undo("ada@example.org"));
	move("new@example.org");
	scene_pass(scene, 72 * HOUR_S);
	ck_assert_int_eq(sign_up("ada@example.org"), AUTH_SIGNUP_ACCEPTED);
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM users"),
	    2);
}
END_TEST

/* The other links, to an address that is not the user's any more. */
START_TEST(older_links_die_with_the_address)
{
	struct secret token = mint(TOKEN_VERIFY_EMAIL, "ada@example.org");

	move("new@example.org");
	assert_err(auth_account_verify(&scene->context, &token), ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_confirmed_address_is_verified)
{
	test_database_exec(scene->database,
	    "UPDATE users SET verified_at = NULL");
	move("new@example.org");
	ck_assert_uint_eq(test_database_u64(scene->database,
			      "SELECT COUNT(*) FROM users"
			      " WHERE verified_at IS NOT NULL"),
	    1);
}
END_TEST

Suite *suite_auth_email(void)
{
	Suite *suite = suite_create("auth/email");
	TCase *tcase = tcase_create("email");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, pending_until_confirmed);
	tcase_add_test(tcase, the_last_wish_counts);
	tcase_add_test(tcase, each_token_its_purpose_and_time);
	tcase_add_test(tcase, undone_before_it_is_confirmed);
	tcase_add_test(tcase, undone_afterwards);
	tcase_add_test(tcase, undone_over_several_changes);
	tcase_add_test(tcase, the_owner_of_a_taken_address_is_told);
	tcase_add_test(tcase, taken_meanwhile);
	tcase_add_test(tcase, the_old_address_is_kept_free);
	tcase_add_test(tcase, older_links_die_with_the_address);
	tcase_add_test(tcase, a_confirmed_address_is_verified);
	suite_add_tcase(suite, tcase);
	return suite;
}
