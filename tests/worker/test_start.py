"""How t2o-fcgi starts, and how it refuses to."""
import os
import re
import signal
import socket

from bench import stop

FAILED, USAGE, TRY_AGAIN, BAD_CONFIG = 1, 2, 75, 78


def test_without_a_database(bench):
    nowhere = bench.url(socket_path=bench.dir / "nobody")
    code, log = bench.refused(DATABASE_URL=nowhere)
    assert code == TRY_AGAIN, (code, log)
    assert "the database does not answer" in log, log


def test_with_a_wrong_database_password(bench):
    code, log = bench.refused(
        DATABASE_URL=bench.url().replace("-password@", "-passwort@"))
    assert code == TRY_AGAIN, (code, log)
    assert "passwort" not in log, log


def refused_schema(bench, change, advice):
    bench.sql(change)
    code, log = bench.refused()
    assert code == BAD_CONFIG, (change, code, log)
    assert advice in log, (change, log)


def test_with_another_schema(bench):
    bench.sql("CREATE TABLE kept AS SELECT * FROM schema_migrations")
    try:
        refused_schema(bench, "UPDATE schema_migrations SET version ="
                       " version + 1 ORDER BY version DESC",
                       "install the newer t2o")
        refused_schema(bench, "DELETE FROM schema_migrations",
                       "run: t2octl migrate up")
        refused_schema(bench, "DROP TABLE schema_migrations",
                       "run: t2octl migrate up")
    finally:
        bench.sql("DROP TABLE IF EXISTS schema_migrations;"
                  "RENAME TABLE kept TO schema_migrations")
    with bench.worker() as worker:
        assert worker.ready()


def test_with_a_bad_configuration(bench):
    code, log = bench.refused(PUBLIC_URL="nonsense")
    assert code == BAD_CONFIG, (code, log)
    assert re.search(r"/\d+\.conf:6: PUBLIC_URL: ", log), log
    code, log = bench.refused(SECRET_KEY="s3cret")
    assert code == BAD_CONFIG, (code, log)
    assert re.search(r"/\d+\.conf:5: SECRET_KEY: ", log), log
    assert "s3cret" not in log, log
    code, log = bench.refused(SECRET_KEI="s3cret")
    assert code == BAD_CONFIG, (code, log)
    assert re.search(r"/\d+\.conf:9: there is no such key", log), log
    assert "s3cret" not in log, log
    code, log = bench.refused("--config", "/nowhere/t2o.conf")
    assert code == BAD_CONFIG, (code, log)
    assert "/nowhere/t2o.conf" in log, log


def test_with_a_bad_command_line(bench):
    for options in (["--nonsense"], ["--socket"], ["argument"]):
        code, log = bench.refused(*options)
        assert code == USAGE, (options, code, log)
        assert "--help" in log, log


def test_without_a_listening_socket(bench):
    """On descriptor 0: a file, a hole, a socket that does not listen."""
    code, log = bench.refused()
    assert code == FAILED and "not a listening socket" in log, (code, log)
    code, log = bench.refused(
        under=("sh", "-c", 'exec "$@" <&-', "sh"))
    assert code == FAILED and "not a listening socket" in log, (code, log)
    one, other = socket.socketpair()
    with one, other:
        code, log = bench.refused(stdin=one)
    assert code == FAILED and "not a listening socket" in log, (code, log)


def test_socket_of_its_own(bench):
    path = bench.place("sock")
    with bench.worker(options=("--socket", path)) as worker:
        assert path.stat().st_mode & 0o777 == 0o660
        assert worker.alive()
        code, log = bench.refused("--socket", path)
        assert code == FAILED and "another process listens" in log, log
        assert worker.alive(), "the second one took the first one's socket"
        assert stop(worker)[0] == 0
    assert not path.exists()


def test_socket_left_behind(bench):
    path = bench.place("sock")
    with bench.worker(options=("--socket", path)) as worker:
        assert stop(worker, signal.SIGKILL)[0] == -signal.SIGKILL
    assert path.is_socket()
    with bench.worker(options=("--socket", path)) as worker:
        assert worker.alive()


def test_socket_where_something_else_is(bench):
    path = bench.place("sock")
    path.write_text("precious", encoding="ascii")
    code, log = bench.refused("--socket", path)
    assert code == FAILED and "something else is there" in log, (code, log)
    assert path.read_text(encoding="ascii") == "precious"
    code, log = bench.refused("--socket", bench.dir / ("x" * os.pathconf(
        "/", "PC_NAME_MAX")))
    assert code == FAILED and "too long" in log, (code, log)
