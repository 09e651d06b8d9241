/* A scene whose user has a second factor. */
#ifndef T2O_TESTS_UNIT_AUTH_FACTOR_SCENE_H
#define T2O_TESTS_UNIT_AUTH_FACTOR_SCENE_H

#include "auth/recovery.h"
#include "auth/totp.h"
#include "scene.h"

struct factor_scene {
	struct scene *scene;
	struct store_user user;
	struct auth_totp_secret secret; /* of the last URI */
	struct auth_recovery_codes recovery;
};

/* "ada", without a second factor yet. */
struct factor_scene *factor_scene_new(const char *name);
void factor_scene_free(struct factor_scene **f);

/* Reads f->user again. */
void factor_scene_reload(struct factor_scene *f);

/* Asks for a URI, and keeps its secret. */
void factor_scene_begin(struct factor_scene *f);

/* On, with a code of the present step, which is used up. */
void factor_scene_enable(struct factor_scene *f);

/*
 * The code of the step that is `steps` from now.  The text lives until the
 * test ends.
 */
struct secret_str factor_scene_code(const struct factor_scene *f, int steps);

/* A code that is none of the present one's neighbours. */
struct secret_str factor_scene_wrong_code(const struct factor_scene *f);

struct secret_str factor_scene_recovery(const struct factor_scene *f, size_t i);

/* How many mails of a template wait. */
uint64_t factor_scene_count_mails(const struct factor_scene *f,
    const char *template);

#endif
