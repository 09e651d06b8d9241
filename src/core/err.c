#include "core/base.h"

#include "core/err.h"

const char *err_name(enum err err)
{
	switch (err) {
	case OK:
		return "ok";
	case ERR_NOT_FOUND:
		return "not found";
	case ERR_CONFLICT:
		return "conflict";
	case ERR_DENIED:
		return "denied";
	case ERR_INVALID:
		return "invalid";
	case ERR_LIMIT:
		return "limit reached";
	case ERR_UNAVAILABLE:
		return "unavailable";
	case ERR_INTERNAL:
		return "internal error";
	}
	return "unknown error";
}
