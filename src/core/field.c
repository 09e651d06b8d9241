#include "core/base.h"

#include "core/clock.h"
#include "core/field.h"
#include "core/utf8.h"

/* What a type needs in the bound struct, and what its person is told. */
static const struct {
	size_t size;
	const char *wrong;
} types[] = {
    [FIELD_TEXT] = {sizeof(struct str), "must be a text"},
    [FIELD_PASSWORD] = {sizeof(struct secret_str), "must be a text"},
    [FIELD_TOKEN] = {sizeof(struct secret), "must be a text"},
    [FIELD_ID] = {sizeof(uint64_t), "must be a whole number above zero"},
    [FIELD_BOOL] = {sizeof(bool), "must be true or false"},
    [FIELD_TIME] = {sizeof(int64_t),
	"must be a day or a moment, as 2026-11-24 or 2026-11-24T06:45:00Z"},
};

static void ensure_sound(const struct field *f, size_t struct_size)
{
	ensure(f->name != NULL && f->name[0] != '\0');
	ensure(f->type >= FIELD_TEXT && f->type < ARRAY_LEN(types));
	ensure(f->offset + types[f->type].size <= struct_size);
	ensure(
	    f->type == FIELD_ID || (f->type == FIELD_TEXT) == (f->len_max > 0));
}

void field_begin(struct field_binder *b, const struct field_table *table,
    void *bound)
{
	ensure(table->n_fields <= FIELD_ERRORS_MAX);
	for (size_t i = 0; i < table->n_fields; i++)
		ensure_sound(&table->fields[i], table->struct_size);

	*b = (struct field_binder){.table = table, .bound = bound};
	memset(bound, 0, table->struct_size);
}

const struct field *field_find(const struct field_table *table, struct str name)
{
	for (size_t i = 0; i < table->n_fields; i++)
		if (str_eq(str_of(table->fields[i].name), name))
			return &table->fields[i];
	return NULL;
}

static void *place(struct field_binder *b, const struct field *f)
{
	return (char *)b->bound + f->offset;
}

/* Always fits: a row is bound, and so is at fault, once at most. */
static void note(struct field_binder *b, const struct field *f, const char *why)
{
	struct field_errors *e = &b->errors;

	ensure(e->n < ARRAY_LEN(e->list));
	e->list[e->n].name = f->name;
	e->list[e->n].why = why;
	e->n++;
}

/* ERR_INVALID when the name comes up for the second time. */
static enum err first_time(struct field_binder *b, const struct field *f)
{
	bool *seen = &b->seen[f - b->table->fields];

	if (*seen)
		return ERR_INVALID;
	*seen = true;
	return OK;
}

static const char *text_fault(const struct field *f, struct str text)
{
	if (f->type == FIELD_TEXT && utf8_len(text) > f->len_max)
		return "is too long";
	return f->check != NULL ? f->check(text) : NULL;
}

static const char *put_id(void *to, const struct field *f, uint64_t id)
{
	if (id < 1 || id > FIELD_ID_MAX)
		return types[FIELD_ID].wrong;
	if (f->len_max > 0 && id > f->len_max)
		return "is too large";
	memcpy(to, &id, sizeof(id));
	return NULL;
}

static const char *put_time(void *to, struct str text)
{
	int64_t time_us;

	if (clock_parse(text, &time_us) != OK)
		return types[FIELD_TIME].wrong;
	memcpy(to, &time_us, sizeof(time_us));
	return NULL;
}

static const char *put_bool(void *to, struct str text)
{
	static const struct {
		struct str text;
		bool value;
	} words[] = {{STR("true"), true}, {STR("on"), true}, {STR("1"), true},
	    {STR("false"), false}, {STR("off"), false}, {STR("0"), false}};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(words[i].text, text)) {
			memcpy(to, &words[i].value, sizeof(bool));
			return NULL;
		}
	}
	return types[FIELD_BOOL].wrong;
}

/* Puts the text where the row wants it; a sentence when it may not be. */
static const char *put_text(void *to, const struct field *f, struct str text)
{
	const struct secret_str password = {text.p, text.len};
	struct secret token;
	const char *why;
	uint64_t id;

	switch (f->type) {
	case FIELD_TEXT:
		why = text_fault(f, text);
		if (why == NULL)
			memcpy(to, &text, sizeof(text));
		return why;
	case FIELD_PASSWORD:
		why = text_fault(f, text);
		if (why == NULL)
			memcpy(to, &password, sizeof(password));
		return why;
	case FIELD_TOKEN:
		if (secret_parse(text, &token) == OK)
			memcpy(to, &token, sizeof(token));
		crypto_wipe(&token, sizeof(token));
		return NULL;
	case FIELD_ID:
		if (str_to_u64(text, FIELD_ID_MAX, &id) != OK)
			return types[FIELD_ID].wrong;
		return put_id(to, f, id);
	case FIELD_BOOL:
		return put_bool(to, text);
	case FIELD_TIME:
		break;
	}
	return put_time(to, text);
}

enum err field_bind_text(struct field_binder *b, struct str name,
    struct str value)
{
	const struct field *f = field_find(b->table, name);
	const char *why;

	if (f == NULL)
		return OK;
	if (first_time(b, f) != OK)
		return ERR_INVALID;
	if (!utf8_valid(value) || str_contains(value, STR("\0")))
		return ERR_INVALID;

	if (value.len > 0)
		why = put_text(place(b, f), f, value);
	else
		why = f->required ? "is required" : NULL;
	if (why != NULL)
		note(b, f, why);
	return OK;
}

enum err field_bind_id(struct field_binder *b, const struct field *f,
    uint64_t id)
{
	const char *why;

	if (f->type != FIELD_ID)
		return field_bind_wrong(b, f);
	if (first_time(b, f) != OK)
		return ERR_INVALID;
	why = put_id(place(b, f), f, id);
	if (why != NULL)
		note(b, f, why);
	return OK;
}

enum err field_bind_bool(struct field_binder *b, const struct field *f,
    bool value)
{
	if (f->type != FIELD_BOOL)
		return field_bind_wrong(b, f);
	if (first_time(b, f) != OK)
		return ERR_INVALID;
	memcpy(place(b, f), &value, sizeof(value));
	return OK;
}

enum err field_bind_wrong(struct field_binder *b, const struct field *f)
{
	if (first_time(b, f) != OK)
		return ERR_INVALID;
	/* A token of the wrong type is answered like an unknown one. */
	if (f->type != FIELD_TOKEN)
		note(b, f, types[f->type].wrong);
	return OK;
}

void field_end(struct field_binder *b)
{
	for (size_t i = 0; i < b->table->n_fields; i++)
		if (b->table->fields[i].required && !b->seen[i])
			note(b, &b->table->fields[i], "is required");
}
