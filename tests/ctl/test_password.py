"""Passwords: from the terminal, from standard input, never from argv."""

import os
import pty
import select
import signal
import termios
import time

from bench import (DONE, FAILED, PASSWORD, TIMEOUT_S, CtlTest, command,
                   environment, sql)

ASK = "New password: "
AGAIN = "Again: "


class Terminal:
    """`t2octl ARGS` on a terminal of its own."""

    def __init__(self, *args):
        args = command(*args)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for number in (signal.SIGINT, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)  # as a shell leaves it
            os.execvpe(args[0], args, environment())
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def read(self):
        """What there is next, or "" when the program has let go."""
        if not select.select([self.fd], [], [], TIMEOUT_S)[0]:
            raise TimeoutError(self.seen)
        try:
            return os.read(self.fd, 4096).decode()
        except OSError:  # EIO: nobody has the other end
            return ""

    def expect(self, text):
        while text not in self.seen:
            more = self.read()
            assert more, (text, self.seen)
            self.seen += more

    def type(self, text):
        os.write(self.fd, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def finish(self):
        """The exit code, or minus the signal."""
        while more := self.read():
            self.seen += more
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class OnTerminal(CtlTest):
    def setUp(self):
        super().setUp()
        self.add()
        self.old = self.hash()

    @staticmethod
    def hash():
        return sql("SELECT secret FROM credentials")

    def dialogue(self, first, second=None):
        """Types the two; the code and all that the terminal showed."""
        with Terminal("user", "set-password", "ada") as terminal:
            terminal.expect(ASK)
            self.assertFalse(terminal.echoes())
            terminal.type(first)
            if second is not None:
                terminal.expect(AGAIN)
                self.assertFalse(terminal.echoes())
                terminal.type(second)
            return terminal.finish(), terminal.seen

    def test_twice_the_same(self):
        code, seen = self.dialogue("other copper lantern\n",
                                   "other copper lantern\n")
        self.assertEqual((code, seen), (DONE, f"{ASK}\r\n{AGAIN}\r\n"))
        self.assertNotEqual(self.hash(), self.old)

    def test_not_the_same(self):
        for second in (PASSWORD + "x\n", PASSWORD[:-1] + "\n", "\n"):
            code, seen = self.dialogue(PASSWORD + "\n", second)
            self.assertEqual(code, FAILED)
            self.assertIn("t2octl: password: the two are not the same", seen)
            self.assertNotIn(PASSWORD, seen)
        self.assertEqual(self.hash(), self.old)

    def test_too_weak(self):
        code, seen = self.dialogue("password\n", "password\n")
        self.assertEqual(code, FAILED)
        self.assertIn("t2octl: ada: This password is too easily", seen)
        self.assertEqual(self.hash(), self.old)

    def test_end_of_file(self):
        code, seen = self.dialogue("\x04")
        self.assertEqual(code, FAILED)
        self.assertIn("t2octl: password: there was none", seen)

    def test_user_add_asks_too(self):
        with Terminal("user", "add", "--username", "bob", "--email",
                      "bob@example.org", "--first-name", "B", "--last-name",
                      "B") as terminal:
            for prompt in (ASK, AGAIN):
                terminal.expect(prompt)
                terminal.type(PASSWORD + "\n")
            self.assertEqual(terminal.finish(), DONE)
            self.assertNotIn(PASSWORD, terminal.seen)
        self.assertEqual(len(self.json("user", "list")), 2)

    def test_interrupted(self):
        """Whatever ends it, the terminal shows again what is typed."""
        for keys, number in (("\x03", signal.SIGINT),
                             ("\x1c", signal.SIGQUIT),
                             (None, signal.SIGTERM)):
            with self.subTest(number=number), \
                    Terminal("user", "set-password", "ada") as terminal:
                terminal.expect(ASK)
                self.assertFalse(terminal.echoes())
                if keys:
                    terminal.type(keys)
                else:
                    os.kill(terminal.pid, number)
                # It is gone when it is waited for, and so is its terminal's
                # state: what it leaves must be seen before.
                deadline = time.monotonic() + TIMEOUT_S
                while not terminal.echoes():
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.01)
                self.assertEqual(terminal.finish(), -number)
        self.assertEqual(self.hash(), self.old)


class OnStandardInput(CtlTest):
    def set(self, stdin, **how):
        return self.succeeds("user", "set-password", "ada",
                             "--password-stdin", stdin=stdin, out="", **how)

    def test_one_line(self):
        user = self.add()
        hashes = set()
        for stdin in (PASSWORD + "\n", PASSWORD, PASSWORD + "\nmore\n",
                      " spaces are kept  \n", "ключ от квартиры\n"):
            self.session(user)
            self.set(stdin)
            hashes.add(sql("SELECT secret FROM credentials")[0])
            self.assertEqual(sql("SELECT id FROM sessions"), [])
        self.assertEqual(len(hashes), 5)
        self.assertEqual(self.events()[1], ("password_set", str(user),
                                            "local"))

    def test_bad_ones(self):
        self.add()
        old = sql("SELECT secret FROM credentials")
        for stdin, why in (("", "there was none"), ("\n", "8 to 128"),
                           ("1234567\n", "8 to 128"),
                           (PASSWORD + "\0\n", "zero byte"),
                           ("\udcff\udcff\udcff\udcff\udcff\udcff\udcff\udcff",
                            "UTF-8"), ("y" * 100000, "too long")):
            with self.subTest(stdin=stdin[:20]):
                self.fails(why, "user", "set-password", "ada",
                           "--password-stdin", stdin=stdin)
        self.assertEqual(sql("SELECT secret FROM credentials"), old)

    def test_without_terminal_it_must_be_asked_for(self):
        self.add()
        self.fails("there is no terminal; use --password-stdin", "user",
                   "set-password", "ada", stdin=PASSWORD)

    def test_closed(self):
        self.add()
        self.fails("password: ", "user", "set-password", "ada",
                   "--password-stdin", preexec_fn=lambda: os.close(0))
