/* Rows as a table for people, or as JSON for scripts. */
#include "core/base.h"

#include "bin/ctl.h"
#include "core/json.h"
#include "core/utf8.h"

#define CELL_MAX 1024
#define JSON_MAX (64 * 1024 * 1024)

static const void *cell_of(const struct ctl_column *column, const void *row)
{
	return (const char *)row + column->offset;
}

static void put_text(struct buf *out, struct str text)
{
	char clean[CELL_MAX];

	/* A terminal obeys what is printed on it. */
	buf_put(out,
	    (struct str){clean, utf8_clean(text, clean, sizeof(clean))});
}

/* A list of names is one a line inside, and one line outside. */
static void put_lines(struct buf *out, struct str text)
{
	struct str line;

	for (bool first = true; str_next(&text, '\n', &line); first = false) {
		buf_puts(out, first ? "" : ", ");
		put_text(out, line);
	}
}

static void put_time(struct buf *out, int64_t time_us)
{
	char text[CLOCK_RFC3339_LEN];

	if (time_us == 0)
		return;
	clock_rfc3339(time_us, text);
	buf_puts(out, text);
}

static void put_cell(struct buf *out, const struct ctl_column *column,
    const void *row)
{
	const void *cell = cell_of(column, row);

	switch (column->kind) {
	case CTL_TEXT:
	case CTL_NAMES:
		put_lines(out, *(const struct str *)cell);
		break;
	case CTL_NUMBER:
		buf_put_u64(out, *(const uint64_t *)cell);
		break;
	case CTL_TIME:
		put_time(out, *(const int64_t *)cell);
		break;
	case CTL_FLAG:
		buf_puts(out, *(const bool *)cell ? "yes" : "no");
		break;
	case CTL_WHETHER:
		buf_puts(out, *(const int64_t *)cell != 0 ? "yes" : "no");
		break;
	}
	if (out->len == 0)
		buf_puts(out, "-");
}

static void put_member(struct json_out *out, const struct ctl_column *column,
    const void *row)
{
	const void *cell = cell_of(column, row);

	switch (column->kind) {
	case CTL_TEXT:
		if (((const struct str *)cell)->p == NULL)
			json_null(out, column->key);
		else
			json_str(out, column->key, *(const struct str *)cell);
		break;
	case CTL_NAMES:
		json_lines(out, column->key, *(const struct str *)cell);
		break;
	case CTL_NUMBER:
		json_u64(out, column->key, *(const uint64_t *)cell);
		break;
	case CTL_TIME:
		json_time(out, column->key, *(const int64_t *)cell);
		break;
	case CTL_FLAG:
		json_bool(out, column->key, *(const bool *)cell);
		break;
	case CTL_WHETHER:
		json_bool(out, column->key, *(const int64_t *)cell != 0);
		break;
	}
}

static int print_json(const struct ctl_column *columns, size_t n_columns,
    const void *rows, size_t row_size, size_t n_rows)
{
	struct json_out out;
	struct buf text;
	int code = EXIT_FAILED;

	buf_init(&text, JSON_MAX);
	json_out_init(&out, &text);
	json_array(&out, NULL);
	for (size_t i = 0; i < n_rows; i++) {
		json_object(&out, NULL);
		for (size_t c = 0; c < n_columns; c++)
			put_member(&out, &columns[c],
			    (const char *)rows + i * row_size);
		json_object_end(&out);
	}
	json_array_end(&out);
	if (buf_err(&text) != OK)
		ctl_fail(ERR_LIMIT, "output", "too long; use --limit");
	else if (puts(text.p) >= 0)
		code = EXIT_DONE;
	buf_done(&text);
	return code;
}

/* The widest cell of a column, in code points, its title included. */
static size_t width_of(const struct ctl_column *column, const void *rows,
    size_t row_size, size_t n_rows)
{
	size_t width = strlen(column->title);
	struct buf cell;

	buf_init(&cell, CELL_MAX);
	for (size_t i = 0; i < n_rows; i++) {
		buf_reset(&cell);
		put_cell(&cell, column, (const char *)rows + i * row_size);
		width = MAX_OF(width, utf8_len(buf_str(&cell)));
	}
	buf_done(&cell);
	return width;
}

/* The last column needs no padding. */
static void put_padded(struct buf *line, struct str cell, size_t width,
    bool last)
{
	buf_put(line, cell);
	for (size_t i = utf8_len(cell); !last && i < width + 2; i++)
		buf_putc(line, ' ');
}

static int print_line(struct buf *line)
{
	if (buf_err(line) != OK)
		return ctl_fail(ERR_LIMIT, "output", "a line is too long");
	return puts(line->p) >= 0 ? EXIT_DONE : EXIT_FAILED;
}

static int print_table(const struct ctl_column *columns, size_t n_columns,
    const void *rows, size_t row_size, size_t n_rows)
{
	size_t widths[CTL_COLUMNS_MAX];
	struct buf line;
	struct buf cell;
	int code;

	ensure(n_columns <= CTL_COLUMNS_MAX);
	buf_init(&line, CTL_COLUMNS_MAX * CELL_MAX);
	buf_init(&cell, CELL_MAX);
	for (size_t c = 0; c < n_columns; c++) {
		widths[c] = width_of(&columns[c], rows, row_size, n_rows);
		put_padded(&line, str_of(columns[c].title), widths[c],
		    c + 1 == n_columns);
	}
	code = print_line(&line);
	for (size_t i = 0; code == EXIT_DONE && i < n_rows; i++) {
		buf_reset(&line);
		for (size_t c = 0; c < n_columns; c++) {
			buf_reset(&cell);
			put_cell(&cell, &columns[c],
			    (const char *)rows + i * row_size);
			put_padded(&line, buf_str(&cell), widths[c],
			    c + 1 == n_columns);
		}
		code = print_line(&line);
	}
	buf_done(&cell);
	buf_done(&line);
	return code;
}

int ctl_table_print(const struct ctl *ctl, const struct ctl_column *columns,
    size_t n_columns, const void *rows, size_t row_size, size_t n_rows)
{
	return ctl->options->json
	    ? print_json(columns, n_columns, rows, row_size, n_rows)
	    : print_table(columns, n_columns, rows, row_size, n_rows);
}
