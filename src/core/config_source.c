#include "core/base.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/config_source.h"

#define FILE_MAX 65536
#define CHUNK 4096

struct buf *config_problem(struct config_load *l, struct config_place at,
    const char *key)
{
	struct buf *text = &l->report->text;

	l->report->n_problems++;
	buf_putf(text, "%s:", at.file);
	if (at.line > 0)
		buf_putf(text, "%zu:", at.line);
	if (key != NULL)
		buf_putf(text, " %s:", key);
	buf_putc(text, ' ');
	return text;
}

/* CONFIG_SCRATCH_MAX has room for all that the other limits let in. */
static struct str keep(struct config_load *l, struct str s)
{
	struct str copy;

	ensure(arena_dup(l->scratch, s, &copy) == OK);
	return copy;
}

static const char *join(struct config_load *l, struct str a, const char *b,
    const char *c)
{
	struct buf joined;
	const char *kept;

	buf_init(&joined, a.len + strlen(b) + strlen(c));
	buf_put(&joined, a);
	buf_puts(&joined, b);
	buf_puts(&joined, c);
	kept = keep(l, buf_str(&joined)).p;
	buf_done(&joined);
	return kept;
}

static void set(struct config_load *l, size_t row, struct str text,
    struct config_place at)
{
	text.len = MIN_OF(text.len, CONFIG_VALUE_MAX + 1);
	l->settings[row].text = keep(l, text);
	l->settings[row].at = at;
}

/* 0, or an errno. */
static int read_fd(int fd, struct buf *to, mode_t *ret_mode)
{
	char chunk[CHUNK];
	struct stat st;
	ssize_t n;
	int error = 0;

	if (fstat(fd, &st) < 0)
		return errno;
	while (error == 0 && (n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n > 0)
			buf_put(to, (struct str){chunk, (size_t)n});
		else if (errno != EINTR)
			error = errno;
		if (buf_err(to) != OK)
			error = EFBIG;
	}
	crypto_wipe(chunk, sizeof(chunk));
	*ret_mode = st.st_mode;
	return error;
}

static int read_file(const char *path, struct buf *to, mode_t *ret_mode)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int error;

	if (fd < 0)
		return errno;
	error = read_fd(fd, to, ret_mode);
	close(fd);
	return error;
}

static void cannot_read(struct config_load *l, const char *path,
    const char *key, int error)
{
	struct config_place at = {path, 0};

	buf_putf(config_problem(l, at, key), "cannot be read: %s\n",
	    strerror(error));
}

