#include "core/base.h"

#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "core/log.h"
#include "mail/smtp.h"
#include "mail/smtp_private.h"

/*
 * MAIL_TIMEOUT_S is for one answer.  A whole attempt, with a name to look up,
 * several addresses to try and about ten answers to wait for, may take this
 * many times that and then some.
 */
#define DEADLINE_FACTOR 5
#define DEADLINE_EXTRA_S 5

static bool is_loopback(struct str host)
{
	struct in_addr addr;

	return str_eq_nocase(host, STR("localhost")) ||
	    (inet_pton(AF_INET, host.p, &addr) == 1 &&
		ntohl(addr.s_addr) >> 24 == IN_LOOPBACKNET);
}

enum err mail_smtp_new(const struct config *config, struct mail_smtp **ret)
{
	struct mail_smtp *smtp;
	enum err err = OK;

	if (config->mail_username.len > 0 && !config->mail_use_tls &&
	    !is_loopback(config->mail_server)) {
		log_plain(LOG_ERROR,
		    "MAIL_USERNAME needs MAIL_USE_TLS: the password would go "
		    "over the network in clear");
		return ERR_INVALID;
	}
	smtp = calloc(1, sizeof(*smtp));
	ensure(smtp != NULL);
	smtp->config = config;
	if (config->mail_use_tls)
		err = mail_smtp_tls_init(smtp);
	if (err != OK) {
		mail_smtp_free(&smtp);
		return err;
	}
	*ret = smtp;
	return OK;
}

void mail_smtp_free(struct mail_smtp **smtp)
{
	if (*smtp == NULL)
		return;
	SSL_CTX_free((*smtp)->tls);
	free((*smtp)->host);
	free(*smtp);
	*smtp = NULL;
}

int64_t mail_smtp_deadline_s(const struct mail_smtp *smtp)
{
	return DEADLINE_FACTOR * (int64_t)smtp->config->mail_timeout_s +
	    DEADLINE_EXTRA_S;
}

/* Until the child is gone; it has a deadline of its own. */
static void wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		ensure(errno == EINTR);
	if (!WIFSIGNALED(status) || WTERMSIG(status) == SIGKILL)
		return;
	log_at(LOG_ERROR, "the sending process crashed",
	    LOG_U64("signal", (uint64_t)WTERMSIG(status)));
}

void mail_smtp_send(const struct mail_smtp *smtp, struct str recipient,
    const struct buf *message, struct mail_smtp_result *ret)
{
	/* Zeroed, and so a short text always ends in NUL. */
	struct mail_smtp_result *shared = mmap(NULL, sizeof(*shared),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = getpid();
	pid_t child;

	ensure(shared != MAP_FAILED);
	shared->outcome = MAIL_SMTP_DOWN;
	mail_smtp_say(shared, STR("cannot connect: no answer in time"));
	child = fork();
	if (child == 0) {
		mail_smtp_attempt(smtp, parent, recipient, message, shared);
		_exit(0);
	}
	if (child > 0)
		wait_for(child);
	else
		mail_smtp_say(shared, STR("cannot fork"));
	*ret = *shared;
	ret->why[sizeof(ret->why) - 1] = '\0';
	(void)munmap(shared, sizeof(*shared));
}

void mail_smtp_say(struct mail_smtp_result *result, struct str words)
{
	size_t len = MIN_OF(words.len, sizeof(result->why) - 1);

	for (size_t i = 0; i < len; i++) {
		char c = words.p[i];

		result->why[i] = c < ' ' || c > '~' ? '?' : c;
	}
	result->why[len] = '\0';
}
