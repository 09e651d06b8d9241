#include "core/base.h"

#include <dirent.h>
#include <fcntl.h>

#include "core/log.h"
#include "db/file.h"

#define VERSION_DIGITS 4

/* Only what begins with a digit is meant to be one. */
static int is_candidate(const struct dirent *entry)
{
	return isdigit((unsigned char)entry->d_name[0]);
}

/* NNNN_name.sql; names are lower-case letters, digits and _. */
static enum err parse_name(struct arena *arena, const char *z,
    struct db_file *ret)
{
	struct str s = str_of(z), suffix = STR(".sql");
	struct str digits = {s.p, VERSION_DIGITS};
	struct db_file file;

	if (s.len < VERSION_DIGITS + 2 + suffix.len || !str_ends(s, suffix) ||
	    str_to_u64(digits, UINT64_MAX, &file.version) != OK ||
	    file.version == 0 || s.p[VERSION_DIGITS] != '_')
		return ERR_INVALID;
	s.len -= suffix.len;
	for (size_t i = VERSION_DIGITS + 1; i < s.len; i++)
		if (!islower((unsigned char)s.p[i]) &&
		    !isdigit((unsigned char)s.p[i]) && s.p[i] != '_')
			return ERR_INVALID;
	if (arena_dup(arena, s, &file.name) != OK)
		return ERR_LIMIT;
	*ret = file;
	return OK;
}

/* By version, since alphasort sorts four digits so. */
static enum err parse_names(struct arena *arena, struct dirent **entries,
    size_t n, struct db_file *files)
{
	for (size_t i = 0; i < n; i++) {
		enum err err = parse_name(arena, entries[i]->d_name, &files[i]);

		if (err == OK && i > 0 &&
		    files[i].version == files[i - 1].version)
			err = ERR_INVALID;
		if (err == ERR_INVALID)
			log_at(LOG_ERROR,
			    "a migration is not called NNNN_name.sql, or its "
			    "number is there twice",
			    LOG_Z("file", entries[i]->d_name));
		if (err != OK)
			return err;
	}
	return OK;
}

enum err db_file_list(struct arena *arena, const char *dir,
    struct db_file **ret_files, size_t *ret_n)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_candidate, alphasort);
	struct db_file *files;
	enum err err;

	if (n < 0) {
		log_at(LOG_ERROR, "cannot read the migrations' directory",
		    LOG_Z("dir", dir), LOG_Z("text", strerror(errno)));
		return ERR_INTERNAL;
	}
	files = arena_array(arena, MAX_OF((size_t)n, 1), sizeof(*files));
	err = files == NULL ? ERR_LIMIT
			    : parse_names(arena, entries, (size_t)n, files);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	if (err != OK)
		return err;
	*ret_files = files;
	*ret_n = (size_t)n;
	return OK;
}

/* Adds all of the file to *out; false when that fails, errno says why. */
static bool read_all(int fd, struct buf *out)
{
	char chunk[8192];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_put(out, (struct str){chunk, (size_t)n});
	if (n == 0 && buf_err(out) != OK) {
		errno = EFBIG;
		return false;
	}
	return n == 0;
}

enum err db_file_read(const char *dir, struct str name, struct buf *out,
    struct digest *ret_checksum)
{
	struct buf path;
	bool good;
	int fd;

	buf_init(&path, PATH_MAX);
	buf_puts(&path, dir);
	buf_putc(&path, '/');
	buf_put(&path, name);
	buf_puts(&path, ".sql");
	fd = buf_err(&path) == OK ? open(path.p, O_RDONLY | O_CLOEXEC) : -1;
	good = fd >= 0 && read_all(fd, out);
	if (!good)
		log_at(LOG_ERROR, "cannot read a migration",
		    LOG_STR("file", buf_str(&path)),
		    LOG_Z("text", strerror(errno)));
	if (fd >= 0)
		(void)close(fd);
	buf_done(&path);
	if (!good)
		return ERR_INTERNAL;
	crypto_sha256(out->p, out->len, ret_checksum);
	return OK;
}

enum err db_file_checksum(const char *dir, struct str name, struct digest *ret)
{
	struct buf text;
	enum err err;

	buf_init(&text, DB_FILE_SIZE_MAX);
	err = db_file_read(dir, name, &text, ret);
	buf_done(&text);
	return err;
}
