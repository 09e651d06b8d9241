#include "core/base.h"

#include <fcntl.h>

#include "core/log.h"
#include "core/utf8.h"
#include "mail/template.h"

#define FILE_LEN_MAX (64 * 1024)
#define TEXT_LEN_MAX (2 * FILE_LEN_MAX)
#define SUBJECT_LEN_MAX 500

/* What is rendered, for whom. */
struct rendering {
	const struct config *config;
	enum mail_template template;
	struct str locale;
	const struct mail_value *values;
	size_t n_values;
};

/* How a value is written into one kind of file. */
typedef void put_value(struct buf *out, struct str value);

void mail_text_init(struct mail_text *text)
{
	buf_init(&text->subject, SUBJECT_LEN_MAX);
	buf_init(&text->plain, TEXT_LEN_MAX);
	buf_init(&text->html, TEXT_LEN_MAX);
}

void mail_text_done(struct mail_text *text)
{
	buf_done(&text->subject);
	buf_done(&text->plain);
	buf_done(&text->html);
}

static void put_html(struct buf *out, struct str value)
{
	static const char special[] = "<>&\"'";
	static const char *const entity[] = {"&lt;", "&gt;", "&amp;", "&quot;",
	    "&#39;"};

	for (size_t i = 0; i < value.len; i++) {
		const char *at = memchr(special, value.p[i],
		    sizeof(special) - 1);

		if (at != NULL)
			buf_puts(out, entity[at - special]);
		else
			buf_putc(out, value.p[i]);
	}
}

static void put_one_line(struct buf *out, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.p[i];

		buf_putc(out, c < ' ' || c == 0x7f ? ' ' : (char)c);
	}
}

/* A sentence that points at a place in a file; always ERR_INVALID. */
static enum err broken(const char *path, size_t line, const char *why,
    struct str name)
{
	log_at(LOG_ERROR, why, LOG_Z("file", path), LOG_U64("line", line),
	    LOG_STR("name", name));
	return ERR_INVALID;
}

/* Other schemes, javascript: for one, are somebody's trick or mistake. */
static bool is_safe(const struct mail_value *value)
{
	struct str name = str_of(value->name);

	if (!str_ends(name, STR("link")) && !str_ends(name, STR("url")))
		return true;
	return str_starts(value->text, STR("http://")) ||
	    str_starts(value->text, STR("https://"));
}

static const struct mail_value *find_value(const struct rendering *r,
    struct str name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (str_eq(name, str_of(r->values[i].name)))
			return &r->values[i];
	return NULL;
}

static size_t count_lines(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.p[i] == '\n';
	return n;
}

static enum err fill(const struct rendering *r, const char *path,
    struct str text, put_value *put, struct buf *out)
{
	struct str rest = text;
	struct str piece;
	size_t line = 1;

	while (str_take_until(&rest, STR("{{"), &piece)) {
		const struct mail_value *value;
		struct str name;

		buf_put(out, piece);
		line += count_lines(piece);
		if (!str_take_until(&rest, STR("}}"), &name))
			return broken(path, line, "{{ without }}", STR(""));
		value = find_value(r, name);
		if (value == NULL)
			return broken(path, line, "unknown name", name);
		if (put == put_html && !is_safe(value))
			return broken(path, line, "not a web link", name);
		put(out, value->text);
	}
	buf_put(out, rest);
	if (buf_err(out) != OK)
		return broken(path, line, "too long with its values", STR(""));
	return OK;
}

/* Drops CR, so that a file edited elsewhere is the same file. */
static enum err read_all(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_INVALID;
		for (ssize_t i = 0; i < n; i++)
			if (piece[i] != '\r')
				buf_putc(out, piece[i]);
	}
	if (buf_err(out) != OK)
		errno = EFBIG;
	return buf_err(out);
}

