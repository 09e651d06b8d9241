/* t2octl housekeep */
#include "core/base.h"

#include "bin/ctl.h"
#include "store/housekeep.h"

#define BATCH 1000
#define CHORES_MAX 16

struct done {
	struct str name;
	uint64_t n;
};

static const struct ctl_column done_columns[] = {
    {"WHAT", "what", CTL_TEXT, offsetof(struct done, name)},
    {"DELETED", "deleted", CTL_NUMBER, offsetof(struct done, n)},
};

/* Batch after batch, until one is not full. */
static enum err delete_all(struct ctl *ctl, size_t i, uint64_t *ret_n)
{
	uint64_t n = 0;

	*ret_n = 0;
	do {
		enum err err = store_housekeep_delete(ctl->app->db, i,
		    ctl->auth.now_us, BATCH, &n);

		if (err != OK)
			return err;
		*ret_n += n;
	} while (n == BATCH);
	return OK;
}

int ctl_housekeep(struct ctl *ctl)
{
	struct done rows[CHORES_MAX];
	const struct store_chore *chore;
	size_t i;

	for (i = 0; (chore = store_housekeep_chore(i)) != NULL; i++) {
		enum err err;

		ensure(i < ARRAY_LEN(rows));
		rows[i].name = str_of(chore->name);
		err = delete_all(ctl, i, &rows[i].n);
		if (err != OK)
			return ctl_fail(err, chore->name, NULL);
	}
	return ctl_table_print(ctl, done_columns, ARRAY_LEN(done_columns), rows,
	    sizeof(rows[0]), i);
}
