"""What the tests stand on: a database, and t2o-fcgi with its socket."""
import contextlib
import itertools
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

import fastcgi
from fastcgi import Request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("T2O_BUILD_DIR", os.getcwd()))
PROGRAM = BUILD / "t2o-fcgi"
SANITIZED = b"__asan_init" in PROGRAM.read_bytes()
COOKIE = "__Host-session"
PASSWORD = "correct horse battery staple"


def environment():
    """None of the developer's own settings."""
    return {k: v for k, v in os.environ.items()
            if k in ("PATH", "TMPDIR") or re.match(r"[AU]\w*SAN_", k)}


class Skip(Exception):
    """What a test needs is not here."""


class Server:
    """The private MariaDB of tests/with-mariadb, which may be mistreated."""

    def __init__(self, socket_path):
        self.socket = pathlib.Path(socket_path)
        self.dir = self.socket.parent
        self.pid_file = self.dir / "pid"
        self.child = None  # when it is we who started it

    def must_be_private(self):
        if not (self.dir / "my.cnf").exists():
            raise Skip("the database server is not ours to stop")

    def signal(self, number):
        os.kill(int(self.pid_file.read_text(encoding="ascii")), number)

    def kill(self):
        """As a crash would; nothing answers any more when this returns."""
        self.signal(signal.SIGKILL)
        if self.child:
            self.child.wait()
        assert wait_for(lambda: not self.answers())
        self.pid_file.unlink()

    def answers(self):
        with socket.socket(socket.AF_UNIX) as sock:
            return sock.connect_ex(str(self.socket)) == 0

    def start(self):
        self.child = subprocess.Popen(
            ["mariadbd", f"--defaults-file={self.dir / 'my.cnf'}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert wait_for(lambda: self.pid_file.exists() and self.answers(),
                        30), (self.dir / "error.log").read_text()

    def sql(self, text, database="t2o_worker_test"):
        """Runs statements as administrator; the rows as lists of texts."""
        out = subprocess.run(
            ["mariadb", "--no-defaults", "-uroot", "-S", self.socket, "-N",
             "-B", "--default-character-set=utf8mb4", database],
            input=text, capture_output=True, text=True, check=False)
        assert out.returncode == 0, out.stderr
        return [line.split("\t") for line in out.stdout.splitlines()]


class Worker:
    """A running t2o-fcgi."""

    def __init__(self, process, path, log):
        self.process = process
        self.pid = process.pid
        self.path = path
        self.log_path = log

    def send(self, request):
        return fastcgi.ask(self.path, request)

    def ask(self, method, uri, body=b"", **more):
        return self.send(Request(method, uri, body, **more))

    def alive(self):
        answer = self.ask("GET", "/healthz")
        return self.process.poll() is None and answer is not None and \
            answer.status == 200

    def ready(self):
        return self.ask("GET", "/readyz").status == 200

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def signal(self, number):
        self.process.send_signal(number)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def rss_kib(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(re.search(r"VmRSS:\s*(\d+) kB", status)[1])

    def cpu_s(self):
        stat = pathlib.Path(f"/proc/{self.pid}/stat").read_text("ascii")
        user, system = stat.rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def signup(self, name):
        return self.ask("POST", "/signup", dict(
            first_name="Ada", last_name="Lovelace", username=name,
            email=f"{name}@example.org", password=PASSWORD))

    def login(self, name, password=PASSWORD, **more):
        return self.ask("POST", "/login", dict(
            username_or_email=name, password=password), **more)

    def status(self, cookie):
        return self.ask("GET", "/check_auth_status",
                        headers={"Cookie": cookie})


class Bench:
    """One database for all tests."""

    def __init__(self):
        url = os.environ["T2O_TEST_DATABASE_URL"]
        self.server = Server(re.search(r"socket=([^&]+)", url)[1])
        self.numbers = itertools.count()
        os.umask(0o022)  # whatever it was: the socket's mode is tested
        self.temporary = tempfile.TemporaryDirectory(prefix="t2o-worker.")
        self.dir = pathlib.Path(self.temporary.name)
        self.server.sql(
            "DROP DATABASE IF EXISTS t2o_worker_test;"
            "CREATE DATABASE t2o_worker_test CHARACTER SET utf8mb4;"
            + "".join(f"CREATE OR REPLACE USER {name}@localhost"
                      f" IDENTIFIED BY '{name}-password';"
                      for name in ("t2o_fcgi", "t2o_mailer", "t2o_admin")) +
            "GRANT ALL ON t2o_worker_test.* TO t2o_admin@localhost", "mysql")
        self.migrate()
        self.sql((SOURCE / "sql/grants.sql").read_text(encoding="utf-8"))

    def sql(self, text):
        return self.server.sql(text)

    def migrate(self):
        subprocess.run(
            [BUILD / "t2octl", "--config",
             self.file(f"DATABASE_URL={self.url('t2o_admin')}\n"), "migrate",
             "up", "--dir", SOURCE / "sql"],
            check=True, capture_output=True, env=environment())

    def url(self, user="t2o_fcgi", socket_path=None):
        return (f"mysql://{user}:{user}-password@localhost/t2o_worker_test"
                f"?socket={socket_path or self.server.socket}")

    def place(self, kind):
        return self.dir / f"{next(self.numbers)}.{kind}"

    def file(self, text):
        path = self.place("conf")
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def config(self, **changes):
        values = {
            "APP_ENV": "testing", "DATABASE_URL": self.url(),
            "DATABASE_CONNECT_TIMEOUT_S": 1, "DATABASE_TIMEOUT_S": 1,
            "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
            "PUBLIC_URL": "https://t2o.example",
            "ARGON2_MEMORY_KIB": 8, "ARGON2_PASSES": 1, **changes,
        }
        return self.file("".join(f"{k}={v}\n" for k, v in values.items()))

    def refused(self, *options, stdin=subprocess.DEVNULL, under=(),
                **changes):
        """Where it ought not to start: its exit code and what it wrote."""
        result = subprocess.run(
            [*under, PROGRAM, "--config", self.config(**changes), *options],
            stdin=stdin, capture_output=True, text=True, timeout=20,
            env=environment(), check=False)
        return result.returncode, result.stderr

    def listener(self):
        """A socket as spawn-fcgi or systemd make it; its path is its name."""
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(str(self.place("sock")))
        sock.listen(128)
        return sock

    @contextlib.contextmanager
    def worker(self, listener=None, under=(), options=(), **changes):
        """One on `listener` (None: one of its own); killed in the end."""
        log = self.place("log")
        with contextlib.ExitStack() as stack:
            if listener is None:
                listener = stack.enter_context(self.listener())
            path = options[1] if options else listener.getsockname()
            process = subprocess.Popen(
                [*under, PROGRAM, "--config", self.config(**changes),
                 *options], stdin=listener, env=environment(),
                stderr=stack.enter_context(log.open("wb")))
            worker = Worker(process, path, log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            started = wait_for(lambda: "msg=serving" in worker.log() or
                               process.poll() is not None, 60)
            assert started and process.poll() is None, worker.log()
            yield worker

    def user(self, worker, name):
        """Signs one up who may log in; the cookie of a session."""
        assert worker.signup(name).status == 201
        self.sql("UPDATE users SET verified_at = UTC_TIMESTAMP(6)"
                 f" WHERE username = '{name}'")
        answer = worker.login(name)
        assert answer.status == 200, answer
        return answer.cookie(COOKIE)

    def has_user(self, name):
        return self.sql("SELECT COUNT(*) FROM users"
                        f" WHERE username = '{name}'") == [["1"]]

    def cut_connections(self):
        """Of the workers; they may reconnect."""
        for row in self.sql("SELECT id FROM information_schema.processlist"
                            " WHERE user = 't2o_fcgi'"):
            self.sql(f"KILL {row[0]}")

    def close(self):
        """The data is its owner's to remove, but not a server of ours."""
        if self.server.child:
            self.server.kill()
        self.temporary.cleanup()


def stop(worker, number=signal.SIGTERM):
    """Its exit code, and the seconds that it took."""
    start = time.monotonic()
    worker.signal(number)
    return worker.process.wait(20), time.monotonic() - start


def wait_for(condition, seconds=5):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
