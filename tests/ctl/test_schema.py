"""migrate up, migrate status, check-sql."""

import os
import re
import shutil
import subprocess

from bench import (BAD_CONFIG, DONE, FAILED, SQL_DIR, TRY_AGAIN, CtlTest,
                   command, environment, holding, make_database, sql,
                   write_config)

EMPTY = "t2o_ctl_test_empty"
FIRST = "0001_accounts"
TIME = r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z"


class Migrate(CtlTest):
    """On a database of its own that is empty, and a copy of the files."""

    def setUp(self):
        make_database(EMPTY)
        write_config(database=EMPTY)
        self.sql_dir = self.dir / "sql"
        shutil.copytree(SQL_DIR, self.sql_dir)
        self.files = sorted(p.stem for p in self.sql_dir.glob("[0-9]*.sql"))

    def tearDown(self):
        sql(f"DROP DATABASE {EMPTY}", "mysql")
        shutil.rmtree(self.sql_dir)

    def write(self, name, text):
        path = self.sql_dir / f"{name}.sql"
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")

    def up(self):
        return self.succeeds("migrate", "up", "--dir", self.sql_dir,
                             err=None)

    def refused(self, err):
        self.fails(f"(?s){err}.*\nt2octl: migrate up: ", "migrate", "up",
                   "--dir", self.sql_dir)

    def status(self):
        return self.table("migrate", "status", "--dir", self.sql_dir)

    def test_up_and_status(self):
        titles, *rows = self.status()
        self.assertEqual(titles, ["MIGRATION", "STATE", "APPLIED"])
        self.assertEqual(rows, [[f, "to do", "-"] for f in self.files])
        self.assertEqual(self.up(), f"{len(self.files)} applied\n")
        for row, name in zip(self.status()[1:], self.files):
            self.assertEqual(row[:2], [name, "applied"])
            self.assertRegex(row[2], TIME)
        self.assertEqual(self.up(), "nothing to do\n")

    def test_status_as_json(self):
        self.assertEqual(
            self.json("migrate", "status", "--dir", self.sql_dir)[0],
            {"migration": FIRST, "state": "to do", "applied_at": None})

    def test_status_changes_nothing(self):
        self.status()
        self.assertEqual(sql("SHOW TABLES", EMPTY), [])

    def test_edited_file(self):
        self.up()
        self.write(FIRST, "SELECT 1;\n")
        self.assertEqual(self.status()[1][1], "edited after it was applied")
        self.refused("edited after it was applied")
        self.write("9999_more", "CREATE TABLE more (id INT);\n")
        self.refused("edited after it was applied")
        self.assertNotIn(("more",), sql("SHOW TABLES", EMPTY))

    def test_missing_file(self):
        self.up()
        (self.sql_dir / f"{FIRST}.sql").unlink()
        self.assertEqual(self.status()[1][:2], [FIRST, "file missing"])
        self.refused("its file is missing")

    def test_gap(self):
        self.write("9999_more", "SELECT 1;\n")
        self.refused("there is a gap before it")
        self.assertEqual(sql("SELECT * FROM schema_migrations", EMPTY), [])

    def test_names(self):
        self.write("1_short", "SELECT 1;\n")
        self.refused("1_short")

    def test_file_with_a_mistake(self):
        name = f"{len(self.files) + 1:04}_more"
        self.write(name, "CREATE TABLE more (id INT);\nSELEKT 1;\n")
        self.refused(f"{name}.sql, statement 2")
        self.assertEqual(self.status()[-1][:2], [name, "to do"])

    def test_no_directory(self):
        for verb in ("up", "status"):
            self.fails("/nowhere", "migrate", verb, "--dir", "/nowhere")

    def test_two_at_once(self):
        runs = [subprocess.Popen(
            command("migrate", "up", "--dir", self.sql_dir),
            env=environment(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) for _ in range(3)]
        outs = sorted(r.communicate()[0].decode() for r in runs)
        self.assertEqual([r.returncode for r in runs], [DONE] * 3)
        self.assertEqual(outs, [f"{len(self.files)} applied\n"]
                         + ["nothing to do\n"] * 2)

    def test_lock(self):
        with holding("SELECT GET_LOCK(CONCAT('t2o_migrate_',"
                     f" SHA1('{EMPTY}')), 0)"):
            self.ends(TRY_AGAIN, "migrate", "up", "--dir", self.sql_dir,
                      err="another migration is running")
        self.assertEqual(self.up(), f"{len(self.files)} applied\n")

    def test_other_commands_name_the_command_to_run(self):
        for args in (("check-sql",), ("user", "list"), ("mail", "list")):
            self.ends(BAD_CONFIG, *args, err="run: t2octl migrate up")

    def test_installed_directory(self):
        """Where --dir is not given, it is one that make install fills."""
        done = self.ends(FAILED, "migrate", "status", err="/t2o/sql") \
            if not os.path.isdir(self.installed()) else None
        self.assertTrue(done is None or not done.out)

    @staticmethod
    def installed():
        text = subprocess.run(["strings", command()[0]], capture_output=True,
                              check=False, encoding="utf-8").stdout
        found = re.search(r"^(/.*/t2o/sql)$", text, re.M)
        return found[1] if found else "/"


class CheckSql(CtlTest):
    def test_fits(self):
        self.succeeds("check-sql", out=r"\A[1-9]\d* statements, 0 bad\n\Z")

    def test_does_not_fit(self):
        sql("ALTER TABLE throttle CHANGE hits hit INT UNSIGNED NOT NULL")
        try:
            done = self.ends(
                FAILED, "check-sql", out=r" statements, [1-9]\d* bad\n",
                err=r"t2octl: throttle_\w+: does not fit the schema\n")
        finally:
            sql("ALTER TABLE throttle CHANGE hit hits INT UNSIGNED NOT NULL")
        bad = done.err.count("does not fit the schema")
        self.assertIn(f" {bad} bad", done.out)
