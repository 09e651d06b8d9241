/* After all the others: the workers that were there are there still. */
#include "core/base.h"

#include <dirent.h>

#include "api.h"

#define PIDS_MAX 64

static long before[PIDS_MAX];
static size_t n_before;

/* Only where tools/up runs the programs can their processes be told. */
static const char *worker_path(void)
{
	const char *dir = getenv("T2O_BIN_DIR");

	return dir != NULL ? text("%s/t2o-fcgi", dir) : NULL;
}

static bool runs(long pid, const char *program)
{
	char exe[PATH_MAX];
	ssize_t len = readlink(text("/proc/%ld/exe", pid), exe,
	    sizeof(exe) - 1);

	return len > 0 &&
	    str_eq((struct str){exe, (size_t)len}, str_of(program));
}

void aftermath_begin(void)
{
	const char *program = worker_path();
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (program != NULL && proc != NULL &&
	    (entry = readdir(proc)) != NULL && n_before < PIDS_MAX) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0 && runs(pid, program))
			before[n_before++] = pid;
	}
	if (proc != NULL)
		closedir(proc);
	text_free_all();
}

START_TEST(no_worker_has_died)
{
	ck_assert_msg(n_before > 0 || worker_path() == NULL,
	    "no workers were found");
	for (size_t i = 0; i < n_before; i++)
		ck_assert_msg(runs(before[i], worker_path()),
		    "worker %ld is gone", before[i]);
}
END_TEST

/* The standard three, a socket, a connection to the database, and room. */
#define DESCRIPTORS_MAX 16

static size_t count_descriptors(long pid)
{
	DIR *dir = opendir(text("/proc/%ld/fd", pid));
	size_t n = 0;

	if (dir == NULL)
		return 0;
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

START_TEST(no_worker_has_lost_descriptors)
{
	for (size_t i = 0; i < n_before; i++) {
		size_t n = count_descriptors(before[i]);

		ck_assert_msg(n <= DESCRIPTORS_MAX, "worker %ld: %zu",
		    before[i], n);
	}
}
END_TEST

START_TEST(all_is_well)
{
	struct account a = account_new();

	expect_success(get(client_new(), "/healthz"), 200, NULL);
	expect_success(get(client_new(), "/readyz"), 200, NULL);
	expect_success(get(account_login(&a), "/current_user_details"), 200,
	    NULL);
}
END_TEST

void add_aftermath(TCase *tc)
{
	tcase_add_test(tc, no_worker_has_died);
	tcase_add_test(tc, no_worker_has_lost_descriptors);
	tcase_add_test(tc, all_is_well);
}
