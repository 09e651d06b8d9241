"""user reset-twofa, key rotate."""

from bench import BAD_CONFIG, SECRET_KEY, CtlTest, sql

# A TOTP secret of user 77, sealed under SECRET_KEY.
SEALED = ("$aes256gcm$8ab31ea3$5/c2Y1b39eAb9ZxrXXdNfZBE2nMzhFS9MQcrxyRe2VKLKzA"
          "7vAyseDc9t3c/LaW9")
NEW_KEY = "00112233445566778899aabbccddeeff"
ROTATED = {"SECRET_KEY": NEW_KEY, "SECRET_KEY_OLD": SECRET_KEY}


class Twofa(CtlTest):
    def setUp(self):
        super().setUp()
        sql("INSERT INTO users (id, username, email, first_name, last_name,"
            " verified_at, created_at) VALUES (77, 'ada', 'ada@example.org',"
            " 'Ada', 'Lovelace', '2026-01-01', '2026-01-01');"
            "INSERT INTO credentials (user_id, kind, secret, changed_at)"
            f" VALUES (77, 'totp', '{SEALED}', '2026-01-01')")

    def secret(self):
        return sql("SELECT secret FROM credentials WHERE kind = 'totp'")[0][0]


class Reset(Twofa):
    def test_turns_it_off(self):
        sql("INSERT INTO recovery_codes VALUES"
            " (77, RANDOM_BYTES(32), '2026-01-01')")
        self.assertEqual(self.column("2FA", "user", "show", "ada"), ["yes"])
        self.succeeds("user", "reset-twofa", "ada", out="")
        self.assertEqual(self.column("2FA", "user", "show", "ada"), ["no"])
        self.assertEqual(sql("SELECT * FROM recovery_codes"), [])
        self.assertEqual(self.events()[-1][:2], ("twofa_reset", "77"))
        self.assertEqual(sql("SELECT template FROM mail_outbox"),
                         [("twofa_disabled",)])

    def test_nothing_to_turn_off(self):
        self.fails("there is no such user", "user", "reset-twofa", "eve")
        self.succeeds("user", "reset-twofa", "id:77")
        self.fails("This user has no second factor", "user", "reset-twofa",
                   "ada")


class Rotate(Twofa):
    def test_seals_anew_once(self):
        self.succeeds("key", "rotate", out=r"\A0 sealed anew\n\Z")
        self.assertEqual(self.secret(), SEALED)
        self.succeeds("key", "rotate", env=ROTATED, out=r"\A1 sealed anew\n\Z")
        self.assertNotEqual(self.secret(), SEALED)
        self.succeeds("key", "rotate", env=ROTATED, out=r"\A0 sealed anew\n\Z")
        self.succeeds("key", "rotate", env={"SECRET_KEY": NEW_KEY},
                      out=r"\A0 sealed anew\n\Z")
        self.assertEqual(self.events()[-1], ("key_rotated", "0", "local"))

    def test_a_key_that_is_missing(self):
        self.fails("under a key that is not configured", "key", "rotate",
                   env={"SECRET_KEY": NEW_KEY}, out="0 sealed anew")
        self.assertEqual(self.secret(), SEALED)

    def test_one_that_was_moved_to_another_user(self):
        bob = self.add("bob")
        sql(f"UPDATE credentials SET user_id = {bob} WHERE kind = 'totp'")
        self.fails("a sealed secret was changed", "key", "rotate", env=ROTATED,
                   out="0 sealed anew")

    def test_keys_that_are_wrong(self):
        for env in ({"SECRET_KEY_OLD": "short"},
                    {"SECRET_KEY_OLD": SECRET_KEY}):
            with self.subTest(env=env):
                self.ends(BAD_CONFIG, "key", "rotate", err="SECRET_KEY_OLD: ",
                          env=env)
