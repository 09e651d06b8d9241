#include "core/base.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "core/log.h"
#include "http/fcgi.h"

#include "suites.h"
#include "unit.h"

static char dir[32];
static char path[64];

static void start(void)
{
	log_init("test", LOG_ERROR - 1); /* failures are what we are here for */
	(void)snprintf(dir, sizeof(dir), "/tmp/t2o-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/socket", dir);
}

static void stop(void)
{
	(void)unlink(path);
	(void)rmdir(dir);
}

static int connect_to(const char *to)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", to);
	return connect(fd, (const struct sockaddr *)&address, sizeof(address));
}

START_TEST(listens_for_the_group)
{
	static const mode_t umasks[] = {0, 022, 077};
	struct stat st;
	int fd;

	(void)umask(umasks[_i]);
	assert_ok(http_fcgi_listen(path, &fd));
	ck_assert_int_eq(umask(022), umasks[_i]);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(st.st_mode & 0777, 0660);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(connect_to(path), 0);
}
END_TEST

START_TEST(replaces_a_dead_one)
{
	int fd;

	assert_ok(http_fcgi_listen(path, &fd));
	(void)close(fd);
	ck_assert_int_lt(connect_to(path), 0);
	assert_ok(http_fcgi_listen(path, &fd));
	ck_assert_int_eq(connect_to(path), 0);
}
END_TEST

START_TEST(leaves_a_living_one)
{
	int fd, second = -2;

	assert_ok(http_fcgi_listen(path, &fd));
	assert_err(http_fcgi_listen(path, &second), ERR_CONFLICT);
	ck_assert_int_eq(second, -2);
	ck_assert_int_eq(connect_to(path), 0);
}
END_TEST

START_TEST(leaves_what_is_no_socket)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	assert_err(http_fcgi_listen(path, &fd), ERR_CONFLICT);
	ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(where_nothing_can_be)
{
	char name[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1];
	int fd;

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_err(http_fcgi_listen(name, &fd), ERR_INVALID);
	(void)snprintf(name, sizeof(name), "%s/none/socket", dir);
	assert_err(http_fcgi_listen(name, &fd), ERR_INTERNAL);
}
END_TEST

Suite *suite_http_listen(void)
{
	Suite *suite = suite_create("http/listen");
	TCase *tcase = tcase_create("listen");

	tcase_add_checked_fixture(tcase, start, stop);
	tcase_add_loop_test(tcase, listens_for_the_group, 0, 3);
	tcase_add_test(tcase, replaces_a_dead_one);
	tcase_add_test(tcase, leaves_a_living_one);
	tcase_add_test(tcase, leaves_what_is_no_socket);
	tcase_add_test(tcase, where_nothing_can_be);
	suite_add_tcase(suite, tcase);
	return suite;
}
