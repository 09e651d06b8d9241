#include "core/base.h"

#include "core/addr.h"

#define LOCAL_LEN_MAX 64 /* RFC 5321 section 4.5.3.1.1 */
#define LABEL_LEN_MAX 63 /* RFC 1035 section 2.3.4 */

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* RFC 5322 section 3.2.3. */
static bool is_atext(char c)
{
	return is_alnum(c) ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool is_atom(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_atext(s.p[i]))
			return false;
	return s.len > 0;
}

static bool is_label(struct str s)
{
	if (s.len == 0 || s.len > LABEL_LEN_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.p[0] != '-' && s.p[s.len - 1] != '-';
}

/* Whether each part between dots, of which there is at least one, fits. */
static bool all_parts(struct str s, bool (*fits)(struct str part))
{
	struct str part;

	if (s.len == 0)
		return false;
	while (str_next(&s, '.', &part))
		if (!fits(part))
			return false;
	return true;
}

bool addr_valid(struct str addr)
{
	struct str local;
	struct str host;

	return addr.len <= ADDR_LEN_MAX &&
	    str_split(addr, '@', &local, &host) && local.len <= LOCAL_LEN_MAX &&
	    all_parts(local, is_atom) && all_parts(host, is_label);
}
