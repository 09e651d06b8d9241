/* t2octl key … */
#include "core/base.h"

#include "auth/reseal.h"
#include "bin/ctl.h"

int ctl_key_generate(struct ctl *ctl)
{
	char text[SECRET_TEXT_LEN + 1];
	struct secret key;

	(void)ctl;
	if (crypto_init() != OK)
		return ctl_fail(ERR_INTERNAL, "key generate",
		    "libgcrypt does not work here");
	secret_new(&key);
	secret_text(&key, text);
	puts(text);
	crypto_wipe(&key, sizeof(key));
	crypto_wipe(text, sizeof(text));
	return EXIT_DONE;
}

/* The keys are the workers', and are read from where the workers have them. */
int ctl_key_rotate(struct ctl *ctl)
{
	struct auth_reseal_result result;
	struct config keys;
	enum err err;

	if (ctl_config_load(ctl, PROGRAM_FCGI, &keys) != OK)
		return EXIT_BAD_CONFIG;
	err = auth_reseal_all(&ctl->auth, &keys, &result);
	if (err != OK)
		return ctl_fail(err, "key rotate", NULL);
	printf("%" PRIu64 " sealed anew\n", result.n_sealed);
	if (result.n_failed == 0)
		return EXIT_DONE;
	return ctl_fail(ERR_INTERNAL, "key rotate",
	    "some are sealed under a key that is not configured; "
	    "see the lines above");
}
