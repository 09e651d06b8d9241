"""user add, list, show, disable, enable, grant, revoke, verify."""

import subprocess

from bench import (DONE, FAILED, PASSWORD, CtlTest, command, environment, run,
                   sql)

TITLES = ["ID", "USERNAME", "EMAIL", "FIRST NAME", "LAST NAME", "VERIFIED",
          "DISABLED", "2FA", "CREATED"]
TIME = r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z"
ADA = {"username": "ada", "email": "ada@example.org", "first-name": "Ada",
       "last-name": "Lovelace"}


def options(**changes):
    """The command line for Ada; an option that is None is left out."""
    values = ADA | {k.replace("_", "-"): v for k, v in changes.items()}
    return [word for name, value in values.items() if value is not None
            for word in (f"--{name}", value)] + ["--password-stdin"]


class Add(CtlTest):
    def refused(self, err, stdin=PASSWORD + "\n", **changes):
        self.fails(rf"\At2octl: .*{err}.*\n\Z", "user", "add",
                   *options(**changes), stdin=stdin)
        self.assertEqual(sql("SELECT * FROM users, mail_outbox"), [])

    def test_verified(self):
        user = self.add("ada", "--verified")
        shown = self.json("user", "show", "ada")[0]
        self.assertRegex(shown.pop("created_at"), TIME)
        self.assertEqual(shown, {
            "id": user, "username": "ada", "email": "ada@example.org",
            "first_name": "Ada", "last_name": "Lovelace", "verified": True,
            "disabled": False, "twofa_enabled": False, "roles": ["User"]})
        self.assertEqual(self.events(), [("user_created", str(user), "local")])
        self.assertEqual(sql("SELECT * FROM mail_outbox"), [])

    def test_to_be_verified_by_mail(self):
        user = self.add("ada", "--role", "Moderator")
        shown = self.json("user", "show", "ada")[0]
        self.assertEqual((shown["verified"], shown["roles"]),
                         (False, ["Moderator", "User"]))
        self.assertEqual(
            sql("SELECT template, user_id, recipient FROM mail_outbox"),
            [("verify_email", str(user), "ada@example.org")])

    def test_the_password_is_kept_as_a_hash(self):
        self.add()
        hashes = sql("SELECT kind, secret FROM credentials")
        self.assertEqual(len(hashes), 1)
        self.assertRegex("\t".join(hashes[0]),
                         r"\Apassword\t\$argon2id\$v=19\$m=8,t=1,p=1\$")

    def test_what_is_needed(self):
        for name in ADA:
            self.misused("--username, --email, --first-name and --last-name"
                         " are needed", "user", "add",
                         *options(**{name: None}), stdin=PASSWORD)

    def test_usernames(self):
        for name in ("", "ad", "a" * 31, "a da", "ada!", "ädä", "ada\n", "a@b",
                     "\udcff\udcfe\udcfd"):
            with self.subTest(name=name):
                self.refused("3 to 30 letters", username=name)

    def test_addresses(self):
        for address in ("", "ada", "@example.org", "ada@", "a b@example.org",
                        "ada@example.org\nBcc: x@example.org", "ä@example.org",
                        "ada@exa_mple.org", "ada@" + "x" * 300):
            with self.subTest(address=address):
                self.refused("not a mail address", email=address)

    def test_names(self):
        for name, why in (("", "fill this in"), ("  ", "fill this in"),
                          ("A\x1b[2J", "Control"), ("A\u202eb", "Control"),
                          ("A\nB", "Control"), ("<b>", "do not belong"),
                          ("http://x.example", "link"), ("a" * 61, "60"),
                          ("\udcff", "UTF-8")):
            for which in ("first_name", "last_name"):
                with self.subTest(name=name, which=which):
                    self.refused(why, **{which: name})

    def test_passwords(self):
        for password, why in (
                ("", "none|8 to 128"), ("\n", "8 to 128"),
                ("short\n", "8 to 128"), ("x" * 129 + "\n", "8 to 128"),
                ("x" * 5000, "too long"), ("password\n", "easily guessed"),
                ("lovelaceada\n", "easily guessed"),
                ("\udcff" * 9 + "\n", "UTF-8"),
                (PASSWORD + "\0rest\n", "zero byte")):
            with self.subTest(password=password[:20]):
                self.refused(why, stdin=password)

    def test_roles(self):
        self.refused("There is no such role.", role="Emperor")
        self.refused("There is no such role.", role="\x1b[2J")

    def test_taken(self):
        self.add()
        for changes in ({}, {"username": "ADA", "email": "x@example.org"},
                        {"username": "bob", "email": "Ada@Example.org"}):
            with self.subTest(changes=changes):
                self.fails("The username or the address is taken", "user",
                           "add", *options(**changes), stdin=PASSWORD + "\n")
        self.assertEqual(len(sql("SELECT * FROM users")), 1)

    def test_names_of_the_whole_world(self):
        for number, name in enumerate(("Ådne", "李小龍", "🦊 Fox", "O'Neil")):
            self.succeeds("user", "add", *options(
                username=f"user{number}", email=f"u{number}@example.org",
                first_name=name, last_name='"; DROP TABLE users; --'),
                stdin=PASSWORD)
            self.assertEqual(
                self.json("user", "show", f"user{number}")[0]["first_name"],
                name)
        self.table("user", "list")  # stays aligned


