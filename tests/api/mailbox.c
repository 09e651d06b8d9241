#include "core/base.h"

#include <check.h>
#include <dirent.h>
#include <sys/stat.h>

#include "environment.h"
#include "mailbox.h"
#include "mime.h"
#include "text.h"

#define WAIT_S 15
#define POLL_NS 20000000L
#define TOKEN_LEN 43

/* Addresses are new in every test, so older messages are of no interest. */
static time_t began;

void mailbox_begin(void)
{
	began = time(NULL);
}

static struct str read_message(const char *path, size_t size)
{
	char *bytes = text_alloc(size + 1);
	FILE *f = fopen(path, "r");
	size_t len;

	ck_assert_ptr_nonnull(f);
	len = fread(bytes, 1, size, f);
	ck_assert_int_eq(ferror(f), 0);
	fclose(f);
	return (struct str){bytes, len};
}

static bool is_for(struct str message, const char *address)
{
	const char *to = mime_header(message, "To");

	return to != NULL && strcasestr(to, address) != NULL;
}

static bool is_newer(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec != b->st_mtim.tv_sec
	    ? a->st_mtim.tv_sec > b->st_mtim.tv_sec
	    : a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

/* Counts the messages for an address, and gives the newest. */
static size_t scan(const char *address, struct str *ret_newest)
{
	char *path = text("%s/new", environment("T2O_MAILDIR"));
	DIR *dir = opendir(path);
	struct stat newest = {0}, st;
	struct dirent *entry;
	size_t n = 0;

	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		const char *file = text("%s/%s", path, entry->d_name);
		struct str message;

		if (stat(file, &st) != 0 || !S_ISREG(st.st_mode) ||
		    st.st_mtime < began - 1)
			continue;
		message = read_message(file, (size_t)st.st_size);
		if (!is_for(message, address))
			continue;
		if (n++ == 0 || is_newer(&st, &newest)) {
			newest = st;
			*ret_newest = message;
		}
	}
	closedir(dir);
	return n;
}

static bool is_token_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* The first run of exactly TOKEN_LEN base64url characters. */
static const char *find_token(const char *s)
{
	while (s != NULL && *s != '\0') {
		size_t len = 0;

		while (is_token_char(s[len]))
			len++;
		if (len == TOKEN_LEN)
			return text_dup((struct str){s, len});
		s += len > 0 ? len : 1;
	}
	return NULL;
}

static const struct mail *parse(struct str message)
{
	struct mail *mail = text_alloc(sizeof(*mail));

	mail->subject = mime_header(message, "Subject");
	mail->to = mime_header(message, "To");
	mail->plain = mime_part(message, "text/plain");
	mail->html = mime_part(message, "text/html");
	mail->token = find_token(mail->plain);
	return mail;
}

const struct mail *mailbox_wait(const char *address, size_t n)
{
	const struct timespec poll = {.tv_nsec = POLL_NS};
	time_t deadline = time(NULL) + WAIT_S;
	struct str newest = {0};
	size_t n_found;

	while ((n_found = scan(address, &newest)) < n && time(NULL) <= deadline)
		nanosleep(&poll, NULL);
	ck_assert_msg(n_found >= n, "%s has %zu messages, not %zu", address,
	    n_found, n);
	return parse(newest);
}

size_t mailbox_count(const char *address)
{
	struct str newest;

	return scan(address, &newest);
}
