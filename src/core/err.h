/*
 * The few ways in which things fail.
 *
 * A function that can fail returns one of these; its results come through
 * ret_* parameters, which stay untouched on failure.  Detail belongs in the
 * log, where the error is handled; a client sees a stable code from the API's
 * own table, never one of these names.
 */
#ifndef T2O_CORE_ERR_H
#define T2O_CORE_ERR_H

#include "core/base.h"

enum err {
	OK = 0,
	ERR_NOT_FOUND,	 /* no such thing */
	ERR_CONFLICT,	 /* it exists already, or changed meanwhile */
	ERR_DENIED,	 /* it exists, but not for you */
	ERR_INVALID,	 /* input that breaks a rule */
	ERR_LIMIT,	 /* a bound of ours was reached */
	ERR_UNAVAILABLE, /* something we need does not answer; try later */
	ERR_INTERNAL,	 /* our mistake, or a broken installation */
};

/* A short lower-case name for logs, never NULL. */
const char *err_name(enum err err);

#endif
