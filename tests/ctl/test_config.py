"""config check, config show, key generate."""

import re

from bench import (BAD_CONFIG, SECRET_KEY, SOURCE, CtlTest, run, write_config)

PROGRAMS = ("t2o-fcgi", "t2o-mailer", "t2octl")
ALL_FINE = "t2o-fcgi: fine\nt2o-mailer: fine\nt2octl: fine\n"


class Check(CtlTest):
    def test_fine(self):
        self.assertEqual(self.succeeds("config", "check"), ALL_FINE)

    def test_mistakes_are_named_with_file_and_line(self):
        for own, line, message in (
                ("COLOUR=blue\n", 2, "there is no such key; see t2o.conf(5)"),
                ("\n# x\nLOG_LEVEL\n", 4, "must be KEY=value, or a comment"
                 " after #"),
                ("LOG_LEVEL=loud\n", 2,
                 "LOG_LEVEL: must be error, warning, info or debug"),
                ("LOG_LEVEL=info\nLOG_LEVEL=debug\n", 3,
                 "LOG_LEVEL: is in line 2 already; remove one of them"),
                ("SITE_NAME=\"x\n", 2, "SITE_NAME: has quotes that are not one"
                 " pair around all of it"),
                ("DATABASE_TIMEOUT_S=0\n", 2, "DATABASE_TIMEOUT_S: must be a"
                 " whole number from 1 to 300"),
                ("DATABASE_TIMEOUT_S=9x\n", 2, "DATABASE_TIMEOUT_S: must be a"
                 " whole number from 1 to 300"),
                # Another program's, but wrong whoever reads it.
                ("MAIL_PORT=65536\n", 2,
                 "MAIL_PORT: must be a whole number from 1 to 65535")):
            with self.subTest(own=own):
                write_config(own=own)
                done = self.ends(BAD_CONFIG, "config", "check", err=None,
                                 out=r"t2o-mailer: fine\nt2octl: not usable")
                self.assertEqual(
                    done.err, f"{self.dir}/t2octl.conf:{line}: {message}\n")

    def test_all_problems_at_once(self):
        write_config(own="A=1\nB=2\n", PASSWORD_MIN_SCORE=5)
        done = run("config", "check")
        self.assertEqual(done.code, BAD_CONFIG)
        self.assertRegex(done.err, r"t2octl.conf:2: ")
        self.assertRegex(done.err, r"t2octl.conf:3: ")
        self.assertRegex(done.err, r"t2o.conf:\d+: PASSWORD_MIN_SCORE: ")

    def test_what_is_missing(self):
        write_config(PUBLIC_URL="")
        self.ends(BAD_CONFIG, "config", "check", err="PUBLIC_URL: must be set",
                  out="t2o-fcgi: not usable\nt2o-mailer: not usable\n"
                  "t2octl: fine\n")

    def test_what_two_keys_forbid_together(self):
        write_config(SESSION_IDLE_S=600, SESSION_LIFETIME_S=300)
        self.ends(BAD_CONFIG, "config", "check", out="t2o-fcgi: not usable",
                  err=r"t2o.conf:\d+: SESSION_LIFETIME_S: must not be less")

    def test_secrets_that_everybody_may_read(self):
        production = {"APP_ENV": "production", "ARGON2_MEMORY_KIB": 19456,
                      "ARGON2_PASSES": 2}
        write_config(**production)
        (self.dir / "t2o-fcgi.conf").chmod(0o644)
        self.ends(BAD_CONFIG, "config", "check", out="t2o-fcgi: not usable",
                  err=r"t2o-fcgi.conf: \w+: may be read by everyone; run: chmod"
                  " 0640")
        (self.dir / "t2o-fcgi.conf").chmod(0o640)
        self.assertEqual(self.succeeds("config", "check"), ALL_FINE)

    def test_the_values_of_secrets_are_not_shown(self):
        write_config(own="SECRET_KEY=hush\nMAIL_PASSWORD=\"hush\n"
                     "DATABASE_URL=hush\n")
        done = run("config", "check")
        self.assertEqual(done.code, BAD_CONFIG)
        self.assertEqual(done.err.count("\n"), 3)
        self.assertNotIn("hush", done.err + done.out)

    def test_cannot_be_read(self):
        (self.dir / "t2octl.conf").unlink()
        (self.dir / "t2octl.conf").mkdir()
        self.ends(BAD_CONFIG, "config", "check", out="t2octl: not usable",
                  err="t2octl.conf: cannot be read: Is a directory")
        (self.dir / "t2octl.conf").rmdir()


