#include "core/base.h"

#include <cjson/cJSON.h>

#include "core/json.h"
#include "core/json_scan.h"

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/*
 * Sorted, because a body of duplicates-to-be is the attacker's to write and
 * comparing all with all would take seconds.
 */
static enum err check_keys(struct arena *arena, const cJSON *object)
{
	const char **keys;
	const cJSON *member;
	size_t n = 0;

	cJSON_ArrayForEach (member, object)
		n++;
	keys = arena_array(arena, n, sizeof(*keys));
	if (keys == NULL)
		return ERR_LIMIT;
	n = 0;
	cJSON_ArrayForEach (member, object)
		keys[n++] = member->string;
	qsort(keys, n, sizeof(*keys), by_text);
	for (size_t i = 1; i < n; i++)
		if (strcmp(keys[i - 1], keys[i]) == 0)
			return ERR_INVALID;
	return OK;
}

/* ERR_INVALID when any object has a key twice.  The scan bounds the depth. */
static enum err check_all_keys(struct arena *arena, const cJSON *value)
{
	const cJSON *item;
	enum err err = OK;

	if (cJSON_IsObject(value))
		err = check_keys(arena, value);
	cJSON_ArrayForEach (item, value) {
		if (err != OK)
			break;
		err = check_all_keys(arena, item);
	}
	return err;
}

/*
 * FIELD_ID in a double: whole and in range.  What no double can hold exactly
 * is out of range already.
 */
static enum err bind_number(struct field_binder *b, const struct field *f,
    double number)
{
	uint64_t id = 0; /* out of range */

	if (number >= 1 && number <= (double)FIELD_ID_MAX &&
	    (double)(uint64_t)number == number)
		id = (uint64_t)number;
	return field_bind_id(b, f, id);
}

static enum err bind_text(struct arena *arena, struct field_binder *b,
    const struct field *f, const char *text)
{
	struct str copy;
	enum err err;

	err = arena_dup(arena, str_of(text), &copy);
	if (err != OK)
		return err;
	return field_bind_text(b, str_of(f->name), copy);
}

static enum err bind(struct arena *arena, struct field_binder *b,
    const cJSON *member)
{
	const struct field *f = field_find(b->table, str_of(member->string));

	if (f == NULL)
		return OK;
	if (cJSON_IsNull(member))
		return bind_text(arena, b, f, "");
	if (cJSON_IsString(member))
		return bind_text(arena, b, f, member->valuestring);
	if (cJSON_IsNumber(member))
		return bind_number(b, f, member->valuedouble);
	if (cJSON_IsBool(member))
		return field_bind_bool(b, f, cJSON_IsTrue(member));
	return field_bind_wrong(b, f);
}

/*
 * Passwords pass through cJSON's heap.  Its allocator hooks are global, so
 * the texts are wiped here, before they are freed.
 */
static void wipe(cJSON *value)
{
	cJSON *item;

	if (cJSON_IsString(value))
		crypto_wipe(value->valuestring, strlen(value->valuestring));
	cJSON_ArrayForEach (item, value)
		wipe(item);
}

static enum err read_object(struct arena *arena, const cJSON *object,
    struct field_binder *b)
{
	const cJSON *member;
	enum err err;

	err = check_all_keys(arena, object);
	if (err != OK)
		return err;
	cJSON_ArrayForEach (member, object) {
		err = bind(arena, b, member);
		if (err != OK)
			return err;
	}
	return OK;
}

enum err json_read(struct arena *arena, struct str text,
    const struct field_table *table, void *bound,
    struct field_errors *ret_errors)
{
	struct field_binder b;
	enum err err = OK;

	field_begin(&b, table, bound);
	if (text.len > 0) {
		cJSON *root;

		if (!json_scan(text))
			return ERR_INVALID;
		root = cJSON_ParseWithLength(text.p, text.len);
		if (root == NULL)
			return ERR_INVALID;
		err = read_object(arena, root, &b);
		wipe(root);
		cJSON_Delete(root);
	}
	if (err != OK)
		return err;
	field_end(&b);
	*ret_errors = b.errors;
	return OK;
}
