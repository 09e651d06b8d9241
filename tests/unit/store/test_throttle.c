#include "core/base.h"

#include "fixture.h"
#include "store/throttle.h"
#include "suites.h"

static struct digest bucket;

static void assert_state(const struct store_throttle *got,
    const struct store_throttle *want)
{
	ck_assert_uint_eq(got->hits, want->hits);
	ck_assert_uint_eq(got->penalty, want->penalty);
	ck_assert_int_eq(got->window_us, want->window_us);
	ck_assert_int_eq(got->blocked_us, want->blocked_us);
}

static const struct store_throttle none = {0},
				   some = {
				       .hits = 3,
				       .penalty = 2,
				       .window_us = NOW - 5,
				       .blocked_us = NOW + 5,
};

START_TEST(lifecycle)
{
	struct store_throttle state = some;

	bucket = fixture_digest("a");
	assert_err(store_throttle_get(db, arena, &bucket, NOW, &state),
	    ERR_NOT_FOUND);
	assert_err(store_throttle_put(db, &bucket, &some, NOW + 10),
	    ERR_NOT_FOUND);
	assert_ok(store_throttle_lock(db, arena, &bucket, NOW, &state));
	assert_state(&state, &none);
	assert_err(store_throttle_get(db, arena, &bucket, NOW, &state),
	    ERR_NOT_FOUND);
	assert_ok(store_throttle_put(db, &bucket, &some, NOW + 10));
	assert_ok(store_throttle_get(db, arena, &bucket, NOW + 9, &state));
	assert_state(&state, &some);
	state = none;
	assert_ok(store_throttle_lock(db, arena, &bucket, NOW + 9, &state));
	assert_state(&state, &some);

	bucket = fixture_digest("b");
	assert_ok(store_throttle_clear(db, &bucket));
	bucket = fixture_digest("a");
	assert_ok(store_throttle_clear(db, &bucket));
	assert_err(store_throttle_get(db, arena, &bucket, NOW, &state),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(expired_is_forgotten)
{
	struct store_throttle state;

	bucket = fixture_digest("a");
	assert_ok(store_throttle_lock(db, arena, &bucket, NOW, &state));
	assert_ok(store_throttle_put(db, &bucket, &some, NOW + 10));
	assert_err(store_throttle_get(db, arena, &bucket, NOW + 10, &state),
	    ERR_NOT_FOUND);
	assert_ok(store_throttle_lock(db, arena, &bucket, NOW + 10, &state));
	assert_state(&state, &none);
}
END_TEST

struct hit {
	struct arena *arena;
	int64_t now_us;
};

static enum err hit(struct db *own, void *arg)
{
	const struct hit *h = arg;
	struct store_throttle state;
	enum err err = store_throttle_lock(own, h->arena, &bucket, h->now_us,
	    &state);

	state.hits++;
	return err == OK ? store_throttle_put(own, &bucket, &state, NOW + 10)
			 : err;
}

static bool hit_rival(struct db *own, struct arena *memory, size_t number)
{
	(void)number;
	for (int i = 0; i < 10; i++) {
		struct hit h = {memory, NOW};

		if (db_conn_transact(own, hit, &h) != OK)
			return false;
	}
	return true;
}

/* On a bucket that none of them finds there. */
START_TEST(rivals_all_count)
{
	struct store_throttle state;

	bucket = fixture_digest("a");
	ck_assert_uint_eq(fixture_rivals(20, hit_rival), 20);
	assert_ok(store_throttle_get(db, arena, &bucket, NOW, &state));
	ck_assert_uint_eq(state.hits, 200);
}
END_TEST

Suite *suite_store_throttle(void)
{
	TCase *tcase;
	Suite *suite = fixture_suite("store/throttle", &tcase);

	tcase_add_test(tcase, lifecycle);
	tcase_add_test(tcase, expired_is_forgotten);
	tcase_add_test(tcase, rivals_all_count);
	return suite;
}