class Show(CtlTest):
    def values(self, **how):
        return {(row["program"], row["key"]): row["value"]
                for row in self.json("config", "show", **how)}

    def test_table(self):
        rows = self.table("config", "show")
        self.assertEqual(rows[0], ["PROGRAM", "KEY", "VALUE", "MEANING"])
        self.assertEqual({row[0] for row in rows[1:]}, set(PROGRAMS))
        self.assertIn(["t2o-mailer", "MAIL_PORT", "587", "its port"], rows)
        self.assertIn(["t2o-mailer", "MAIL_CA_FILE", "-"],
                      [row[:3] for row in rows])

    def test_json_has_all_keys_of_the_table_in_the_code(self):
        code = (SOURCE / "src/core/config.c").read_text(encoding="utf-8")
        rows = self.json("config", "show")
        self.assertEqual(list(rows[0]), ["program", "key", "value", "meaning"])
        self.assertEqual({row["key"] for row in rows},
                         set(re.findall(r'\{KEY\("(\w+)"', code)))

    def test_secrets_are_masked(self):
        values = self.values()
        self.assertEqual(values["t2o-fcgi", "SECRET_KEY"], "(set)")
        self.assertEqual(values["t2o-mailer", "MAIL_PASSWORD"], "(not set)")
        for program in PROGRAMS:
            self.assertEqual(values[program, "DATABASE_URL"], "(set)")

    def test_a_program_has_its_own_keys_alone(self):
        programs = [p for p, key in self.values() if key == "SECRET_KEY"]
        self.assertEqual(programs, ["t2o-fcgi"])

    def test_later_sources_win(self):
        key = "0123456789abcdef0123456789abcdef"
        write_config(own="LOG_LEVEL=warning\n", LOG_LEVEL="error")
        self.assertEqual(self.values()["t2octl", "LOG_LEVEL"], "warning")
        self.assertEqual(self.values()["t2o-fcgi", "LOG_LEVEL"], "error")
        values = self.values(env={"LOG_LEVEL": "debug"})
        self.assertEqual({values[p, "LOG_LEVEL"] for p in PROGRAMS}, {"debug"})
        (self.dir / "key").write_text(key + "\n")
        (self.dir / "SECRET_KEY").write_text("short")
        for env in ({"SECRET_KEY_FILE": self.dir / "key"},
                    {"SECRET_KEY": key}):
            env = {"CREDENTIALS_DIRECTORY": self.dir} | env
            self.assertEqual(self.values(env=env)["t2o-fcgi", "SECRET_KEY"],
                             "(set)")
        self.ends(BAD_CONFIG, "config", "show", err="SECRET_KEY: must have at"
                  " least 32", env={"CREDENTIALS_DIRECTORY": self.dir})
        self.ends(BAD_CONFIG, "config", "show", err="/nowhere: SECRET_KEY:"
                  " cannot be read", env={"SECRET_KEY_FILE": "/nowhere"})

    def test_mistakes(self):
        write_config(own="COLOUR=blue\n")
        self.ends(BAD_CONFIG, "config", "show", err="t2octl.conf:2: ")


class KeyGenerate(CtlTest):
    def test_keys_are_good_and_different(self):
        keys = {self.succeeds("key", "generate") for _ in range(3)}
        self.assertEqual(len(keys), 3)
        for key in keys:
            self.assertRegex(key, r"\A[\w-]{43}\n\Z")
            self.succeeds("config", "check",
                          env={"SECRET_KEY": key.strip(), "APP_ENV": "testing"})

    def test_needs_no_configuration(self):
        self.succeeds("key", "generate", config="/nowhere/t2o.conf")

    def test_the_tests_own_key_would_be_seen(self):
        self.assertIn(SECRET_KEY, (self.dir / "t2o-fcgi.conf").read_text())
