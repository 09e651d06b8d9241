#include "core/base.h"

#include "auth/admin.h"
#include "auth/identity.h"
#include "auth/twofa.h"
#include "factor_scene.h"
#include "store/recovery.h"
#include "store/session.h"
#include "suites.h"
#include "unit.h"

static struct factor_scene *f;
static struct auth_twofa_result result;

static void set_up(void)
{
	f = factor_scene_new("twofa");
}

static void tear_down(void)
{
	factor_scene_free(&f);
}

typedef enum err change(const struct auth_context *context,
    const struct store_user *user, struct secret_str code,
    struct auth_twofa_result *ret);

static enum auth_twofa_outcome run(change *body, struct secret_str code)
{
	result = (struct auth_twofa_result){0};
	assert_ok(body(&f->scene->context, &f->user, code, &result));
	factor_scene_reload(f);
	return result.outcome;
}

static enum auth_twofa_outcome begin(void)
{
	enum auth_twofa_outcome outcome;
	struct buf uri;

	buf_init(&uri, AUTH_TOTP_URI_LEN_MAX);
	assert_ok(
	    auth_twofa_begin(&f->scene->context, &f->user, &uri, &outcome));
	ck_assert_uint_eq(uri.len > 0, outcome == AUTH_TWOFA_DONE);
	buf_done(&uri);
	return outcome;
}

START_TEST(on_by_a_code_of_the_pending_secret)
{
	struct secret_str code;

	factor_scene_begin(f);
	factor_scene_reload(f);
	ck_assert(!f->user.twofa_enabled);
	ck_assert_int_eq(run(auth_twofa_enable, factor_scene_wrong_code(f)),
	    AUTH_TWOFA_BAD_CODE);
	ck_assert(!f->user.twofa_enabled);
	code = factor_scene_code(f, 0);
	ck_assert_int_eq(run(auth_twofa_enable, code), AUTH_TWOFA_DONE);
	ck_assert(f->user.twofa_enabled);
	ck_assert_uint_eq(strlen(result.codes.text[9]),
	    AUTH_RECOVERY_TEXT_LEN - 1);
	ck_assert_uint_eq(scene_count_events(f->scene, "twofa_enabled"), 1);
	ck_assert_uint_eq(factor_scene_count_mails(f, "twofa_enabled"), 1);
	ck_assert_uint_eq(scene_count_events(f->scene, "code_refused"), 1);
	/* That code is used up, and the next one is not. */
	ck_assert_int_eq(run(auth_twofa_disable, code), AUTH_TWOFA_BAD_CODE);
	ck_assert_int_eq(run(auth_twofa_disable, factor_scene_code(f, 1)),
	    AUTH_TWOFA_DONE);
}
END_TEST

START_TEST(a_newer_secret_replaces_the_pending_one)
{
	struct secret_str old;

	factor_scene_begin(f);
	old = factor_scene_code(f, 0);
	factor_scene_begin(f);
	ck_assert_int_eq(run(auth_twofa_enable, old), AUTH_TWOFA_BAD_CODE);
	ck_assert_int_eq(run(auth_twofa_enable, factor_scene_code(f, 0)),
	    AUTH_TWOFA_DONE);
}
END_TEST

START_TEST(steps_out_of_order)
{
	struct secret_str some = scene_secret("123456");
	const char *why;

	ck_assert_int_eq(run(auth_twofa_enable, some), AUTH_TWOFA_BAD_CODE);
	ck_assert_int_eq(run(auth_twofa_disable, some), AUTH_TWOFA_BAD_CODE);
	ck_assert_int_eq(run(auth_twofa_renew_codes, some),
	    AUTH_TWOFA_BAD_CODE);
	assert_err(auth_admin_reset_twofa(&f->scene->context, f->user.id, &why),
	    ERR_CONFLICT);
	/* Pending is not on. */
	factor_scene_begin(f);
	ck_assert_int_eq(run(auth_twofa_disable, factor_scene_code(f, 0)),
	    AUTH_TWOFA_BAD_CODE);
	scene_pass(f->scene, 900);
	factor_scene_enable(f);
	ck_assert_int_eq(begin(), AUTH_TWOFA_ON_ALREADY);
	ck_assert_int_eq(run(auth_twofa_enable, factor_scene_code(f, 1)),
	    AUTH_TWOFA_ON_ALREADY);
	/* Also when the session does not know yet. */
	f->user.twofa_enabled = false;
	ck_assert_int_eq(run(auth_twofa_enable, factor_scene_code(f, 1)),
	    AUTH_TWOFA_BAD_CODE);
	ck_assert_uint_eq(factor_scene_count_mails(f, "twofa_enabled"), 1);
}
END_TEST

START_TEST(off_takes_all_of_it_away)
{
	factor_scene_enable(f);
	ck_assert_int_eq(run(auth_twofa_disable, factor_scene_wrong_code(f)),
	    AUTH_TWOFA_BAD_CODE);
	ck_assert_int_eq(run(auth_twofa_disable, factor_scene_recovery(f, 3)),
	    AUTH_TWOFA_DONE);
	ck_assert(!f->user.twofa_enabled);
	ck_assert_uint_eq(test_database_u64(f->scene->database,
			      "SELECT COUNT(*) FROM recovery_codes"),
	    0);
	ck_assert_uint_eq(factor_scene_count_mails(f, "twofa_disabled"), 1);
	ck_assert_uint_eq(factor_scene_count_mails(f, "recovery_code_used"), 1);
	/* And it can be turned on again, with another secret. */
	scene_pass(f->scene, 60);
	factor_scene_enable(f);
}
END_TEST

