"""Help, version, wrong usage, and how it ends when something is not there."""

import re

from bench import (BAD_CONFIG, DONE, SQL_DIR, TRY_AGAIN, CtlTest, database_url,
                   holding, run, sql)

COMMANDS = (
    "migrate up", "migrate status", "check-sql", "config check",
    "config show", "key generate", "key rotate", "user add", "user list",
    "user show", "user disable", "user enable", "user set-password",
    "user reset-twofa", "user grant", "user revoke", "user verify",
    "session list", "session revoke", "mail list", "mail retry", "mail drop",
)
# One that is right, but for the database.
ASKS = ("user", "show", "id:1")


class Help(CtlTest):
    def test_help_lists_every_command_once(self):
        done = run("--help")
        self.assertEqual((done.code, done.err), (DONE, ""))
        self.assertTrue(done.out.startswith("Usage: t2octl "))
        for name in COMMANDS:
            self.assertEqual(
                len(re.findall(rf"^  {name}(?: .*)?$", done.out, re.M)), 1,
                name)
        for line in done.out.splitlines():
            if "/" not in line:  # a path is as long as it is
                self.assertLessEqual(len(line), 80, line)

    def test_help_needs_nothing(self):
        for args in (("--help",), ("user", "add", "--help")):
            done = run(*args, config="/nowhere/t2o.conf")
            self.assertEqual((done.code, done.err), (DONE, ""))

    def test_version(self):
        self.succeeds("--version", out=r"\At2octl \d+\.\d+\.\d+\n\Z",
                      config="/nowhere/t2o.conf")


class Usage(CtlTest):
    def test_wrong_commands(self):
        for args in ((), ("",), ("users",), ("user",), ("user", "drop"),
                     ("user add",), ("list", "user"), ("check", "sql"),
                     ("mail", "list-all"), ("help",)):
            with self.subTest(args=args):
                self.misused(r"\At2octl: .*\(see t2octl --help\)\n\Z", *args)

    def test_wrong_number_of_arguments(self):
        for args in (("user", "list", "ada"), ("user", "show"),
                     ("user", "show", "ada", "bob"), ("user", "grant", "ada"),
                     ("user", "grant", "ada", "Admin", "User"),
                     ("user", "revoke"), ("user", "disable"),
                     ("user", "enable"), ("user", "verify"),
                     ("user", "set-password"), ("user", "add", "ada"),
                     ("session", "list"), ("session", "revoke"),
                     ("mail", "retry"), ("mail", "drop", "1", "2"),
                     ("mail", "list", "sent", "parked"), ("migrate", "up", "3"),
                     ("migrate", "status", "x"), ("check-sql", "x"),
                     ("config", "check", "x"), ("config", "show", "x"),
                     ("key", "generate", "2")):
            with self.subTest(args=args):
                words = 1 if args[0] == "check-sql" else 2
                name = " ".join(args[:words])
                self.misused(rf"\AUsage: t2octl {name}\b.*\n\Z", *args)

    def test_wrong_options(self):
        for args in (("--colour", "user", "list"), ("-j", "user", "list"),
                     ("user", "list", "--limit"), ("user", "list", "--json=1"),
                     ("user", "add", "--password=secret"),
                     ("mail", "drop", "-1")):
            with self.subTest(args=args):
                self.misused(r"(?s)\A.*option.*see t2octl --help\)\n\Z", *args)

    def test_options_of_other_commands(self):
        for option, args in (
                ("--limit", ("mail", "list", "--limit", "5")),
                ("--all", ("user", "disable", "ada", "--all")),
                ("--dir", ("check-sql", "--dir", "/tmp")),
                ("--verified", ("user", "list", "--verified")),
                ("--role", ("user", "grant", "ada", "User", "--role", "x")),
                ("--after", ("session", "list", "ada", "--after", "1")),
                ("--json", ("user", "disable", "ada", "--json"))):
            with self.subTest(args=args):
                self.misused(rf"\At2octl: {args[0]}.* does not take {option}"
                             r"\n\Z", *args)

    def test_wrong_numbers(self):
        for text in ("", " 1", "1 ", "-1", "+1", "0x10", "1e3", "ten",
                     "9007199254740992", "99999999999999999999"):
            for args in (("user", "list", "--after", text),
                         ("user", "list", "--limit", text),
                         ("user", "show", f"id:{text}"),
                         ("mail", "list", "--after", text),
                         ("mail", "drop", "--", text),
                         ("mail", "retry", "--", text)):
                with self.subTest(args=args):
                    self.misused(r"is not a number\n\Z", *args)

    def test_options_may_stand_anywhere(self):
        self.add()
        for args in (("--json", "user", "list"), ("user", "--json", "list"),
                     ("user", "list", "--json")):
            self.succeeds(*args, out=r"\A\[\{")

    def test_passwords_are_no_arguments(self):
        self.add()
        self.misused("Usage: t2octl user set-password", "user",
                     "set-password", "ada", "secret")


class Database(CtlTest):
    def test_not_there(self):
        for url in (database_url(socket="/nowhere/sock"),
                    "mysql://t2o@127.0.0.1:1/t2o"):
            for args in (ASKS, ("migrate", "up", "--dir", SQL_DIR),
                         ("migrate", "status", "--dir", SQL_DIR),
                         ("check-sql",), ("user", "list"), ("mail", "list"),
                         ("session", "list", "ada"), ("mail", "drop", "1")):
                with self.subTest(url=url, args=args):
                    self.ends(TRY_AGAIN, *args, env={"DATABASE_URL": url},
                              err="(?s)t2octl: .*does not answer\n\\Z")

    def test_stops_answering(self):
        """A table that somebody else holds: no command waits for ever."""
        self.add()
        with holding("LOCK TABLES users WRITE"):
            self.ends(TRY_AGAIN, *ASKS, env={"DATABASE_TIMEOUT_S": "1"},
                      err="(?s)t2octl: .*does not answer\n\\Z")


class Configuration(CtlTest):
    def test_missing_file(self):
        self.ends(BAD_CONFIG, *ASKS, config="/nowhere/t2o.conf",
                  err=r"/nowhere/t2o.conf: cannot be read: No such file")

    def test_database_url(self):
        for url in ("", "postgres://x/y", "mysql://", "mysql://u@h:99999/x"):
            with self.subTest(url=url):
                self.ends(BAD_CONFIG, *ASKS, env={"DATABASE_URL": url},
                          err=r"DATABASE_URL")


class Schema(CtlTest):
    def wants(self, err):
        for args in (ASKS, ("check-sql",), ("mail", "list")):
            self.ends(BAD_CONFIG, *args, err=err)

    def test_newer(self):
        sql("INSERT INTO schema_migrations VALUES (9999, '9999_x',"
            " RANDOM_BYTES(32), UTC_TIMESTAMP(6))")
        try:
            self.wants("install the newer t2o")
        finally:
            sql("DELETE FROM schema_migrations WHERE version = 9999")

    def test_older(self):
        sql("UPDATE schema_migrations SET version = version - 1"
            " ORDER BY version")
        try:
            self.wants("run: t2octl migrate up")
        finally:
            sql("UPDATE schema_migrations SET version = version + 1"
                " ORDER BY version DESC")
