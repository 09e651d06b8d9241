/*
 * Looking behind the API, and moving time: the tests' own connection to the
 * database, with the administrator's account.
 */
#ifndef T2O_TESTS_API_DATABASE_H
#define T2O_TESTS_API_DATABASE_H

#include "core/str.h"

/* Ends the test when the statement fails. */
void database_run(const char *fmt, ...) printf_like(1, 2);

/* The first column of the first row; ends the test when there is none. */
long long database_number(const char *fmt, ...) printf_like(1, 2);

/* The same as text; NULL when there is no row, or a NULL in it. */
const char *database_text(const char *fmt, ...) printf_like(1, 2);

/*
 * Lets time pass for all that is stored about it: every moment in the
 * database is moved `seconds` into the past.  What the mailer plans is not.
 */
void database_let_pass(unsigned seconds);

void database_close(void);

#endif
