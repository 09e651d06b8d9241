#include "core/base.h"

/* libesmtp.h declares what we need of TLS only after OpenSSL's own header. */
#include "mail/smtp_private.h"

#include <auth-client.h>
#include <libesmtp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/time.h>

/* Politeness after the mail is through: QUIT and its answer. */
#define QUIT_S 2

#define WORDS_LEN_MAX 512
#define SERVER_LEN_MAX 300

struct attempt {
	const struct mail_smtp *smtp;
	struct mail_smtp_result *result;
	smtp_recipient_t recipient;
	timer_t deadline;
	char *username;
	char *password;
	auth_context_t login; /* NULL: none is needed */
	bool connected;
	bool logged_in;
	bool replied; /* result->why is an error reply of the server's */
	bool sender_taken;
	bool handed_over;
	bool settled; /* what comes now changes nothing */
};

static char *dup_z(struct str s)
{
	char *z = strndup(s.p == NULL ? "" : s.p, s.len);

	ensure(z != NULL);
	return z;
}

/* `detail` may be empty.  What the server said itself is left standing. */
static void say(struct attempt *a, const char *words, struct str detail)
{
	struct buf text;

	if (a->settled || a->replied)
		return;
	buf_init(&text, WORDS_LEN_MAX);
	buf_puts(&text, words);
	buf_put(&text, detail);
	mail_smtp_say(a->result, buf_str(&text));
	buf_done(&text);
}

/*
 * A timer that kills cannot be blocked, missed or handled away by a library.
 */
static void set_deadline(struct attempt *a, int64_t in_s)
{
	struct itimerspec when = {.it_value.tv_sec = (time_t)in_s};

	ensure(timer_settime(a->deadline, 0, &when, NULL) == 0);
}

static void ring(int number)
{
	(void)number;
}

/*
 * libesmtp blocks in connect(), which a signal interrupts: it then tries the
 * server's next address.
 */
