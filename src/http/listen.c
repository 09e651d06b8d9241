/* A socket of our own, where no systemd or spawn-fcgi hands one over. */
#include "core/base.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "core/log.h"
#include "http/fcgi.h"

#define BACKLOG 511

static enum err refuse(enum err err, const char *path, const char *why)
{
	log_at(LOG_ERROR, "cannot listen", LOG_Z("path", path),
	    LOG_Z("error", why));
	return err;
}

/* Whether somebody listens; non-blocking, for the case of a full queue. */
static bool is_answering(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool answering;

	if (fd < 0)
		return true; /* not known, so it is left alone */
	answering = connect(fd, (const struct sockaddr *)address,
			sizeof(*address)) == 0 ||
	    errno != ECONNREFUSED;
	(void)close(fd);
	return answering;
}

/* Makes room for the socket. */
static enum err clear(const struct sockaddr_un *address)
{
	const char *path = address->sun_path;
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT
		    ? OK
		    : refuse(ERR_INTERNAL, path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return refuse(ERR_CONFLICT, path, "something else is there");
	if (is_answering(address))
		return refuse(ERR_CONFLICT, path, "another process listens");
	if (unlink(path) < 0)
		return refuse(ERR_INTERNAL, path, strerror(errno));
	return OK;
}

enum err http_fcgi_listen(const char *path, int *ret_fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t path_len = strlen(path);
	mode_t old_umask;
	int fd, bound;
	enum err err;

	if (path_len >= sizeof(address.sun_path))
		return refuse(ERR_INVALID, path, "the path is too long");
	memcpy(address.sun_path, path, path_len);
	err = clear(&address);
	if (err != OK)
		return err;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return refuse(ERR_INTERNAL, path, strerror(errno));
	old_umask = umask(0117); /* never open to others, not for a moment */
	bound = bind(fd, (const struct sockaddr *)&address, sizeof(address));
	(void)umask(old_umask);
	if (bound < 0 || listen(fd, BACKLOG) < 0) {
		err = refuse(ERR_INTERNAL, path, strerror(errno));
		(void)close(fd);
		return err;
	}
	*ret_fd = fd;
	return OK;
}