START_TEST(new_recovery_codes)
{
	factor_scene_enable(f);
	ck_assert_int_eq(run(auth_twofa_renew_codes,
			     factor_scene_recovery(f, 0)),
	    AUTH_TWOFA_DONE);
	ck_assert_str_ne(result.codes.text[0], f->recovery.text[0]);
	ck_assert_int_eq(run(auth_twofa_renew_codes,
			     factor_scene_recovery(f, 1)),
	    AUTH_TWOFA_BAD_CODE);
	ck_assert_int_eq(run(auth_twofa_renew_codes, factor_scene_code(f, 1)),
	    AUTH_TWOFA_DONE);
	ck_assert_uint_eq(scene_count_events(f->scene, "recovery_codes_made"),
	    2);
	ck_assert_uint_eq(scene_count_events(f->scene, "recovery_code_used"),
	    1);
}
END_TEST

START_TEST(five_wrong_codes_and_then_a_pause)
{
	factor_scene_enable(f);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(run(auth_twofa_disable,
				     factor_scene_wrong_code(f)),
		    AUTH_TWOFA_BAD_CODE);
	ck_assert_int_eq(run(auth_twofa_disable, factor_scene_code(f, 1)),
	    AUTH_TWOFA_THROTTLED);
	ck_assert_int_eq(result.wait_s, 900);
	scene_pass(f->scene, 899);
	ck_assert_int_eq(run(auth_twofa_disable, factor_scene_code(f, 0)),
	    AUTH_TWOFA_THROTTLED);
	scene_pass(f->scene, 1);
	ck_assert_int_eq(run(auth_twofa_disable, factor_scene_code(f, 0)),
	    AUTH_TWOFA_DONE);
}
END_TEST

START_TEST(a_clock_that_was_set_back_accepts_no_used_code)
{
	struct secret_str code;

	factor_scene_enable(f);
	scene_pass(f->scene, 365 * DAY_S);
	code = factor_scene_code(f, 0);
	ck_assert_int_eq(run(auth_twofa_renew_codes, code), AUTH_TWOFA_DONE);
	scene_pass(f->scene, -365 * DAY_S);
	ck_assert_int_eq(run(auth_twofa_renew_codes, factor_scene_code(f, 0)),
	    AUTH_TWOFA_BAD_CODE);
	scene_pass(f->scene, 365 * DAY_S);
	ck_assert_int_eq(run(auth_twofa_renew_codes, code),
	    AUTH_TWOFA_BAD_CODE);
	ck_assert_int_eq(run(auth_twofa_renew_codes, factor_scene_code(f, 1)),
	    AUTH_TWOFA_DONE);
}
END_TEST

START_TEST(an_administrator_can_help)
{
	struct store_principal principal;
	struct secret id = scene_start_session(f->scene, f->user.id);
	const char *why;

	factor_scene_enable(f);
	assert_ok(auth_admin_reset_twofa(&f->scene->context, f->user.id, &why));
	factor_scene_reload(f);
	ck_assert(!f->user.twofa_enabled);
	ck_assert_uint_eq(scene_count_events(f->scene, "twofa_reset"), 1);
	ck_assert_uint_eq(factor_scene_count_mails(f, "twofa_disabled"), 1);
	assert_ok(scene_resolve(f->scene, &id, &principal));
	assert_err(auth_admin_reset_twofa(&f->scene->context, f->user.id, &why),
	    ERR_CONFLICT);
	assert_err(auth_admin_reset_twofa(&f->scene->context, f->user.id + 1,
		       &why),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_code_proves_an_identity)
{
	struct secret id = scene_start_session(f->scene, f->user.id);
	struct auth_identity_result proof = {0};
	struct store_principal principal;
	struct secret_str code;

	factor_scene_enable(f);
	code = factor_scene_code(f, 1);
	assert_ok(scene_resolve(f->scene, &id, &principal));
	assert_ok(auth_identity_confirm_by_code(&f->scene->context, &principal,
	    code, &proof));
	ck_assert_int_eq(proof.outcome, AUTH_IDENTITY_PROVEN);
	assert_err(scene_resolve(f->scene, &id, &principal), ERR_NOT_FOUND);
	assert_ok(scene_resolve(f->scene, &proof.session_id, &principal));
	assert_ok(auth_identity_confirm_by_code(&f->scene->context, &principal,
	    code, &proof));
	ck_assert_int_eq(proof.outcome, AUTH_IDENTITY_BAD_CODE);
	assert_ok(auth_identity_confirm_by_code(&f->scene->context, &principal,
	    factor_scene_recovery(f, 2), &proof));
	ck_assert_int_eq(proof.outcome, AUTH_IDENTITY_PROVEN);
}
END_TEST

Suite *suite_auth_twofa(void)
{
	Suite *suite = suite_create("auth/twofa");
	TCase *tcase = tcase_create("twofa");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, on_by_a_code_of_the_pending_secret);
	tcase_add_test(tcase, a_newer_secret_replaces_the_pending_one);
	tcase_add_test(tcase, steps_out_of_order);
	tcase_add_test(tcase, off_takes_all_of_it_away);
	tcase_add_test(tcase, new_recovery_codes);
	tcase_add_test(tcase, five_wrong_codes_and_then_a_pause);
	tcase_add_test(tcase, a_clock_that_was_set_back_accepts_no_used_code);
	tcase_add_test(tcase, an_administrator_can_help);
	tcase_add_test(tcase, a_code_proves_an_identity);
	suite_add_tcase(suite, tcase);
	return suite;
}
