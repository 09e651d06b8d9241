"""A database that goes away under a worker, and comes back."""
import contextlib
import itertools
import signal
import threading
import time

from bench import wait_for

# DATABASE_TIMEOUT_S and DATABASE_CONNECT_TIMEOUT_S are 1 here.  The server
# gives up a statement after the former; the client one second later, and
# then tries to connect once.
WITHIN_S = 1 + 1 + 1 + 0.9

# The longest back-off, and one more attempt.
BACK_AGAIN_S = 5 + 2


def unavailable(answer, took_s):
    assert answer is not None, "no answer"
    assert answer.status == 503, answer
    assert answer.json()["error"] == "unavailable", answer
    assert int(answer.header("retry-after")) > 0, answer
    assert took_s < WITHIN_S, took_s


def timed(ask, *args, **more):
    start = time.monotonic()
    return ask(*args, **more), time.monotonic() - start


def is_down(worker, cookie):
    """Every kind of request is refused soon; the process says it is well."""
    unavailable(*timed(worker.status, cookie))
    unavailable(*timed(worker.ask, "GET", "/readyz"))
    unavailable(*timed(worker.login, "grace"))
    unavailable(*timed(worker.signup, "nobody"))
    unavailable(*timed(worker.ask, "GET", "/verify_email/" + "A" * 43))
    answer, took_s = timed(worker.ask, "GET", "/healthz")
    assert answer.status == 200 and took_s < 0.5, (answer, took_s)


def is_up(worker, cookie):
    assert wait_for(worker.ready, BACK_AGAIN_S), worker.log()
    answer = worker.status(cookie)
    assert answer.status == 200 and answer.json()["success"], answer
    assert worker.process.poll() is None


@contextlib.contextmanager
def signups(worker, prefix):
    """People who sign up all the time; yields the acknowledged names."""
    names, enough = [], threading.Event()

    def run():
        for i in itertools.count():
            if enough.is_set():
                return
            answer = worker.signup(f"{prefix}{i}")
            if answer.status == 201:
                names.append(f"{prefix}{i}")
            else:
                time.sleep(0.05)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield names
    finally:
        enough.set()
        thread.join()


def test_killed_and_started_again(bench):
    bench.server.must_be_private()
    with bench.worker() as worker:
        cookie = bench.user(worker, "grace")
        with signups(worker, "early") as names:
            assert wait_for(lambda: len(names) >= 20)
            bench.server.kill()
        is_down(worker, cookie)
        bench.server.start()
        is_up(worker, cookie)
        missing = [n for n in names if not bench.has_user(n)]
        assert not missing, missing
        assert not bench.has_user("nobody")
        assert worker.signup("later").status == 201


def test_killed_and_started_again_at_once(bench):
    """Too quick for a request to notice: none may fail for it."""
    bench.server.must_be_private()
    with bench.worker() as worker:
        cookie = bench.user(worker, "hopper")
        bench.server.kill()
        bench.server.start()
        for uri in ("/check_auth_status", "/readyz"):
            answer = worker.ask("GET", uri, headers={"Cookie": cookie})
            assert answer.status == 200, (uri, answer, worker.log())


def test_stopped_and_continued(bench):
    bench.server.must_be_private()
    with bench.worker() as worker:
        cookie = bench.user(worker, "lovelace")
        with signups(worker, "while") as names:
            assert wait_for(lambda: len(names) >= 20)
            bench.server.signal(signal.SIGSTOP)
            try:
                is_down(worker, cookie)
                time.sleep(0.3)  # when it has backed off, it connects
                is_down(worker, cookie)
            finally:
                bench.server.signal(signal.SIGCONT)
            is_up(worker, cookie)
        missing = [n for n in names if not bench.has_user(n)]
        assert not missing, missing
