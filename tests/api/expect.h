/*
 * What an answer must be.  Each check also holds what every answer has: the
 * common headers, well-formed cookies, a body of the documented shape.
 */
#ifndef T2O_TESTS_API_EXPECT_H
#define T2O_TESTS_API_EXPECT_H

#include <check.h>

#include "client.h"

/* Ends the test, saying where it stood, what was asked and what came. */
_Noreturn void expect_failed(const char *file, int line,
    const struct response *res, const char *fmt, ...) printf_like(4, 5);

#define EXPECT(condition, res, ...)                                            \
	((condition) ? (void)0                                                 \
		     : expect_failed(__FILE__, __LINE__, (res), __VA_ARGS__))

/* {"success":false,"error":…,"message":…} and nothing else. */
#define expect_error(res, status, error)                                       \
	expect_error_at(__FILE__, __LINE__, (res), (status), (error))
void expect_error_at(const char *file, int line, const struct response *res,
    unsigned status, const char *error);

/* The same of 400 validation_failed, about that field alone. */
#define expect_bad_field(res, field)                                           \
	expect_bad_field_at(__FILE__, __LINE__, (res), (field))
void expect_bad_field_at(const char *file, int line, const struct response *res,
    const char *field);

/* {"success":true,"message":message, …}; NULL for any message. */
#define expect_success(res, status, message)                                   \
	expect_success_at(__FILE__, __LINE__, (res), (status), (message))
void expect_success_at(const char *file, int line, const struct response *res,
    unsigned status, const char *message);

/* Exactly these members, in any order. */
#define expect_members(res, object, ...)                                       \
	expect_members_at(__FILE__, __LINE__, (res), (object),                 \
	    (const char *const[]){__VA_ARGS__, NULL})
void expect_members_at(const char *file, int line, const struct response *res,
    const cJSON *object, const char *const names[]);

/* A user object: exact members and types, and this username and email. */
#define expect_user(res, object, username, email)                              \
	expect_user_at(__FILE__, __LINE__, (res), (object), (username), (email))
void expect_user_at(const char *file, int line, const struct response *res,
    const cJSON *object, const char *username, const char *email);

/* Same status, same body, same headers but for X-Request-Id and Date. */
#define expect_alike(a, b) expect_alike_at(__FILE__, __LINE__, (a), (b))
void expect_alike_at(const char *file, int line, const struct response *a,
    const struct response *b);

/* The headers that every answer has, whoever made it. */
void expect_common_at(const char *file, int line, const struct response *res);

#endif
