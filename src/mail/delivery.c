#include "core/base.h"

#include "core/addr.h"
#include "core/clock.h"
#include "core/log.h"
#include "mail/compose.h"
#include "mail/delivery.h"
#include "mail/mint.h"
#include "store/schema.h"

/* A mail is out within two seconds of its commit. */
#define POLL_US SECOND_US
#define DATABASE_PAUSE_US SECOND_US
#define SERVER_PAUSE_MAX_US (60 * SECOND_US)

/* What an attempt takes besides SMTP: the database, at its slowest. */
#define LEASE_EXTRA_S 60
/* How long a result is held on to when there is also a SIGTERM. */
#define SETTLE_S 10

/* 1, 2, 4 … 128 minutes and 17 times 4 hours: 3 days. */
#define DELAY_MAX_S (4 * HOUR_S)
#define ATTEMPTS_MAX 25

#define ARENA_LEN_MAX (64 * 1024)

struct work {
	const struct mail_delivery *d;
	struct arena *arena;
	bool database_down;
	int64_t server_pause_us; /* 0: the server takes mail */
	char server_why[sizeof(((struct mail_smtp_result *)NULL)->why)];
};

/* A claimed mail, and what is to become of it. */
struct job {
	struct digest lease;
	int64_t lease_end_us; /* monotonic */
	struct store_mail *mail;
	struct mail_smtp_result result;
	enum mail_fate fate;
	int64_t delay_s;
};

static int64_t now_us(const struct work *w)
{
	return clock_now_us(&w->d->app->clock);
}

enum mail_fate mail_delivery_fate(enum mail_smtp_outcome outcome,
    uint64_t attempts, int64_t *ret_delay_s)
{
	switch (outcome) {
	case MAIL_SMTP_SENT:
		return MAIL_FATE_SENT;
	case MAIL_SMTP_REFUSED:
		return MAIL_FATE_PARK;
	case MAIL_SMTP_DOWN:
		return MAIL_FATE_RELEASE;
	case MAIL_SMTP_LATER:
		break;
	}
	if (attempts >= ATTEMPTS_MAX)
		return MAIL_FATE_PARK;
	*ret_delay_s = MIN_OF(MINUTE_S << MIN_OF(attempts, 16), DELAY_MAX_S);
	return MAIL_FATE_DEFER;
}

/* Says it once, when it changes. */
static void note_database(struct work *w, bool down)
{
	if (down && !w->database_down)
		log_plain(LOG_WARNING, "waiting for the database");
	if (!down && w->database_down)
		log_plain(LOG_INFO, "the database answers again");
	w->database_down = down;
}

/* The same for the server; also when it is down for another reason. */
static void note_server(struct work *w, const struct mail_smtp_result *result)
{
	if (result->outcome != MAIL_SMTP_DOWN) {
		if (w->server_pause_us != 0)
			log_plain(LOG_INFO, "the mail server takes mail again");
		w->server_pause_us = 0;
		return;
	}
	if (w->server_pause_us == 0 || strcmp(w->server_why, result->why) != 0)
		log_at(LOG_ERROR, "the mail server takes no mail; waiting",
		    LOG_STR("host", w->d->app->config->mail_server),
		    LOG_Z("why", result->why));
	memcpy(w->server_why, result->why, sizeof(w->server_why));
	w->server_pause_us = MIN_OF(MAX_OF(2 * w->server_pause_us, SECOND_US),
	    SERVER_PAUSE_MAX_US);
}

static void note_fate(const struct job *job)
{
	static const struct {
		enum log_level level;
		const char *msg;
	} notes[] = {
	    [MAIL_FATE_RELEASE] = {LOG_DEBUG, "mail released"},
	    [MAIL_FATE_DEFER] = {LOG_WARNING, "mail deferred"},
	    [MAIL_FATE_PARK] = {LOG_ERROR, "mail parked"},
	};

	if (job->fate == MAIL_FATE_SENT)
		log_at(LOG_INFO, "mail sent", LOG_U64("id", job->mail->id),
		    LOG_STR("template", job->mail->template));
	else
		log_at(notes[job->fate].level, notes[job->fate].msg,
		    LOG_U64("id", job->mail->id),
		    LOG_STR("template", job->mail->template),
		    LOG_Z("why", job->result.why));
}

