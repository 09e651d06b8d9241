#include "core/base.h"

#include "core/clock.h"
#include "core/log.h"
#include "db/handle.h"

#define PAUSE_US 5000 /* at the most, after the first try */

void db_conn_pause(unsigned tries)
{
	uint32_t random;
	struct timespec pause = {0};

	crypto_random(&random, sizeof(random));
	pause.tv_nsec = random % ((long)PAUSE_US << tries) * 1000;
	(void)nanosleep(&pause, NULL); /* a signal may cut it short */
}

/* Undoing needs no server: it does so itself when the connection ends. */
static void roll_back(struct db *db)
{
	enum err err;

	if (db->mysql != NULL &&
	    db_conn_command(db, "ROLLBACK", &err) != DB_DONE)
		db_conn_close(db);
}

static enum err commit(struct db *db, bool *ret_again)
{
	enum err err = ERR_INTERNAL;

	switch (db_conn_command(db, "COMMIT", &err)) {
	case DB_DONE:
		db->counts.commits++;
		return OK;
	case DB_AGAIN:
		*ret_again = true;
		break;
	case DB_LOST:
		log_plain(LOG_ERROR,
		    "the connection was lost during a "
		    "COMMIT: whether it took effect is not known");
		return ERR_UNAVAILABLE;
	case DB_FAILED:
	case DB_STALE:
		break;
	}
	roll_back(db);
	return err;
}

static enum err attempt(struct db *db,
    enum err (*body)(struct db *db, void *arg), void *arg, bool *ret_again)
{
	enum err err = db_conn_ensure(db);

	if (err != OK)
		return err;
	switch (db_conn_command(db, "START TRANSACTION", &err)) {
	case DB_DONE:
		break;
	case DB_AGAIN:
	case DB_LOST:
		*ret_again = true;
		return err;
	case DB_FAILED:
		return err;
	case DB_STALE:
		return ERR_INTERNAL; /* nothing is prepared here */
	}
	db->held = true;
	db->broken = false;
	err = body(db, arg);
	db->held = false;
	/* Whatever the body made of it: there is nothing left to commit. */
	if (db->broken) {
		*ret_again = true;
		err = ERR_UNAVAILABLE;
	}
	if (err != OK) {
		roll_back(db);
		return err;
	}
	return commit(db, ret_again);
}

enum err db_conn_transact(struct db *db,
    enum err (*body)(struct db *db, void *arg), void *arg)
{
	ensure(!db->held);
	for (unsigned tries = 1;; tries++) {
		bool again = false;
		enum err err = attempt(db, body, arg, &again);

		if (!again)
			return err;
		if (tries == DB_TRIES_MAX) {
			log_plain(LOG_ERROR, "transaction given up");
			return ERR_UNAVAILABLE;
		}
		db_conn_pause(tries);
	}
}
