#include "core/base.h"

#include "auth/network.h"

#include <arpa/inet.h>

/* Clears all but the first `bits` of `size` bytes. */
static void mask(unsigned char *bytes, size_t size, unsigned bits)
{
	for (size_t i = 0; i < size; i++) {
		unsigned keep = bits > 8 * i ? bits - 8 * (unsigned)i : 0;

		if (keep < 8)
			bytes[i] &= (unsigned char)(0xff << (8 - keep));
	}
}

static struct str masked(int family, unsigned char *bytes, size_t size,
    unsigned bits, char storage[AUTH_NETWORK_LEN])
{
	mask(bytes, size, bits);
	ensure(inet_ntop(family, bytes, storage, AUTH_NETWORK_LEN) != NULL);
	return str_of(storage);
}

struct str auth_network_of(struct str client_ip, struct auth_network_bits bits,
    char storage[AUTH_NETWORK_LEN])
{
	struct in6_addr v6;
	struct in_addr v4;

	if (client_ip.len == 0 || client_ip.len >= AUTH_NETWORK_LEN)
		return client_ip;
	memcpy(storage, client_ip.p, client_ip.len);
	storage[client_ip.len] = '\0';
	if (inet_pton(AF_INET, storage, &v4) == 1)
		return masked(AF_INET, (unsigned char *)&v4, sizeof(v4),
		    bits.ipv4, storage);
	if (inet_pton(AF_INET6, storage, &v6) != 1)
		return client_ip;
	if (IN6_IS_ADDR_V4MAPPED(&v6))
		return masked(AF_INET, v6.s6_addr + 12, sizeof(v4), bits.ipv4,
		    storage);
	return masked(AF_INET6, v6.s6_addr, sizeof(v6), bits.ipv6, storage);
}
