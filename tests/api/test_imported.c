/* Users of the old service, with the hashes that they bring. */
#include "core/base.h"

#include "api.h"

#define PASSWORD "granite walrus 1999"
#define SALT "bjdUcVVlMldtWmszcFE5cw"

static const struct {
	const char *hash;
	bool renewed;
} hashes[] = {
    {"pbkdf2:sha256:1000$Zk3pQ9sX$4012f996c79a3566042e27629c6c0a5fd66a16706af"
     "0518ae85e620035aeb57d",
	true},
    {"pbkdf2:sha256:600000$Zk3pQ9sX$11c095f4d18ef92c2abd4507978b6995191a248fc"
     "ab86744af6f61be27e49032",
	true},
    {"scrypt:32768:8:1$n7TqUe2WmZk3pQ9s$30648aceb703048568c533e5f0d4db9e9cb6d"
     "92fe7a71a0e12a60f03477d97dae42c9b806e6970e3ab0369593e8802c3b6699d9d9573a"
     "afc05c96aa6eca49dcf",
	true},
    {"$argon2id$v=19$m=8192,t=1,p=1$" SALT
     "$V84NqZTeTyEYU7FLM9xouDkfRh5VirefrFX9RFjnXt0",
	true},
    {"$argon2id$v=19$m=19456,t=2,p=1$" SALT
     "$ZNOjBpZtFGFOn0454A1azPYwFDBMUjHepPFSYRgEMXw",
	false},
    {"$argon2id$v=19$m=32768,t=3,p=2$" SALT
     "$KPxdChpzYutduBpKeTiUg4IAKIFzLsPQjYSNuwdQHhU",
	false},
};

static const char *stored_hash(const struct account *a)
{
	return database_text("SELECT secret FROM credentials WHERE "
			     "user_id = %llu AND kind = 'password'",
	    account_id(a));
}

START_TEST(hash_is_verified_and_renewed)
{
	struct account a = account_import(PASSWORD, hashes[_i].hash);
	const char *hash;

	expect_error(post(client_new(), "/login",
			 account_login_body(a.username, PASSWORD "0")),
	    401, "invalid_credentials");
	ck_assert_str_eq(stored_hash(&a), hashes[_i].hash);
	account_login(&a);
	hash = stored_hash(&a);
	if (hashes[_i].renewed)
		ck_assert_int_eq(strncmp(hash,
				     "$argon2id$v=19$m=19456,t=2,p=1$", 31),
		    0);
	else
		ck_assert_str_eq(hash, hashes[_i].hash);
	ck_assert_int_eq(
	    database_number("SELECT COUNT(*) FROM audit_log WHERE"
			    " event = 'password_rehashed' AND target_id = %llu",
		account_id(&a)),
	    hashes[_i].renewed);

	/* Once is enough, and the password is the same. */
	account_login(&a);
	ck_assert_str_eq(stored_hash(&a), hash);
	expect_error(post(client_new(), "/login",
			 account_login_body(a.username, PASSWORD "0")),
	    401, "invalid_credentials");
}
END_TEST

/* What is no hash opens no door, and breaks nothing. */
static const char *const broken[] = {"", "x", PASSWORD, "!", "$argon2id$",
    "$argon2id$v=19$m=19456,t=2,p=1$$",
    "$argon2id$v=19$m=4294967295,t=2,p=1$" SALT
    "$ZNOjBpZtFGFOn0454A1azPYwFDBMUjHepPFSYRgEMXw",
    "pbkdf2:sha256:0$Zk3pQ9sX$4012f996c79a3566042e27629c6c0a5f",
    "pbkdf2:sha256:1000$Zk3pQ9sX$", "pbkdf2:sha256:1000$$00",
    "scrypt:0:0:0$n7TqUe2WmZk3pQ9s$30648aceb703048568c533e5f0d4db9e",
    "scrypt:1073741824:8:1$n7TqUe2W$30648aceb703048568c533e5f0d4db9e"};

START_TEST(broken_hash_matches_nothing)
{
	struct account a = account_import(PASSWORD, broken[_i]);
	const struct response *res = post(client_new(), "/login",
	    account_login_body(a.username, PASSWORD));

	EXPECT(res->status == 401 || res->status == 500, res,
	    "logged in by a hash that is none");
	ck_assert_str_eq(stored_hash(&a), broken[_i]);
}
END_TEST

START_TEST(no_password_at_all)
{
	struct account a = account_import(PASSWORD, "x");

	database_run("DELETE FROM credentials WHERE user_id = %llu",
	    account_id(&a));
	expect_error(post(client_new(), "/login",
			 account_login_body(a.username, PASSWORD)),
	    401, "invalid_credentials");
}
END_TEST

void add_imported(TCase *tc)
{
	tcase_add_loop_test(tc, hash_is_verified_and_renewed, 0,
	    ARRAY_LEN(hashes));
	tcase_add_loop_test(tc, broken_hash_matches_nothing, 0,
	    ARRAY_LEN(broken));
	tcase_add_test(tc, no_password_at_all);
}
