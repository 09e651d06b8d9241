/* Who is meant by USER on the command line. */
#ifndef T2O_BIN_CTL_FIND_H
#define T2O_BIN_CTL_FIND_H

#include "bin/ctl.h"
#include "store/user.h"

/*
 * A username, a mail address, or id:NUMBER.  Says so when there is no such
 * user; the code to exit with, or EXIT_DONE.
 */
int ctl_find_user(struct ctl *ctl, const char *text, struct store_user *ret);

#endif
