#include "core/base.h"

#include "scene.h"

#include <check.h>

#include "auth/admin.h"
#include "auth/session.h"
#include "unit.h"

struct scene *scene_new(const char *name)
{
	struct scene *s = calloc(1, sizeof(*s));

	ck_assert_ptr_nonnull(s);
	s->database = test_database_new(name);
	s->config = s->database->config;
	s->config.secret_key = scene_secret("0123456789abcdef0123456789abcdef");
	s->config.session_idle_s = 1800;
	s->config.session_lifetime_s = 12 * 3600;
	s->config.password_min_score = 1;
	s->config.argon2_memory_kib = 64;
	s->config.argon2_passes = 1;
	s->app = (struct app){.config = &s->config, .db = s->database->db};
	s->context = (struct auth_context){
	    .app = &s->app,
	    .arena = arena_new(4 * 1024 * 1024),
	    .origin = {.client_ip = STR("192.0.2.1"),
		.user_agent = STR("unit test"),
		.request_id = STR("r1")},
	    .is_sysadmin = true,
	    .now_us = clock_now_us(&s->app.clock),
	};
	return s;
}

void scene_free(struct scene **scene)
{
	struct scene *s = *scene;

	arena_free(&s->context.arena);
	test_database_free(&s->database);
	free(s);
	*scene = NULL;
}

void scene_pass(struct scene *scene, int64_t seconds)
{
	scene->app.clock.offset_us += seconds * SECOND_US;
	scene->context.now_us += seconds * SECOND_US;
}

uint64_t scene_add_user(struct scene *scene, const char *username,
    const char *role)
{
	char email[64];
	struct auth_new_user user = {
	    .person = {STR("Ada"), STR("Lovelace"), str_of(username), {0}},
	    .password = scene_secret(SCENE_PASSWORD),
	    .role = str_of(role),
	    .verified = true,
	};
	const char *why = NULL;
	uint64_t id = 0;

	(void)snprintf(email, sizeof(email), "%s@example.org", username);
	user.person.email = str_of(email);
	assert_ok(auth_admin_add(&scene->context, &user, &id, &why));
	return id;
}

uint64_t scene_count_events(struct scene *scene, const char *event)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT COUNT(*) FROM audit_log WHERE event = '%s'", event);
	return test_database_u64(scene->database, sql);
}

struct secret_str scene_secret(const char *text)
{
	return (struct secret_str){text, strlen(text)};
}

struct starting {
	struct scene *scene;
	uint64_t user_id;
	struct secret id;
};

static enum err start_in_transaction(struct db *db, void *arg)
{
	struct starting *s = arg;

	(void)db;
	return auth_session_start(&s->scene->context, s->user_id, &s->id);
}

struct secret scene_start_session(struct scene *scene, uint64_t user_id)
{
	struct starting s = {.scene = scene, .user_id = user_id};

	assert_ok(db_conn_transact(scene->app.db, start_in_transaction, &s));
	return s.id;
}

enum err scene_resolve(struct scene *scene, const struct secret *id,
    struct store_principal *ret)
{
	return auth_session_resolve(&scene->context, id, ret);
}