static bool find_row(struct str name, size_t *ret)
{
	for (size_t i = 0; i < config_n_keys(); i++) {
		if (str_eq(name, str_of(config_rows[i].name))) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* Takes the quotes off; false when they are not a pair around it all. */
static bool unquote(struct str *value)
{
	if (!str_starts(*value, STR("\"")))
		return true;
	if (value->len < 2 || !str_ends(*value, STR("\"")))
		return false;
	value->p++;
	value->len -= 2;
	return !str_contains(*value, STR("\""));
}

/* What a line says, once it is known to be about a key. */
static void read_value(struct config_load *l, struct config_place at,
    size_t row, struct str value, size_t *first_line)
{
	const char *name = config_rows[row].name;

	if (*first_line > 0)
		buf_putf(config_problem(l, at, name),
		    "is in line %zu already; remove one of them\n",
		    *first_line);
	else if (!unquote(&value))
		buf_puts(config_problem(l, at, name),
		    "has quotes that are not one pair around all of it\n");
	else
		set(l, row, value, at);
	*first_line = at.line;
}

static void read_lines(struct config_load *l, struct config_file *file,
    struct str text, bool public)
{
	struct config_place at = {file->path, 0};
	size_t *first_lines;
	struct str line, key, value;
	size_t row;

	first_lines = arena_array(l->scratch, config_n_keys(),
	    sizeof(*first_lines));
	ensure(first_lines != NULL);
	while (str_next(&text, '\n', &line)) {
		at.line++;
		line = str_trim(line);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		if (!str_split(line, '=', &key, &value)) {
			buf_puts(config_problem(l, at, NULL),
			    "must be KEY=value, or a comment after #\n");
			continue;
		}
		if (!find_row(str_trim(key), &row)) {
			buf_puts(config_problem(l, at, NULL),
			    "there is no such key; see t2o.conf(5)\n");
			continue;
		}
		read_value(l, at, row, str_trim(value), &first_lines[row]);
		if (public && config_rows[row].type == CONFIG_SECRET &&
		    l->settings[row].text.len > 0)
			file->exposed = config_rows[row].name;
	}
}

static void read_config_file(struct config_load *l, struct config_file *file)
{
	struct buf text;
	mode_t mode = 0;
	int error;

	buf_init(&text, FILE_MAX);
	error = read_file(file->path, &text, &mode);
	if (error == 0)
		read_lines(l, file, buf_str(&text), (mode & S_IROTH) != 0);
	else if (error != ENOENT || !file->may_be_absent)
		cannot_read(l, file->path, NULL, error);
	buf_done(&text);
}

/* A file that holds nothing but one secret. */
static void read_secret(struct config_load *l, size_t row, const char *path,
    bool may_be_absent)
{
	struct config_place at = {path, 0};
	struct buf text;
	struct str value;
	mode_t mode;
	int error;

	buf_init(&text, CONFIG_VALUE_MAX + 1);
	error = read_file(path, &text, &mode);
	if (error == 0) {
		value = buf_str(&text);
		if (str_ends(value, STR("\n")))
			value.len--;
		set(l, row, value, at);
	} else if (error != ENOENT || !may_be_absent) {
		cannot_read(l, path, config_rows[row].name, error);
	}
	buf_done(&text);
}

static void read_environment(struct config_load *l, size_t row)
{
	static const struct config_place at = {"environment", 0};
	const char *name = config_rows[row].name;
	const char *text;

	if (config_rows[row].type == CONFIG_SECRET) {
		text = getenv("CREDENTIALS_DIRECTORY"); /* systemd.exec(5) */
		if (text != NULL)
			read_secret(l, row, join(l, str_of(text), "/", name),
			    true);
		text = getenv(join(l, str_of(name), "_FILE", ""));
		if (text != NULL && text[0] != '\0')
			read_secret(l, row, text, false);
	}
	text = getenv(name);
	if (text != NULL)
		set(l, row, str_of(text), at);
}

static const char *own_file(enum config_program program)
{
	switch (program) {
	case PROGRAM_FCGI:
		return "t2o-fcgi.conf";
	case PROGRAM_MAILER:
		return "t2o-mailer.conf";
	case PROGRAM_CTL:
		return "t2octl.conf";
	}
	return NULL;
}

void config_source_init(struct config_load *l, const char *path)
{
	const char *shared = path != NULL ? path : T2O_CONFIG_FILE;
	const char *slash = strrchr(shared, '/');
	size_t dir_len = slash == NULL ? 0 : (size_t)(slash + 1 - shared);

	l->settings = arena_array(l->scratch, config_n_keys(),
	    sizeof(*l->settings));
	ensure(l->settings != NULL);
	l->files[CONFIG_SHARED_FILE] = (struct config_file){.path = shared,
	    .may_be_absent = path == NULL};
	l->files[CONFIG_OWN_FILE] =
	    (struct config_file){.path = join(l, (struct str){shared, dir_len},
				     own_file(l->program), ""),
		.may_be_absent = true};
}

void config_source_read(struct config_load *l)
{
	for (size_t i = 0; i < ARRAY_LEN(l->files); i++)
		read_config_file(l, &l->files[i]);
	for (size_t i = 0; i < config_n_keys(); i++)
		if ((config_rows[i].programs & l->program) != 0)
			read_environment(l, i);
}
