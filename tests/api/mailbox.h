/* What the SMTP catcher caught. */
#ifndef T2O_TESTS_API_MAILBOX_H
#define T2O_TESTS_API_MAILBOX_H

#include "core/str.h"

/* A message, decoded; the texts live until the test ends. */
struct mail {
	const char *subject; /* as it stands in the header */
	const char *to;
	const char *plain; /* the text/plain part, UTF-8 */
	const char *html;  /* the text/html part */
	const char *token; /* 43 base64url characters in `plain`, or NULL */
};

/* To be called as a test begins: what was caught before is not looked at. */
void mailbox_begin(void);

/*
 * The newest message to that address once there are at least `n`; ends the
 * test when they are not there within fifteen seconds, since others may have
 * to be sent first.
 */
const struct mail *mailbox_wait(const char *address, size_t n);

/* How many there are now. */
size_t mailbox_count(const char *address);

#endif