class Show(CtlTest):
    def test_table(self):
        user = self.add()
        titles, row = self.table("user", "show", "ada")
        self.assertEqual(titles, TITLES + ["ROLES"])
        self.assertRegex(row.pop(8), TIME)
        self.assertEqual(row, [str(user), "ada", "ada@example.org", "Ada",
                               "Lovelace", "yes", "no", "no", "User"])

    def test_by_name_address_or_id(self):
        user = self.add()
        for text in ("ada", "ADA", "ada@example.org", "Ada@EXAMPLE.org",
                     f"id:{user}"):
            self.assertEqual(self.json("user", "show", text)[0]["id"], user)

    def test_nobody(self):
        self.add()
        for text in ("bob", "", "bob@example.org", "id:0", "ada ", "%", "a_a",
                     "ada\\", "' OR '1'='1", "x" * 500, "äda", "\udcff"):
            for args in (("show", text), ("disable", text), ("enable", text),
                         ("verify", text), ("grant", text, "User"),
                         ("revoke", text, "User"), ("set-password", text)):
                with self.subTest(args=args):
                    self.fails("there is no such user\n", "user", *args,
                               stdin=PASSWORD)


class List(CtlTest):
    def test_pages(self):
        self.assertEqual(self.table("user", "list"), [TITLES])
        self.assertEqual(self.json("user", "list"), [])
        ids = [self.add(name) for name in ("ada", "bob", "cyd")]
        self.assertEqual(self.column("ID", "user", "list"),
                         [str(i) for i in ids])
        more = rf"\AThere may be more: --after {ids[1]}\n\Z"
        self.assertEqual(self.column("USERNAME", "user", "list", "--limit",
                                     "2", err=more), ["ada", "bob"])
        self.assertEqual(self.column("USERNAME", "user", "list", "--limit",
                                     "2", "--after", ids[1]), ["cyd"])
        self.assertEqual(self.json("user", "list", "--after", ids[2]), [])

    def test_json(self):
        self.add()
        listed = self.json("user", "list")
        shown = self.json("user", "show", "ada")
        shown[0].pop("roles")
        self.assertEqual(listed, shown)

    def test_limit(self):
        self.succeeds("user", "list", "--limit", "1000")
        self.misused("--limit is 1000 at most", "user", "list", "--limit",
                     "1001")

    def test_presets_to_a_hundred(self):
        sql("INSERT INTO users (username, email, first_name, last_name,"
            " created_at) SELECT CONCAT('user', seq), CONCAT(seq,"
            " '@example.org'), 'A', 'B', '2026-01-01' FROM seq_1_to_150")
        listed = self.json("user", "list", err="There may be more")
        self.assertEqual(len(listed), 100)


