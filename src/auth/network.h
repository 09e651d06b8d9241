/* Where a client is, as far as its address says. */
#ifndef T2O_AUTH_NETWORK_H
#define T2O_AUTH_NETWORK_H

#include "core/str.h"

#define AUTH_NETWORK_LEN 64

/* How many leading bits of an address count. */
struct auth_network_bits {
	unsigned ipv4; /* 1…32 */
	unsigned ipv6; /* 1…128 */
};

/* What one customer is given, and whose failures count together. */
#define AUTH_NETWORK_CUSTOMER ((struct auth_network_bits){32, 64})

/*
 * The network that an address is in, as text in `storage`, or the address as
 * it is when all bits count.  IPv4 in IPv6 form is IPv4.  A text that is no
 * address is its own network.
 */
struct str auth_network_of(struct str client_ip, struct auth_network_bits bits,
    char storage[AUTH_NETWORK_LEN]);

#endif