/* An outcome of our own, without a word from a server. */
static void conclude(struct job *job, enum mail_smtp_outcome outcome,
    const char *why)
{
	job->result.outcome = outcome;
	mail_smtp_say(&job->result, str_of(why));
}

static const char *find_obstacle(const struct store_mail *mail,
    enum mail_template template, const struct store_user *user)
{
	if (user->disabled_us != 0)
		return "the user is disabled";
	if (!mail_compose_is_for(template, mail->recipient, user->email))
		return "the user has another address by now";
	if (!addr_valid(mail->recipient))
		return "not a mail address";
	return NULL;
}

/* Whom a mail is about; nobody with empty names when their account is gone. */
static enum err find_user(struct work *w, const struct store_mail *mail,
    enum mail_template template, struct store_user *ret)
{
	*ret = (struct store_user){0};
	if (template == MAIL_ACCOUNT_ERASED)
		return OK;
	return store_user_for_mail(w->d->app->db, w->arena, mail->user_id, ret);
}

/*
 * ERR_NOT_FOUND: the user is gone, or the login that a code was for.  Other
 * errors are the database's.  OK with a message or, where there is none, a
 * conclusion.
 */
static enum err write_message(struct work *w, struct job *job,
    struct buf *message)
{
	const struct store_mail *mail = job->mail;
	struct mail_letter letter = {.recipient = mail->recipient,
	    .date_us = now_us(w)};
	struct mail_minted minted;
	struct store_user user;
	const char *obstacle;
	enum err err;

	if (store_outbox_template_parse(mail->template, &letter.template) !=
	    OK) {
		conclude(job, MAIL_SMTP_REFUSED, "no such template");
		return OK;
	}
	err = find_user(w, mail, letter.template, &user);
	if (err != OK)
		return err;
	obstacle = find_obstacle(mail, letter.template, &user);
	if (obstacle != NULL) {
		conclude(job, MAIL_SMTP_REFUSED, obstacle);
		return OK;
	}
	err = mail_mint(w->d->app, mail, &letter, &minted);
	if (err != OK)
		goto out;
	letter.user = &user;
	letter.detail = mail->detail;
	letter.happened_us = mail->created_us;
	if (mail_compose(w->d->app->config, &letter, message) != OK) {
		buf_reset(message);
		conclude(job, MAIL_SMTP_LATER,
		    "cannot be written; the log says why");
	}
out:
	crypto_wipe(&minted, sizeof(minted));
	return err;
}

/* Sends, or finds out why not.  An error is the database's. */
static enum err attempt(struct work *w, struct job *job)
{
	struct buf message;
	enum err err;

	buf_init(&message, MAIL_MESSAGE_LEN_MAX);
	err = write_message(w, job, &message);
	if (err == ERR_NOT_FOUND) {
		conclude(job, MAIL_SMTP_REFUSED,
		    "the user is gone, or the login that it was for");
		err = OK;
	} else if (err == OK && message.len > 0) {
		mail_smtp_send(w->d->smtp, job->mail->recipient, &message,
		    &job->result);
		note_server(w, &job->result);
	}
	buf_done(&message);
	return err;
}

static enum err record(struct work *w, const struct job *job)
{
	struct db *db = w->d->app->db;
	uint64_t id = job->mail->id;
	struct str why = str_of(job->result.why);

	switch (job->fate) {
	case MAIL_FATE_SENT:
		return store_outbox_sent(db, id, &job->lease, now_us(w));
	case MAIL_FATE_RELEASE:
		return store_outbox_release(db, id, &job->lease, why);
	case MAIL_FATE_DEFER:
		return store_outbox_defer(db, id, &job->lease,
		    now_us(w) + job->delay_s * SECOND_US, why);
	case MAIL_FATE_PARK:
		return store_outbox_park(db, id, &job->lease, why);
	}
	return ERR_INTERNAL;
}

/*
 * Tries as long as the lease holds: a result that is not recorded would be a
 * mail sent twice.  Nobody else can have changed the row by then, so when it
 * is not ours the second time, the first did take effect.
 */
static enum err settle(struct work *w, const struct job *job)
{
	int64_t patience_us = clock_monotonic_us() + SETTLE_S * SECOND_US;
	enum err err, first = record(w, job);

