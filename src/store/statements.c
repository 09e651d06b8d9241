#include "core/base.h"

#include "store/audit.h"
#include "store/challenge.h"
#include "store/credential.h"
#include "store/email_change.h"
#include "store/housekeep.h"
#include "store/network.h"
#include "store/outbox.h"
#include "store/permission.h"
#include "store/recovery.h"
#include "store/role.h"
#include "store/session.h"
#include "store/statements.h"
#include "store/throttle.h"
#include "store/token.h"
#include "store/totp.h"
#include "store/user.h"
#include "store/user_list.h"

static const struct table {
	const struct db_stmt *first;
	const size_t *n;
} tables[] = {
    {store_audit_statements, &store_audit_n_statements},
    {store_challenge_statements, &store_challenge_n_statements},
    {store_credential_statements, &store_credential_n_statements},
    {store_email_change_statements, &store_email_change_n_statements},
    {store_housekeep_statements, &store_housekeep_n_statements},
    {store_network_statements, &store_network_n_statements},
    {store_outbox_statements, &store_outbox_n_statements},
    {store_permission_statements, &store_permission_n_statements},
    {store_recovery_statements, &store_recovery_n_statements},
    {store_role_statements, &store_role_n_statements},
    {store_session_statements, &store_session_n_statements},
    {store_throttle_statements, &store_throttle_n_statements},
    {store_token_statements, &store_token_n_statements},
    {store_totp_statements, &store_totp_n_statements},
    {store_user_statements, &store_user_n_statements},
    {store_user_list_statements, &store_user_list_n_statements},
};

const struct db_stmt *store_statement_at(size_t i)
{
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		if (i < *tables[t].n)
			return &tables[t].first[i];
		i -= *tables[t].n;
	}
	return NULL;
}
