/* A program with an empty database, and one client that asks it things. */
#ifndef T2O_TESTS_UNIT_AUTH_SCENE_H
#define T2O_TESTS_UNIT_AUTH_SCENE_H

#include "auth/context.h"
#include "core/crypto.h"
#include "database.h"
#include "store/session.h"

struct scene {
	struct test_database *database;
	struct config config; /* cheap hashes, 30 min idle, 12 h in all */
	struct app app;
	struct auth_context context;
};

/* What scene_add_user gives everybody. */
#define SCENE_PASSWORD "violet tram kettle"

struct scene *scene_new(const char *name);
void scene_free(struct scene **scene);

/* Lets time pass, for the clock and the context. */
void scene_pass(struct scene *scene, int64_t seconds);

/* A verified user with the role, besides the default one, or NULL. */
uint64_t scene_add_user(struct scene *scene, const char *username,
    const char *role);

/* How many audit rows of an event there are. */
uint64_t scene_count_events(struct scene *scene, const char *event);

/* A literal's bytes as a secret. */
struct secret_str scene_secret(const char *text);

/* A new session of the user's, in a transaction of its own. */
struct secret scene_start_session(struct scene *scene, uint64_t user_id);

/* Whether it is live. */
enum err scene_resolve(struct scene *scene, const struct secret *id,
    struct store_principal *ret) must_check;

#endif
