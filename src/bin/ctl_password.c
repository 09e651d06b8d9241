/* Passwords from the terminal or standard input. */
#include "core/base.h"

#include "bin/ctl.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>

/* What would end or stop us while the terminal does not show what is typed. */
static const int interruptions[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};

static volatile sig_atomic_t interrupted;

static void note(int number)
{
	interrupted = number;
}

/* Signals outside of `mask` (NULL: the one in force) are let in meanwhile. */
static ssize_t read_byte(int fd, char *out, const sigset_t *mask)
{
	struct pollfd in = {.fd = fd, .events = POLLIN};

	return ppoll(&in, 1, NULL, mask) < 0 ? -1 : read(fd, out, 1);
}

/*
 * One line without its end, into `out`; NULL, or what went wrong.  Byte by
 * byte: stdio would keep a copy that nobody wipes.
 */
static const char *read_line(int fd, char *out, size_t size,
    const sigset_t *mask)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read_byte(fd, &out[len], mask)) == 1 && out[len] != '\n') {
		if (out[len] == '\0')
			return "it must not hold a zero byte";
		if (++len == size)
			return "it is too long";
	}
	if (n < 0)
		return "it could not be read";
	if (n == 0 && len == 0)
		return "there was none";
	out[len] = '\0';
	return NULL;
}

static void say(int tty, const char *text)
{
	/* A terminal that is gone is noticed when it is read. */
	ssize_t n = write(tty, text, strlen(text));

	(void)n;
}

static const char *ask_twice(int tty, char *out, char *again, size_t size,
    const sigset_t *mask)
{
	const char *problem;

	say(tty, "New password: ");
	problem = read_line(tty, out, size, mask);
	if (problem == NULL) {
		say(tty, "\nAgain: ");
		problem = read_line(tty, again, size, mask);
	}
	say(tty, "\n");
	if (problem == NULL && !crypto_equal(out, again, size))
		problem = "the two are not the same";
	return problem;
}

static const char *ask_hidden(int tty, char *out, char *again, size_t size,
    const sigset_t *mask)
{
	struct termios shown;
	struct termios hidden;
	const char *problem = "the terminal cannot hide it";

	if (tcgetattr(tty, &shown) != 0)
		return problem;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(tty, TCSAFLUSH, &hidden) == 0)
		problem = ask_twice(tty, out, again, size, mask);
	(void)tcsetattr(tty, TCSAFLUSH, &shown);
	return problem;
}

/* The terminal is put right before a signal has its way. */
static const char *ask_guarded(int tty, char *out, char *again, size_t size)
{
	struct sigaction action = {.sa_handler = note};
	struct sigaction before[ARRAY_LEN(interruptions)];
	const char *problem;
	sigset_t guarded;
	sigset_t mask;

	sigemptyset(&guarded);
	for (size_t i = 0; i < ARRAY_LEN(interruptions); i++)
		sigaddset(&guarded, interruptions[i]);
	ensure(sigprocmask(SIG_BLOCK, &guarded, &mask) == 0);
	for (size_t i = 0; i < ARRAY_LEN(interruptions); i++)
		ensure(sigaction(interruptions[i], &action, &before[i]) == 0);
	problem = ask_hidden(tty, out, again, size, &mask);
	for (size_t i = 0; i < ARRAY_LEN(interruptions); i++)
		ensure(sigaction(interruptions[i], &before[i], NULL) == 0);
	ensure(sigprocmask(SIG_SETMASK, &mask, NULL) == 0);
	if (interrupted != 0)
		raise(interrupted);
	return problem;
}

static const char *ask(char *out, size_t size)
{
	char again[CTL_PASSWORD_MAX] = {0};
	const char *problem;
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	ensure(size == sizeof(again));
	if (tty < 0)
		return "there is no terminal; use --password-stdin";
	problem = ask_guarded(tty, out, again, size);
	crypto_wipe(again, sizeof(again));
	close(tty);
	return problem;
}

int ctl_password_read(struct ctl *ctl, struct secret_str *ret)
{
	char *text = arena_alloc(ctl->arena, CTL_PASSWORD_MAX);
	const char *problem;

	ensure(text != NULL);
	memset(text, 0, CTL_PASSWORD_MAX); /* compared to its end */
	if (ctl->options->password_stdin)
		problem = read_line(STDIN_FILENO, text, CTL_PASSWORD_MAX, NULL);
	else
		problem = ask(text, CTL_PASSWORD_MAX);
	if (problem != NULL)
		return ctl_fail(ERR_INVALID, "password", problem);
	*ret = (struct secret_str){text, strlen(text)};
	return EXIT_DONE;
}
