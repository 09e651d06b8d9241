"""What is printed: harmless to a terminal, and never lost in silence."""

import os
import subprocess

from bench import (DONE, FAILED, HARMLESS, HOSTILE, PASSWORD, CtlTest, command,
                   environment, holding, run, sql)

# Each prints something.
PRINTING = (("--help",), ("--version",), ("key", "generate"),
            ("config", "check"), ("config", "show"), ("user", "list"),
            ("--json", "user", "list"), ("mail", "list"), ("check-sql",),
            ("user", "show", "ada"), ("session", "revoke", "ada", "--all"))


class Harmless(CtlTest):
    def setUp(self):
        super().setUp()
        self.user = self.add()
        sql(f"UPDATE users SET first_name = '{HOSTILE}', last_name ="
            f" 'x\\ny\\tz\\r' WHERE id = {self.user}")

    def test_table(self):
        for args in (("user", "list"), ("user", "show", "ada")):
            self.assertEqual(self.column("FIRST NAME", *args), [HARMLESS])
            self.assertEqual(self.column("LAST NAME", *args), ["x, y?z?"])

    def test_json_tells_the_truth_without_controls(self):
        text = self.succeeds("--json", "user", "list")
        for character in text.rstrip("\n"):
            self.assertTrue(character.isprintable(), repr(character))
        self.assertEqual(self.json("user", "list")[0]["first_name"], HOSTILE)

    def test_messages(self):
        for args in (("user", "show", HOSTILE), ("user", "disable", HOSTILE),
                     ("user", "grant", "ada", HOSTILE),
                     ("user", "show", f"id:{HOSTILE}"),
                     ("mail", "drop", HOSTILE), ("mail", "list", HOSTILE),
                     ("user", "list", "--after", HOSTILE)):
            done = run(*args)
            self.assertNotEqual(done.code, DONE)
            for line in done.err.splitlines():
                self.assertTrue(line.isprintable(), repr(line))

    def test_not_utf_8(self):
        done = run("user", "show", b"\xff\xfe".decode("utf-8",
                                                      "surrogateescape"))
        self.assertEqual(done.code, FAILED)
        self.assertEqual(done.err, "t2octl: ??: there is no such user\n")


class NotLost(CtlTest):
    def setUp(self):
        super().setUp()
        self.add()

    def test_full_disk(self):
        for args in PRINTING:
            with self.subTest(args=args), open("/dev/full", "wb") as full:
                self.fails("t2octl: standard output: ", *args, stdout=full)

    def test_closed(self):
        for args in PRINTING:
            with self.subTest(args=args):
                self.fails("t2octl: standard output: ", *args,
                           preexec_fn=lambda: os.close(1))

    def test_closed_errors(self):
        self.ends(FAILED, "user", "show", "bob",
                  preexec_fn=lambda: os.close(2))

    def test_no_descriptor_at_all(self):
        """Were the database's socket one of them, it would be printed to."""
        with holding("LOCK TABLES users WRITE"), \
                subprocess.Popen(command("user", "list"), env=environment(),
                                 preexec_fn=lambda: os.closerange(0, 3)) as p:
            sockets = []
            while not sockets and p.poll() is None:
                sockets = [fd for fd in os.listdir(f"/proc/{p.pid}/fd")
                           if self.is_socket(f"/proc/{p.pid}/fd/{fd}")]
            p.kill()
        self.assertEqual(len(sockets), 1)
        self.assertGreater(int(sockets[0]), 2)

    @staticmethod
    def is_socket(link):
        try:
            return os.readlink(link).startswith("socket:")
        except FileNotFoundError:  # closed meanwhile
            return False

    def test_reader_that_has_seen_enough(self):
        reader, writer = os.pipe()
        os.close(reader)
        with subprocess.Popen(command("--json", "config", "show"),
                              env=environment(), stdout=writer,
                              stderr=subprocess.PIPE) as program:
            os.close(writer)
            self.assertEqual(program.stderr.read(), b"")
            self.assertNotEqual(program.wait(), DONE)

    def test_what_was_done_stays_done(self):
        with open("/dev/full", "wb") as full:
            self.fails("standard output", "user", "add", "--username", "bob",
                       "--email", "bob@example.org", "--first-name", "B",
                       "--last-name", "B", "--password-stdin",
                       stdin=PASSWORD, stdout=full)
        self.assertEqual(len(self.json("user", "list")), 2)
