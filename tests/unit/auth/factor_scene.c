#include "core/base.h"

#include "factor_scene.h"

#include <check.h>
#include <liboath/oath.h>

#include "auth/twofa.h"
#include "store/user.h"
#include "unit.h"

struct factor_scene *factor_scene_new(const char *name)
{
	struct factor_scene *f = calloc(1, sizeof(*f));

	ck_assert_ptr_nonnull(f);
	f->scene = scene_new(name);
	f->scene->config.site_name = STR("T2O");
	f->scene->config.twofa_email_otp = true;
	f->user.id = scene_add_user(f->scene, "ada", NULL);
	factor_scene_reload(f);
	return f;
}

void factor_scene_free(struct factor_scene **f)
{
	scene_free(&(*f)->scene);
	free(*f);
	*f = NULL;
}

void factor_scene_reload(struct factor_scene *f)
{
	assert_ok(store_user_get(f->scene->app.db, f->scene->context.arena,
	    f->user.id, &f->user));
}

/* What an authenticator does with the URI. */
static void read_secret(struct str uri, struct auth_totp_secret *ret)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const char *p = strstr(uri.p, "secret=");
	uint32_t store = 0;
	unsigned n_bits = 0;
	size_t n = 0;

	ck_assert_ptr_nonnull(p);
	for (p += 7; *p != '&' && n < sizeof(ret->byte); p++) {
		const char *at = strchr(alphabet, *p);

		ck_assert_ptr_nonnull(at);
		store = store << 5 | (uint32_t)(at - alphabet);
		n_bits += 5;
		if (n_bits >= 8) {
			n_bits -= 8;
			ret->byte[n++] = (unsigned char)(store >> n_bits);
		}
	}
	ck_assert_uint_eq(n, sizeof(ret->byte));
}

void factor_scene_begin(struct factor_scene *f)
{
	enum auth_twofa_outcome outcome;
	struct buf uri;

	buf_init(&uri, AUTH_TOTP_URI_LEN_MAX);
	assert_ok(
	    auth_twofa_begin(&f->scene->context, &f->user, &uri, &outcome));
	ck_assert_int_eq(outcome, AUTH_TWOFA_DONE);
	read_secret(buf_str(&uri), &f->secret);
	buf_done(&uri);
}

void factor_scene_enable(struct factor_scene *f)
{
	struct auth_twofa_result result = {0};

	factor_scene_begin(f);
	assert_ok(auth_twofa_enable(&f->scene->context, &f->user,
	    factor_scene_code(f, 0), &result));
	ck_assert_int_eq(result.outcome, AUTH_TWOFA_DONE);
	f->recovery = result.codes;
	factor_scene_reload(f);
	ck_assert(f->user.twofa_enabled);
}

/* As the user's authenticator makes it. */
struct secret_str factor_scene_code(const struct factor_scene *f, int steps)
{
	time_t at = (time_t)(f->scene->context.now_us / SECOND_US) +
	    steps * AUTH_TOTP_STEP_S;
	char *text = arena_alloc(f->scene->context.arena, AUTH_TOTP_DIGITS + 1);

	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(oath_totp_generate((const char *)f->secret.byte,
			     sizeof(f->secret.byte), at, AUTH_TOTP_STEP_S, 0,
			     AUTH_TOTP_DIGITS, text),
	    OATH_OK);
	return (struct secret_str){text, AUTH_TOTP_DIGITS};
}

struct secret_str factor_scene_wrong_code(const struct factor_scene *f)
{
	static const char *const some[] = {"000000", "000001", "000002",
	    "000003"};

	for (size_t i = 0; i < ARRAY_LEN(some); i++) {
		struct secret_str code = {some[i], AUTH_TOTP_DIGITS};
		uint64_t step;

		assert_ok(auth_totp_match(&f->secret, code,
		    f->scene->context.now_us, &step));
		if (step == 0)
			return code;
	}
	ck_abort_msg("three steps cannot have four codes");
	return (struct secret_str){NULL, 0};
}

struct secret_str factor_scene_recovery(const struct factor_scene *f, size_t i)
{
	return scene_secret(f->recovery.text[i]);
}

uint64_t factor_scene_count_mails(const struct factor_scene *f,
    const char *template)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT COUNT(*) FROM mail_outbox WHERE template = '%s'", template);
	return test_database_u64(f->scene->database, sql);
}