class Change(CtlTest):
    def test_disable_and_enable(self):
        user = self.add()
        self.session(user)
        self.succeeds("user", "disable", "ada", out="")
        self.assertEqual(self.column("DISABLED", "user", "list"), ["yes"])
        self.assertEqual(sql("SELECT id FROM sessions"), [])
        self.fails("ada: This account is disabled already.",
                   "user", "disable", "ada")
        self.succeeds("user", "enable", "ada", out="")
        self.assertEqual(self.column("DISABLED", "user", "list"), ["no"])
        self.fails("ada: This account is not disabled.",
                   "user", "enable", "ada")
        self.assertEqual([e[0] for e in self.events()],
                         ["user_created", "user_disabled", "user_enabled"])

    def test_verify(self):
        self.add("ada", "--role", "User")
        self.assertEqual(self.column("VERIFIED", "user", "list"), ["no"])
        self.succeeds("user", "verify", "ada", out="")
        self.assertEqual(self.column("VERIFIED", "user", "list"), ["yes"])
        self.fails("ada: This address is confirmed already.",
                   "user", "verify", "ada")

    def test_grant_and_revoke(self):
        self.add()
        self.succeeds("user", "grant", "ada", "Admin", out="")
        self.assertEqual(self.column("ROLES", "user", "show", "ada"),
                         ["Admin, User"])
        self.fails("The user has this role already", "user", "grant", "ada",
                   "admin")
        self.succeeds("user", "revoke", "ada", "User", out="")
        self.assertEqual(self.column("ROLES", "user", "show", "ada"),
                         ["Admin"])
        self.fails("The user does not have this role.", "user", "revoke",
                   "ada", "User")
        self.succeeds("user", "revoke", "ada", "Admin")
        self.assertEqual(self.column("ROLES", "user", "show", "ada"), ["-"])
        self.assertEqual(self.json("user", "show", "ada")[0]["roles"], [])
        self.assertEqual([e[0] for e in self.events()],
                         ["user_created", "role_granted", "role_revoked",
                          "role_revoked"])

    def test_roles_that_are_not_there(self):
        self.add()
        for role in ("", "Emperor", "Admin x", "%", "' OR 1=1 -- ", "x" * 300,
                     "\udcff"):
            with self.subTest(role=role):
                self.fails("There is no such role.", "user", "grant", "ada",
                           role)
                self.fails("The user does not have this role.", "user",
                           "revoke", "ada", role)


class LastAdministrator(CtlTest):
    WHY = "The last administrator cannot be taken away"

    def test_is_protected(self):
        self.add("ada", "--role", "Super Admin")
        self.fails(self.WHY, "user", "disable", "ada")
        self.fails(self.WHY, "user", "revoke", "ada", "super admin")
        self.assertEqual(self.column("ROLES", "user", "show", "ada"),
                         ["Super Admin, User"])
        self.assertEqual([e[0] for e in self.events()],
                         ["user_created", "role_granted"])

    def test_another_who_is_disabled_does_not_count(self):
        self.add("ada", "--role", "Super Admin")
        self.add("bob", "--role", "Super Admin")
        self.succeeds("user", "disable", "bob")
        self.fails(self.WHY, "user", "disable", "ada")
        self.succeeds("user", "enable", "bob")
        self.succeeds("user", "disable", "ada")

    def test_other_roles_may_go(self):
        self.add("ada", "--role", "Super Admin")
        self.succeeds("user", "revoke", "ada", "User")

    def test_two_at_once(self):
        """Each would leave the other; together they would leave nobody."""
        for name in ("ada", "bob"):
            self.add(name, "--role", "Super Admin")
        pairs = ((("disable", "ada"), ("disable", "bob")),
                 (("disable", "ada"), ("revoke", "bob", "Super Admin")),
                 (("revoke", "ada", "Super Admin"),
                  ("revoke", "bob", "Super Admin")))
        for pair in pairs * 4:
            runs = [subprocess.Popen(command("user", *args), env=environment(),
                                     stderr=subprocess.PIPE) for args in pair]
            errors = [r.communicate()[1].decode() for r in runs]
            codes = [r.returncode for r in runs]
            with self.subTest(pair=pair, errors=errors):
                self.assertEqual(sorted(codes), [DONE, FAILED])
                self.assertIn(self.WHY, "".join(errors))
            for name in ("ada", "bob"):  # as it was
                run("user", "enable", name)
                run("user", "grant", name, "Super Admin")
