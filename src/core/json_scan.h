/* The first half of json_read; nobody else's business. */
#ifndef T2O_CORE_JSON_SCAN_H
#define T2O_CORE_JSON_SCAN_H

#include "core/str.h"

/* The longest number taken: as much as cJSON has room for. */
#define JSON_NUMBER_MAX 63

/*
 * Whether `text` is one object of RFC 8259 as json_read wants it, but for
 * duplicate keys.  cJSON takes much that is not JSON, so it only ever sees
 * what has passed here.
 */
bool json_scan(struct str text);

#endif
