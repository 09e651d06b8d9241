/*
 * What a program's parts share.  Nothing is global: state hangs off this, and
 * the program's main owns it.
 */
#ifndef T2O_CORE_APP_H
#define T2O_CORE_APP_H

#include "core/clock.h"
#include "core/config.h"

struct db; /* db/conn.h */

struct app {
	const struct config *config;
	struct clock clock;
	struct db *db;
};

#endif
