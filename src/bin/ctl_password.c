/* Passwords from the terminal or standard input. */
#include "core/base.h"

#include <termios.h>

#include "bin/ctl.h"

/* One line without its end, into `out`; false at the end of the file. */
static bool read_line(FILE *in, char *out, size_t size)
{
	size_t len;

	if (fgets(out, (int)size, in) == NULL)
		return false;
	len = strlen(out);
	if (len > 0 && out[len - 1] == '\n')
		out[--len] = '\0';
	else if (len + 1 == size)
		return false; /* longer than any password may be */
	return true;
}

static bool ask(FILE *tty, const char *prompt, char *out, size_t size)
{
	struct termios shown;
	struct termios hidden;
	bool got;

	if (tcgetattr(fileno(tty), &shown) != 0)
		return false;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	fputs(prompt, tty);
	fflush(tty);
	if (tcsetattr(fileno(tty), TCSAFLUSH, &hidden) != 0)
		return false;
	got = read_line(tty, out, size);
	(void)tcsetattr(fileno(tty), TCSAFLUSH, &shown);
	fputc('\n', tty);
	return got;
}

/* What went wrong, or NULL. */
static const char *ask_twice(char *out, size_t size)
{
	char again[CTL_PASSWORD_MAX];
	const char *problem = NULL;
	FILE *tty = fopen("/dev/tty", "r+");

	if (tty == NULL)
		return "there is no terminal; use --password-stdin";
	if (!ask(tty, "New password: ", out, size) ||
	    !ask(tty, "Again: ", again, sizeof(again)))
		problem = "no password was typed";
	else if (!str_eq(str_of(out), str_of(again)))
		problem = "the two are not the same";
	crypto_wipe(again, sizeof(again));
	fclose(tty);
	return problem;
}

int ctl_password_read(struct ctl *ctl, struct secret_str *ret)
{
	char *text = arena_alloc(ctl->arena, CTL_PASSWORD_MAX);
	const char *problem = NULL;

	ensure(text != NULL);
	/* stdio would keep a copy that nobody wipes. */
	(void)setvbuf(stdin, NULL, _IONBF, 0);
	if (!ctl->options->password_stdin)
		problem = ask_twice(text, CTL_PASSWORD_MAX);
	else if (!read_line(stdin, text, CTL_PASSWORD_MAX))
		problem = "no password on standard input";
	if (problem != NULL)
		return ctl_fail(ERR_INVALID, "password", problem);
	*ret = (struct secret_str){text, strlen(text)};
	return EXIT_DONE;
}