static void ring_every(uint64_t seconds)
{
	struct itimerval timer = {
	    .it_interval.tv_sec = (time_t)seconds,
	    .it_value.tv_sec = (time_t)seconds,
	};
	struct sigaction action = {.sa_handler = ring};

	ensure(sigaction(SIGALRM, &action, NULL) == 0);
	ensure(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

/* Refused, or never offered: then what is refused later is no mail's fault. */
static bool lacks_login(const struct attempt *a)
{
	return a->login != NULL && !a->logged_in;
}

/*
 * A reply to this mail's recipient or text, other than 2xx.  530, 534, 535 and
 * 538 (RFC 4954) are about us, whatever they answer.
 */
static enum mail_smtp_outcome classify(const struct attempt *a, int code)
{
	if (lacks_login(a) || code == 530 || code == 534 || code == 535 ||
	    code == 538)
		return MAIL_SMTP_DOWN;
	return code >= 500 && code <= 599 ? MAIL_SMTP_REFUSED : MAIL_SMTP_LATER;
}

static bool is_success(const smtp_status_t *status)
{
	return status->code >= 200 && status->code <= 299;
}

/* From here on a failure is this mail's, and others may fare better. */
static void sender_answered(struct attempt *a, smtp_message_t message)
{
	if (!is_success(smtp_reverse_path_status(message)))
		return;
	a->sender_taken = true;
	if (lacks_login(a))
		return;
	a->result->outcome = MAIL_SMTP_LATER;
	a->replied = false;
}

static void recipient_answered(struct attempt *a, smtp_recipient_t recipient)
{
	const smtp_status_t *status = smtp_recipient_status(recipient);

	if (is_success(status))
		return;
	a->result->outcome = classify(a, status->code);
	a->settled = true;
}

static void message_answered(struct attempt *a, smtp_message_t message)
{
	const smtp_status_t *status = smtp_message_transfer_status(message);

	if (a->settled || !is_success(smtp_recipient_status(a->recipient)))
		return;
	if (!is_success(status)) {
		a->result->outcome = classify(a, status->code);
	} else if (a->handed_over) {
		a->result->outcome = MAIL_SMTP_SENT;
		mail_smtp_say(a->result, STR(""));
		set_deadline(a, QUIT_S);
	}
	a->settled = true;
}

/*
 * The questions about certificates (…_CERTIFICATE, WEAK_CIPHER) are answered
 * by leaving their `ok` at 0: no.
 */
static void on_event(smtp_session_t session, int event, void *arg, ...)
{
	struct attempt *a = arg;
	va_list args;

	(void)session;
	va_start(args, arg);
	switch (event) {
	case SMTP_EV_CONNECT:
		ring_every(0);
		a->connected = true;
		say(a, "no greeting", STR(""));
		break;
	case SMTP_EV_EXTNA_STARTTLS:
		say(a, "the server does not offer STARTTLS", STR(""));
		a->settled = true;
		break;
	case SMTP_EV_WRONG_PEER_CERTIFICATE:
		say(a, "the certificate is not for MAIL_SERVER", STR(""));
		a->settled = true;
		break;
	case SMTP_EV_MAILSTATUS:
		(void)va_arg(args, const char *);
		sender_answered(a, va_arg(args, smtp_message_t));
		break;
	case SMTP_EV_RCPTSTATUS:
		(void)va_arg(args, const char *);
		recipient_answered(a, va_arg(args, smtp_recipient_t));
		break;
	case SMTP_EV_MESSAGEDATA:
		say(a, "no answer to the mail's text", STR(""));
		a->handed_over = true;
		break;
	case SMTP_EV_MESSAGESENT:
		message_answered(a, va_arg(args, smtp_message_t));
		break;
	}
	va_end(args);
}

/*
 * What goes over the wire, decrypted: the password too, so of what we say
 * only a known verb is kept.  libesmtp has no other way to tell the reply to a
 * greeting, EHLO, STARTTLS or AUTH.
 */
static void on_wire(const char *bytes, int len, int writing, void *arg)
{
	static const struct str verbs[] = {STR("EHLO"), STR("HELO"),
	    STR("STARTTLS"), STR("AUTH"), STR("MAIL"), STR("RCPT"),
	    STR("DATA")};
	struct attempt *a = arg;
	struct str wire = {bytes, (size_t)MAX_OF(len, 0)};
	struct str line;

	if (writing != SMTP_CB_READING) {
		for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
			if (str_starts(wire, verbs[i]))
				say(a, "no good answer to ", verbs[i]);
		}
		return;
	}
	if (str_starts(wire, STR("235")))
		a->logged_in = true;
	if (!str_next(&wire, '\n', &line) || a->settled || a->replied)
		return;
	line = str_trim(line);
	if (line.len < 3 || (line.p[0] != '4' && line.p[0] != '5'))
		return;
	say(a, a->sender_taken && lacks_login(a) ? "not logged in: " : "",
	    line);
	a->replied = true;
}

static int on_login(auth_client_request_t request, char **answers, int n,
    void *arg)
{
	struct attempt *a = arg;

	for (int i = 0; i < n; i++) {
		if ((request[i].flags & AUTH_PASS) != 0)
			answers[i] = a->password;
		else if ((request[i].flags & AUTH_USER) != 0)
			answers[i] = a->username;
	}
	return 1;
}

static void set_login(struct attempt *a, smtp_session_t session)
{
	const struct config *config = a->smtp->config;

	a->username = dup_z(config->mail_username);
	a->password = dup_z(
	    (struct str){config->mail_password.p, config->mail_password.len});
	if (a->username[0] == '\0')
		return;
	auth_client_init();
	a->login = auth_create_context();
	ensure(a->login != NULL);
	ensure(auth_set_mechanism_flags(a->login, AUTH_PLUGIN_PLAIN, 0) == 1);
	ensure(auth_set_interact_cb(a->login, on_login, a) == 1);
	ensure(smtp_auth_set_context(session, a->login) == 1);
}

static void set_timeouts(smtp_session_t session, uint64_t timeout_s)
{
	static const int phases[] = {Timeout_GREETING, Timeout_ENVELOPE,
	    Timeout_DATA, Timeout_TRANSFER, Timeout_DATA2};

	for (size_t i = 0; i < ARRAY_LEN(phases); i++)
		ensure(smtp_set_timeout(session,
			   phases[i] | Timeout_OVERRIDE_RFC2822_MINIMUM,
			   (long)timeout_s * 1000) > 0);
}

static smtp_session_t new_session(struct attempt *a)
{
	const struct config *config = a->smtp->config;
	smtp_session_t session = smtp_create_session();
	struct buf server;

	ensure(session != NULL);
	buf_init(&server, SERVER_LEN_MAX);
	buf_put(&server, config->mail_server);
	buf_putc(&server, ':');
	buf_put_u64(&server, config->mail_port);
	ensure(smtp_set_server(session, server.p) == 1);
	buf_done(&server);
	set_timeouts(session, config->mail_timeout_s);
	set_login(a, session);
	ensure(smtp_set_eventcb(session, on_event, a) == 1);
	ensure(smtp_set_monitorcb(session, on_wire, a, 0) == 1);
	if (a->smtp->tls != NULL) {
		ensure(smtp_starttls_set_ctx(session, a->smtp->tls) == 1);
		ensure(smtp_starttls_enable(session, Starttls_REQUIRED) == 1);
	}
	return session;
}

/* Also those that systemd sends to all of a unit: the parent decides. */
static void set_signals(struct attempt *a, pid_t parent)
{
	struct sigevent kill_us = {.sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGKILL};
	static const int ignored[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE};
	sigset_t none;

	for (size_t i = 0; i < ARRAY_LEN(ignored); i++)
		ensure(signal(ignored[i], SIG_IGN) != SIG_ERR);
	sigemptyset(&none);
	ensure(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
	ensure(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	if (getppid() != parent)
		_exit(1); /* it was gone before we asked for that */
	ensure(timer_create(CLOCK_MONOTONIC, &kill_us, &a->deadline) == 0);
	set_deadline(a, mail_smtp_deadline_s(a->smtp));
	ring_every(a->smtp->config->mail_timeout_s);
}

/* libesmtp looks for certificates and keys below these. */
static void forget_home(void)
{
	ensure(setenv("HOME", "/nonexistent", 1) == 0);
	ensure(unsetenv("XDG_CONFIG_DIR") == 0);
	ensure(unsetenv("XDG_CONFIG_HOME") == 0);
}

/* What only shows at the end.  EINTR was our own doing: ring_every. */
static void explain(struct attempt *a)
{
	char why[128];

	(void)smtp_strerror(smtp_errno(), why, sizeof(why));
	if (a->connected && a->smtp->tls_why != NULL)
		say(a, "TLS: ", str_of(a->smtp->tls_why));
	else if (!a->connected && strcmp(why, strerror(EINTR)) != 0)
		say(a, "cannot connect: ", str_of(why));
}

static void end_session(struct attempt *a, smtp_session_t session)
{
	(void)smtp_destroy_session(session);
	if (a->login != NULL) {
		(void)auth_destroy_context(a->login);
		auth_client_exit();
	}
	crypto_wipe(a->password, strlen(a->password));
	free(a->password);
	free(a->username);
}

void mail_smtp_attempt(const struct mail_smtp *smtp, pid_t parent,
    struct str recipient, const struct buf *message,
    struct mail_smtp_result *result)
{
	struct attempt a = {.smtp = smtp, .result = result};
	smtp_session_t session;
	smtp_message_t mail;
	char *to = dup_z(recipient);

	set_signals(&a, parent);
	forget_home();
	session = new_session(&a);
	mail = smtp_add_message(session);
	ensure(mail != NULL);
	ensure(smtp_set_reverse_path(mail, smtp->config->mail_sender.p) == 1);
	a.recipient = smtp_add_recipient(mail, to);
	ensure(a.recipient != NULL);
	ensure(smtp_set_message_str(mail, message->p) == 1);

	(void)smtp_start_session(session);
	explain(&a);
	end_session(&a, session);
	free(to);
}
