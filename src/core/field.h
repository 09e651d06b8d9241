/*
 * The shape of input: a table that says which members a body may have, what
 * they must look like, and where in a struct they go.
 *
 * JSON, forms and multipart bodies are bound through the same table, so a
 * member that is not listed cannot arrive anywhere, whatever it came in.
 */
#ifndef T2O_CORE_FIELD_H
#define T2O_CORE_FIELD_H

#include "core/arena.h"
#include "core/crypto.h"

/* What a member is bound to, and the forms that are taken. */
enum field_type {
	FIELD_TEXT = 1, /* struct str */
	FIELD_PASSWORD, /* struct secret_str, bytes as received */
	FIELD_TOKEN,	/* struct secret; wrong form binds all zero bytes, which
			   no digest matches: a bad token and an unknown one
			   are answered alike */
	FIELD_ID,   /* uint64_t, 1…2^53-1, also as decimal digits; an id or
		       another count, to which len_max may be a bound */
	FIELD_BOOL, /* bool; as text true, on, 1, false, off or 0 */
	FIELD_TIME, /* int64_t, µs since 1970; a text as clock_parse has
		       it */
};

#define FIELD_ID_MAX ((UINT64_C(1) << 53) - 1)

/*
 * A rule for one text: NULL when it is kept, else a sentence for the person
 * who typed it.  Gets valid UTF-8 without NUL.
 */
typedef const char *field_check(struct str text);

struct field {
	const char *name;
	enum field_type type;
	size_t offset;	    /* in the bound struct */
	bool required;	    /* absent, null and "" are then an error */
	size_t len_max;	    /* code points; FIELD_TEXT, and needed there */
	field_check *check; /* or NULL; FIELD_TEXT and FIELD_PASSWORD */
};

struct field_table {
	const struct field *fields;
	size_t n_fields;    /* at most FIELD_ERRORS_MAX */
	size_t struct_size; /* what the caller must hand to bind into */
};

#define FIELD_TABLE(fields_, struct_)                                          \
	{                                                                      \
		(fields_), ARRAY_LEN(fields_), sizeof(struct_)                 \
	}

/* What was wrong, for the `fields` object of a 400. */
#define FIELD_ERRORS_MAX 16
struct field_errors {
	size_t n;
	struct {
		const char *name; /* from the table */
		const char *why;  /* a sentence, static */
	} list[FIELD_ERRORS_MAX];
};

/* One body on its way into one struct. */
struct field_binder {
	const struct field_table *table;
	void *bound;
	bool seen[FIELD_ERRORS_MAX]; /* by row: the name has come up */
	struct field_errors errors;
};

/*
 * Zeroes *bound, which has table->struct_size bytes.  A broken table (no
 * type, no len_max, a field outside the struct, …) aborts.  What breaks a
 * rule later, or is optional and empty, stays zero.
 */
void field_begin(struct field_binder *b, const struct field_table *table,
    void *bound);

/* The row of that exact name, or NULL. */
const struct field *field_find(const struct field_table *table,
    struct str name);

/*
 * Binds one text.  Unknown names are passed over.  ERR_INVALID when the name
 * was bound before (two values are an attack or a mistake), and for bytes
 * that are not UTF-8 or hold a NUL; rule violations are kept in b->errors and
 * are not an error here.  The bound text must outlive *bound: it is borrowed.
 */
enum err field_bind_text(struct field_binder *b, struct str name,
    struct str value) must_check;

/*
 * The same for values that come with a type.  A row of another type takes
 * them for field_bind_wrong; an id out of range is a broken rule.
 */
enum err field_bind_id(struct field_binder *b, const struct field *f,
    uint64_t id) must_check;
enum err field_bind_bool(struct field_binder *b, const struct field *f,
    bool value) must_check;

/* A value of a type that the row does not take; says which one it takes. */
enum err field_bind_wrong(struct field_binder *b,
    const struct field *f) must_check;

/* Notes what is required and was not bound. */
void field_end(struct field_binder *b);

#endif
