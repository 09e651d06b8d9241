"""What the tests of t2octl stand on: a database, a configuration, the program.

`place` makes and removes what all tests share.  A test is a CtlTest: it finds
an empty database with the schema, and a configuration that is right.
"""

import collections
import contextlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.parse

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SQL_DIR = SOURCE / "sql"
PROGRAM = pathlib.Path(os.environ.get("T2O_BUILD_DIR", os.getcwd())) / "t2octl"
# A program to run it under, such as valgrind with its options.
WRAPPER = os.environ.get("T2O_TEST_WRAPPER", "").split()
TIMEOUT_S = 120

DONE, FAILED, USAGE, TRY_AGAIN, BAD_CONFIG = 0, 1, 2, 75, 78

DATABASE = "t2o_ctl_test"
PASSWORD = "violet tram kettle"
SECRET_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
# What a terminal would obey; all of it is '?' when shown.
HOSTILE = "a\x1b[2Jb\x07c\x9bd\u202ee"
HARMLESS = "a?[2Jb?c?d?e"

Result = collections.namedtuple("Result", "code out err")


def server():
    return urllib.parse.urlsplit(os.environ["T2O_TEST_DATABASE_URL"])


def database_url(name=DATABASE, **options):
    """As the tests' own, with another database and socket."""
    url = server()
    query = dict(urllib.parse.parse_qsl(url.query)) | options
    return url._replace(path=f"/{name}",
                        query=urllib.parse.urlencode(query, safe="/")).geturl()


def client(database):
    """The command line of MariaDB's own client."""
    url = server()
    query = dict(urllib.parse.parse_qsl(url.query))
    where = ["-S", query["socket"]] if "socket" in query else \
        ["-h", url.hostname, "-P", str(url.port or 3306)]
    return ["mariadb", "--no-defaults", f"-u{url.username}", *where,
            *([f"-p{url.password}"] if url.password else []), "-N", "-B",
            "--default-character-set=utf8mb4", database]


def sql(text, database=DATABASE):
    """Runs statements as administrator; the rows as tuples of texts."""
    done = subprocess.run(client(database), input=text, capture_output=True,
                          encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


@contextlib.contextmanager
def holding(statement):
    """While it runs, another session has run the statement and lives on."""
    with subprocess.Popen([*client(DATABASE), "-n"], encoding="utf-8",
                          stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as session:
        session.stdin.write(f"{statement}; SELECT 'it holds';\n")
        session.stdin.flush()
        while session.stdout.readline() not in ("it holds\n", ""):
            pass
        assert session.poll() is None, statement
        try:
            yield
        finally:
            session.kill()


def make_database(name=DATABASE):
    sql(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}"
        " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", "mysql")


@contextlib.contextmanager
def place():
    """A directory that is gone afterwards, and the database with its schema."""
    os.umask(0o077)  # secrets will be in files
    with tempfile.TemporaryDirectory(prefix="t2o-ctl.") as directory:
        CtlTest.dir = pathlib.Path(directory)
        make_database()
        write_config()
        done = run("migrate", "up", "--dir", SQL_DIR)
        assert done.code == DONE, done
        try:
            yield
        finally:
            sql(f"DROP DATABASE {DATABASE}", "mysql")


def write_config(own="", database=DATABASE, **shared):
    """t2o.conf and the three programs' files; cheap hashes, for speed."""
    values = {"APP_ENV": "testing", "PUBLIC_URL": "https://t2o.example",
              "MAIL_SERVER": "smtp.t2o.example",
              "MAIL_SENDER": "noreply@t2o.example", "ARGON2_MEMORY_KIB": 8,
              "ARGON2_PASSES": 1} | shared
    text = "".join(f"{k}={v}\n" for k, v in values.items())
    (CtlTest.dir / "t2o.conf").write_text(text, encoding="utf-8")
    url = f"DATABASE_URL={database_url(database)}\n"
    for name, more in (("t2o-fcgi", f"SECRET_KEY={SECRET_KEY}\n"),
                       ("t2o-mailer", ""), ("t2octl", own)):
        (CtlTest.dir / f"{name}.conf").write_text(url + more,
                                                  encoding="utf-8")


def command(*args, config=None):
    config = config or CtlTest.dir / "t2o.conf"
    return [*WRAPPER, str(PROGRAM), "--config", str(config),
            *(str(a) for a in args)]


def environment(env=None):
    """None of the developer's own settings."""
    keep = {k: v for k, v in os.environ.items()
            if k in ("PATH", "TMPDIR") or re.match(r"LC_|LANG|[AU]\w*SAN_", k)}
    return keep | (env or {})


def run(*args, stdin="", env=None, config=None, **how):
    """`t2octl ARGS` as typed, away from any terminal."""
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
           "start_new_session": True} | how
    done = subprocess.run(
        command(*args, config=config), env=environment(env), check=False,
        input=stdin.encode("utf-8", "surrogateescape"), timeout=TIMEOUT_S,
        **how)
    return Result(done.returncode, *((s or b"").decode("utf-8")
                                     for s in (done.stdout, done.stderr)))


