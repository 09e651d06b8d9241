"""What the mail tests stand on: a database, certificates, the mailer."""
import contextlib
import itertools
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("T2O_BUILD_DIR", os.getcwd()))
# A program to run the mailer under, such as valgrind with its options.
WRAPPER = os.environ.get("T2O_TEST_WRAPPER", "").split()
SENDER = "noreply@t2o.example"


def sql(text, database="t2o_mail_test"):
    """Runs statements as administrator; the rows as lists of texts."""
    out = subprocess.run(
        ["mariadb", "--no-defaults", "-uroot", "-S", Bench.socket_path,
         "-N", "-B", "--default-character-set=utf8mb4", database],
        input=text, capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stderr
    return [line.split("\t") for line in out.stdout.splitlines()]


class Bench:
    """One database for all tests; each test empties it."""
    socket_path = None

    def __init__(self):
        url = os.environ["T2O_TEST_DATABASE_URL"]
        Bench.socket_path = re.search(r"socket=([^&]+)", url)[1]
        self.numbers = itertools.count()
        os.umask(0o077)  # secrets will be in files
        self.temporary = tempfile.TemporaryDirectory(prefix="t2o-mail.")
        self.dir = pathlib.Path(self.temporary.name)
        sql("DROP DATABASE IF EXISTS t2o_mail_test;"
            "CREATE DATABASE t2o_mail_test CHARACTER SET utf8mb4", "mysql")
        for name in ("t2o_fcgi", "t2o_mailer", "t2o_admin"):
            sql(f"CREATE OR REPLACE USER {name}@localhost"
                f" IDENTIFIED BY '{name}-password'", "mysql")
        sql("GRANT ALL ON t2o_mail_test.* TO t2o_admin@localhost")
        self.migrate()
        sql((SOURCE / "sql/grants.sql").read_text(encoding="utf-8"))

    def migrate(self):
        conf = self.dir / "admin.conf"
        conf.write_text(f"DATABASE_URL={self.database_url('t2o_admin')}\n")
        subprocess.run([BUILD / "t2octl", "--config", conf, "migrate", "up",
                        "--dir", SOURCE / "sql"], check=True,
                       stdout=subprocess.DEVNULL)

    def database_url(self, user, socket_path=None):
        return (f"mysql://{user}:{user}-password@localhost/t2o_mail_test"
                f"?socket={socket_path or self.socket_path}")

    def empty(self):
        sql("DELETE FROM mail_outbox; DELETE FROM users;")
        (self.dir / "log").write_bytes(b"")

    def user(self, name="ada", first_name="Ada", email=None):
        email = email or f"{name}@example.org"
        return int(sql(
            "INSERT INTO users (username, email, first_name, last_name,"
            f" created_at) VALUES ('{name}', '{email}', '{first_name}',"
            " 'Lovelace', UTC_TIMESTAMP(6)); SELECT LAST_INSERT_ID()")[0][0])

    def queue(self, user, recipient="ada@example.org",
              template="verify_email"):
        return int(sql(
            "INSERT INTO mail_outbox (template, user_id, recipient,"
            f" created_at, next_at) VALUES ('{template}', {user},"
            f" '{recipient}', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6));"
            "SELECT LAST_INSERT_ID()")[0][0])

    def users_with_mail(self, n):
        for i in range(n):
            self.queue(self.user(f"user{i}"), f"user{i}@example.org")

    def row(self, mail):
        values = sql("SELECT state, attempts, COALESCE(last_error, ''),"
                     " TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), next_at),"
                     f" lease IS NULL FROM mail_outbox WHERE id = {mail}")[0]
        return dict(state=values[0], attempts=int(values[1]),
                    error=values[2], due_s=int(values[3]),
                    free=values[4] == "1")

    def states(self):
        return [r[0] for r in sql("SELECT state FROM mail_outbox ORDER BY id")]

    @staticmethod
    def make_due():
        """As if the back-off and every lease had passed."""
        sql("UPDATE mail_outbox SET next_at = UTC_TIMESTAMP(6),"
            " lease_until = IF(lease IS NULL, NULL, UTC_TIMESTAMP(6))"
            " WHERE state = 'queued'")

    def config(self, port, **changes):
        values = {
            "APP_ENV": "testing", "LOG_LEVEL": "debug",
            "DATABASE_URL": self.database_url("t2o_mailer"),
            "PUBLIC_URL": "https://t2o.example", "SITE_NAME": "T2O",
            "MAIL_SERVER": "localhost", "MAIL_PORT": port,
            "MAIL_USE_TLS": "off", "MAIL_SENDER": SENDER,
            "MAIL_TIMEOUT_S": 1,
            "TEMPLATE_DIR": SOURCE / "src/mail/templates", **changes,
        }
        path = self.dir / f"t2o-{next(self.numbers)}.conf"
        path.write_text("".join(f"{k}={v}\n" for k, v in values.items()),
                        encoding="utf-8")
        return path

    def templates(self, **files):
        """A copy of ours with these in it: verify_email_en_txt="…"."""
        place = self.dir / f"templates{time.monotonic_ns()}"
        shutil.copytree(SOURCE / "src/mail/templates", place)
        for name, text in files.items():
            head, locale, kind = name.rsplit("_", 2)
            path = place / f"{head}.{locale}.{kind}"
            path.write_text(text, encoding="utf-8", newline="")
        return place

    def start(self, port, *options, **changes):
        log = open(self.dir / "log", "ab")
        process = subprocess.Popen(
            [*WRAPPER, BUILD / "t2o-mailer", "--config",
             self.config(port, **changes), *options],
            stderr=log, stdout=log, start_new_session=True)
        process.log_file = log
        return process

    @contextlib.contextmanager
    def running(self, port, **changes):
        """The mailer as a service; it must end well on SIGTERM."""
        process = self.start(port, **changes)
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            code = process.wait(15)
            assert code == 0, f"exit code {code}: {self.log()}"
        finally:
            process.kill()
            process.wait()
            process.log_file.close()

    def once(self, port, **changes):
        """Its exit code, and how many seconds it took."""
        begin = time.monotonic()
        process = self.start(port, "--once", **changes)
        code = process.wait(60)
        process.log_file.close()
        return code, time.monotonic() - begin

    def log(self):
        return (self.dir / "log").read_text(errors="replace")

    def certificate(self, name, subject="localhost", expired=False):
        """Self-signed; paths of certificate and key."""
        cert, key = self.dir / f"{name}.pem", self.dir / f"{name}.key"
        if not cert.exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
                 cert, "-subj", f"/CN={subject}",
                 "-addext", f"subjectAltName=DNS:{subject}"],
                check=True, capture_output=True)
        if expired:
            subprocess.run(["openssl", "x509", "-in", cert, "-signkey", key,
                            "-days", "-1", "-out", cert], check=True,
                           capture_output=True)
        return cert, key

    def tls(self, name="good"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate(name))
        return context

    def close(self):
        sql("DROP DATABASE t2o_mail_test", "mysql")
        self.temporary.cleanup()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


def wait_for(condition, seconds=5):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
