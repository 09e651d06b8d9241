/*
 * Mail addresses: RFC 5322's addr-spec without its obsolete and quoted forms
 * and without domain literals, as RFC 5321 bounds it.
 */
#ifndef T2O_CORE_ADDR_H
#define T2O_CORE_ADDR_H

#include "core/str.h"

#define ADDR_LEN_MAX 254

/*
 * dot-atom "@" host name: local part at most 64 bytes, labels of letters,
 * digits and inner hyphens at most 63 each, ADDR_LEN_MAX in all, ASCII.
 */
bool addr_valid(struct str addr);

#endif