class CtlTest(unittest.TestCase):
    dir = None
    maxDiff = None

    def setUp(self):
        write_config()
        sql("DELETE FROM mail_outbox; DELETE FROM users;"
            "DELETE FROM audit_log; DELETE FROM throttle;")

    # ---- how it ends ----

    def ends(self, code, *args, err="", out="", **how):
        """Ends with a code; `err` and `out` are what the texts must match."""
        done = run(*args, **how)
        self.assertEqual(done.code, code, done)
        for text, wanted in ((done.err, err), (done.out, out)):
            if wanted is not None:
                self.assertRegex(text, wanted or r"\A\Z", done)
        self.assertNotIn(SECRET_KEY, done.out + done.err)
        self.assertNotIn(PASSWORD, done.out + done.err)
        return done

    def succeeds(self, *args, **how):
        return self.ends(DONE, *args, **({"out": None} | how)).out

    def fails(self, err, *args, **how):
        return self.ends(FAILED, *args, err=err, **how)

    def misused(self, err, *args, **how):
        return self.ends(USAGE, *args, err=err, **how)

    # ---- what it says ----

    def json(self, *args, **how):
        return json.loads(self.succeeds("--json", *args, **how))

    def table(self, *args, **how):
        """The rows, the titles first, as lists of cells."""
        lines = self.succeeds(*args, **how).removesuffix("\n").split("\n")
        # A column begins where every line has had two spaces or its start.
        starts = [0] + [m.end() for m in re.finditer(r" {2,}", lines[0])]
        for line in lines:
            self.assertEqual(line, line.rstrip() or line)
            for start in starts[1:]:
                self.assertEqual(line[start - 2:start], "  ", lines)
        ends = starts[1:] + [None]
        return [[line[a:b].rstrip(" ") for a, b in zip(starts, ends)]
                for line in lines]

    def column(self, title, *args, **how):
        titles, *rows = self.table(*args, **how)
        return [row[titles.index(title)] for row in rows]

    # ---- what is there ----

    def add(self, name="ada", *options, **how):
        """A verified user, unless it is said otherwise; the id."""
        options = options or ("--verified",)
        return int(self.succeeds(
            "user", "add", "--username", name, "--email",
            f"{name}@example.org", "--first-name", "Ada", "--last-name",
            "Lovelace", "--password-stdin", *options,
            **({"stdin": PASSWORD + "\n", "out": r"\A\d+\n\Z"} | how)))

    def session(self, user, agent="Browser", ip="192.0.2.1"):
        return int(sql(
            "INSERT INTO sessions (id_hash, user_id, created_at, last_seen_at,"
            " confirmed_at, expires_at, client_ip, user_agent) VALUES"
            f" (RANDOM_BYTES(32), {user}, '2026-01-02 03:04:05', '2026-01-02"
            " 03:05:05', '2026-01-02 03:04:05', '2099-01-02 15:04:05',"
            f" '{ip}', '{agent}');"
            "SELECT LAST_INSERT_ID()")[0][0])

    def mail(self, state="queued", recipient="ada@example.org", attempts=0,
             last_error=None):
        error = "NULL" if last_error is None else f"'{last_error}'"
        return int(sql(
            "INSERT INTO mail_outbox (state, template, recipient, created_at,"
            f" next_at, attempts, last_error) VALUES ('{state}',"
            f" 'verify_email', '{recipient}', '2026-01-02 03:04:05',"
            f" '2026-01-02 04:04:05', {attempts}, {error});"
            "SELECT LAST_INSERT_ID()")[0][0])

    def events(self):
        """The audit log: what was done to whom, oldest first."""
        return sql("SELECT event, COALESCE(target_id, 0), client_ip"
                   " FROM audit_log ORDER BY id")