/* ERR_NOT_FOUND without a word: there may be another place to look in. */
static enum err read_file(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err err;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ERR_NOT_FOUND;
	err = fd < 0 ? ERR_INVALID : read_all(fd, out);
	if (err != OK)
		log_at(LOG_ERROR, "cannot read mail template",
		    LOG_Z("file", path), LOG_Z("why", strerror(errno)));
	if (fd >= 0)
		(void)close(fd);
	if (err != OK)
		return ERR_INVALID;
	if (!utf8_valid(buf_str(out)) || str_contains(buf_str(out), STR("\0")))
		return broken(path, 1, "not UTF-8 text", STR(""));
	return OK;
}

struct kind {
	const char *suffix;
	put_value *put;
	size_t offset; /* of the struct buf in struct mail_text */
};

static const struct kind kinds[] = {
    {"subject", put_one_line, offsetof(struct mail_text, subject)},
    {"txt", buf_put, offsetof(struct mail_text, plain)},
    {"html", put_html, offsetof(struct mail_text, html)},
};

static void put_path(const struct rendering *r, const struct kind *kind,
    struct str dir, struct buf *out)
{
	const char *name = store_outbox_template_name(r->template);

	buf_reset(out);
	buf_put(out, dir);
	buf_putf(out, "/%s.%.*s.%s", name, STR_ARG(r->locale), kind->suffix);
}

/* Reads from the first directory that has the file; *path says which. */
static enum err find_file(const struct rendering *r, const struct kind *kind,
    struct buf *path, struct buf *content)
{
	const struct str dirs[] = {r->config->template_dir,
	    str_of(T2O_TEMPLATE_DIR)};
	enum err err = ERR_NOT_FOUND;

	for (size_t i = 0; i < ARRAY_LEN(dirs) && err == ERR_NOT_FOUND; i++) {
		if (dirs[i].len == 0)
			continue;
		put_path(r, kind, dirs[i], path);
		err = buf_err(path);
		if (err == OK)
			err = read_file(path->p, content);
	}
	return err;
}

static enum err render_file(const struct rendering *r, const struct kind *kind,
    struct buf *out)
{
	struct buf path, content;
	struct str text;
	enum err err;

	buf_reset(out);
	buf_init(&path, PATH_MAX - 1);
	buf_init(&content, FILE_LEN_MAX);
	err = find_file(r, kind, &path, &content);
	if (err != OK)
		goto out;
	text = buf_str(&content);
	if (kind->put == put_one_line)
		text = str_trim(text);
	if (kind->put == put_one_line &&
	    (text.len == 0 || count_lines(text) > 0))
		err = broken(path.p, 1, "not one line", STR(""));
	else
		err = fill(r, path.p, text, kind->put, out);
out:
	buf_done(&path);
	buf_done(&content);
	return err;
}

/* ERR_NOT_FOUND without a word when there is no subject in that locale. */
static enum err render(const struct rendering *r, struct mail_text *text)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		void *out = (char *)text + kinds[i].offset;
		enum err err = render_file(r, &kinds[i], out);

		if (err == ERR_NOT_FOUND && i > 0)
			log_at(LOG_ERROR, "mail template lacks a file",
			    LOG_Z("template",
				store_outbox_template_name(r->template)),
			    LOG_STR("locale", r->locale),
			    LOG_Z("kind", kinds[i].suffix));
		if (err != OK)
			return err;
	}
	return OK;
}

enum err mail_template_render(const struct config *config,
    enum mail_template template, const struct mail_value *values,
    size_t n_values, struct mail_text *text)
{
	struct rendering r = {config, template, config->mail_locale, values,
	    n_values};
	enum err err = render(&r, text);

	if (err != ERR_NOT_FOUND || text->subject.len > 0)
		return err;
	r.locale = STR("en");
	err = render(&r, text);
	if (err == ERR_NOT_FOUND && text->subject.len == 0)
		log_at(LOG_ERROR, "mail template not found",
		    LOG_Z("template", store_outbox_template_name(template)),
		    LOG_Z("dir", T2O_TEMPLATE_DIR));
	return err;
}
