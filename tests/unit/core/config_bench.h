/* A directory with configuration files, and an environment without anything. */
#ifndef T2O_TESTS_UNIT_CORE_CONFIG_BENCH_H
#define T2O_TESTS_UNIT_CORE_CONFIG_BENCH_H

#include "core/config.h"

#define KEY_43 "q0Zr8yY2mB5nT1uVx7LkEw3sHj9aPdGfCi4oR6tWzXM"
#define DATABASE "mysql://t2o@localhost/t2o"

/* What the mailer must be told. */
#define MAILER                                                                 \
	"DATABASE_URL=" DATABASE "\nPUBLIC_URL=https://example.org\n"          \
	"MAIL_SERVER=mail.example.org\nMAIL_SENDER=t2o@example.org\n"

/* Of the test at hand. */
extern struct arena *arena;
extern struct config config;
extern struct config_report report;

/* Around each test. */
void config_bench_begin(void);
void config_bench_end(void);

/* Where a file is, or would be; valid until the next call. */
const char *config_bench_path(const char *name);
void config_bench_write(const char *name, const char *text, mode_t mode);

/* Reads t2o.conf and what belongs to it. */
enum err config_bench_load(enum config_program program);

/* The report without the directory's name. */
const char *config_bench_problems(void);

void config_bench_assert_secret(struct secret_str secret, const char *want);

#endif
