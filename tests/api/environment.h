/* Where the running stack is: what tools/up wrote, read from environ. */
#ifndef T2O_TESTS_API_ENVIRONMENT_H
#define T2O_TESTS_API_ENVIRONMENT_H

/* The value of T2O_URL and its like; ends the test when it is not set. */
const char *environment(const char *name);

#endif