	for (err = first; err == ERR_UNAVAILABLE; err = record(w, job)) {
		bool stopping;

		note_database(w, true);
		stopping = w->d->stop(DATABASE_PAUSE_US);
		if (clock_monotonic_us() >
		    (stopping ? patience_us : job->lease_end_us))
			break;
	}
	if (err == ERR_NOT_FOUND && first == ERR_UNAVAILABLE)
		err = OK;
	if (err == ERR_NOT_FOUND)
		log_at(LOG_WARNING, "a mail was taken from us",
		    LOG_U64("id", job->mail->id));
	else if (err == OK)
		note_fate(job);
	return err;
}

/* ERR_NOT_FOUND: nothing is due. */
static enum err claim(struct work *w, struct job *job)
{
	struct db *db = w->d->app->db;
	int64_t lease_us = (mail_smtp_deadline_s(w->d->smtp) + LEASE_EXTRA_S) *
	    SECOND_US;
	int64_t due_us = 0;
	size_t n = 0;
	enum err err = store_outbox_next_due(db, w->arena, &due_us);

	if (err != OK)
		return err;
	if (due_us == 0 || due_us > now_us(w))
		return ERR_NOT_FOUND;
	crypto_random(&job->lease, sizeof(job->lease));
	job->lease_end_us = clock_monotonic_us() + lease_us;
	err = store_outbox_claim(db, w->arena, &job->lease, now_us(w), lease_us,
	    1, &job->mail, &n);
	if (err != OK)
		return err;
	return n == 0 ? ERR_NOT_FOUND : OK;
}

/* One mail, from claim to result.  ERR_NOT_FOUND: nothing is due. */
static enum err deliver_next(struct work *w, enum mail_fate *ret_fate)
{
	struct job job = {0};
	enum err err;

	arena_reset(w->arena);
	err = claim(w, &job);
	note_database(w, err != OK && err != ERR_NOT_FOUND);
	if (err != OK)
		return err;
	err = attempt(w, &job);
	if (err == ERR_UNAVAILABLE) {
		note_database(w, true);
		conclude(&job, MAIL_SMTP_DOWN, "the database was away");
	} else if (err != OK) {
		conclude(&job, MAIL_SMTP_LATER,
		    "the database failed; the log says how");
		err = OK;
	}
	job.fate = mail_delivery_fate(job.result.outcome, job.mail->attempts,
	    &job.delay_s);
	*ret_fate = job.fate;
	if (settle(w, &job) != OK && err == OK)
		err = ERR_UNAVAILABLE;
	return err;
}

static void begin(struct work *w, const struct mail_delivery *d)
{
	*w = (struct work){.d = d, .arena = arena_new(ARENA_LEN_MAX)};
}

/* How long to wait before the next. */
static int64_t step(struct work *w)
{
	enum mail_fate fate;
	enum err err = deliver_next(w, &fate);

	if (err == ERR_NOT_FOUND)
		return POLL_US;
	if (err != OK)
		return DATABASE_PAUSE_US;
	return fate == MAIL_FATE_RELEASE ? w->server_pause_us : 0;
}

enum err mail_delivery_run(const struct mail_delivery *d)
{
	int64_t pause_us = 0;
	struct work w;
	enum err err;

	begin(&w, d);
	while ((err = store_schema_require(d->app->db)) != OK) {
		note_database(&w, true);
		if (err == ERR_CONFLICT || d->stop(DATABASE_PAUSE_US))
			break;
	}
	if (err == OK)
		while (!d->stop(pause_us))
			pause_us = step(&w);
	arena_free(&w.arena);
	return err == ERR_CONFLICT ? err : OK;
}

enum err mail_delivery_drain(const struct mail_delivery *d)
{
	enum mail_fate fate;
	bool unsent = false;
	struct work w;
	enum err err;

	begin(&w, d);
	err = store_schema_require(d->app->db);
	while (err == OK && !d->stop(0)) {
		err = deliver_next(&w, &fate);
		if (err == OK && fate == MAIL_FATE_RELEASE)
			err = ERR_UNAVAILABLE;
		unsent = unsent || (err == OK && fate != MAIL_FATE_SENT);
	}
	arena_free(&w.arena);
	if (err == ERR_NOT_FOUND || err == OK)
		err = unsent ? ERR_UNAVAILABLE : OK;
	return err;
}
