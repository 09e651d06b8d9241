/* What the store's tests share: a database, an arena, rivals. */
#ifndef T2O_TESTS_UNIT_STORE_FIXTURE_H
#define T2O_TESTS_UNIT_STORE_FIXTURE_H

#include "core/base.h"

#include <check.h>

#include "core/clock.h"
#include "database.h"
#include "store/user.h"
#include "unit.h"

/* 2026-11-24T06:45:00.123456Z: microseconds must survive. */
#define NOW INT64_C(1795502700123456)

/* Of the test that runs. */
extern struct test_database *t;
extern struct db *db; /* t->db */
extern struct arena *arena;

/* A suite of one case, with the fixture; its tests are to be added. */
Suite *fixture_suite(const char *name, TCase **ret_tcase);

/* A verified user NAME with NAME@example.org, and the id. */
uint64_t fixture_user(const char *name);

/* Some digest that depends on the text. */
struct digest fixture_digest(const char *text);

/*
 * Runs `body` in `n` processes at once, each with a connection of its own and
 * its number, and counts those that return true.
 */
size_t fixture_rivals(size_t n,
    bool (*body)(struct db *own, struct arena *memory, size_t number));

#endif
