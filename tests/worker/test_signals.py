"""Signals, to one worker and to several that share a socket."""
import contextlib
import select
import signal
import threading
import time

import fastcgi
from bench import stop, wait_for

# One hash takes about a second.
SLOW = {"ARGON2_MEMORY_KIB": 65536, "ARGON2_PASSES": 16}


class Load(threading.Thread):
    """Clients one after the other, until told to stop."""

    def __init__(self, worker, uri="/healthz"):
        super().__init__(daemon=True)
        self.worker = worker
        self.uri = uri
        self.enough = False
        self.good, self.lost = 0, []

    def run(self):
        while not self.enough:
            try:
                answer = self.worker.ask("GET", self.uri)
            except OSError as error:
                answer = error
            if isinstance(answer, fastcgi.Answer) and answer.status == 200:
                self.good += 1
            else:
                self.lost.append(answer)


@contextlib.contextmanager
def load(worker, clients=4):
    threads = [Load(worker, uri) for uri in
               ("/healthz", "/check_auth_status") * (clients // 2)]
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        for thread in threads:
            thread.enough = True
        for thread in threads:
            thread.join()


def progress(threads, n=50):
    """Each of them gets more answers."""
    goals = [t.good + n for t in threads]
    assert wait_for(lambda: all(t.good >= goal for t, goal in
                                zip(threads, goals)), 20), \
        [(t.good, t.lost) for t in threads]


def lost(threads):
    return sum((t.lost for t in threads), [])


def test_sigterm_when_idle(bench):
    for number in (signal.SIGTERM, signal.SIGINT):
        with bench.worker() as worker:
            assert worker.alive()
            code, seconds = stop(worker, number)
            assert code == 0, (code, worker.log())
            assert seconds < 1, seconds
            assert "msg=stopped" in worker.log(), worker.log()


def test_sigterm_during_a_request(bench):
    with bench.worker(**SLOW) as worker, \
            fastcgi.connect(worker.path) as client:
        before = worker.cpu_s()
        client.sendall(fastcgi.Request("POST", "/login", dict(
            username_or_email="nobody", password="wrong")).encode())
        assert wait_for(lambda: worker.cpu_s() > before + 0.1)
        worker.signal(signal.SIGTERM)
        early = select.select([client], [], [], 0)[0]
        assert not early, "too quick a hash for this test"
        answer = fastcgi.decode(fastcgi.read_all(client))
        assert answer.status == 401, answer
        assert worker.process.wait(5) == 0, worker.log()


@contextlib.contextmanager
def three_workers(bench):
    """Under load; idle again, each of them ends at once."""
    with bench.listener() as listener, contextlib.ExitStack() as stack:
        workers = [stack.enter_context(bench.worker(listener))
                   for _ in range(3)]
        with load(workers[0]) as threads:
            progress(threads)
            yield workers, threads
        for worker in workers:
            if worker.process.poll() is None:
                code, seconds = stop(worker)
                assert code == 0 and seconds < 1, (code, seconds)


def test_sigterm_to_one_of_several(bench):
    with three_workers(bench) as (workers, threads):
        for worker in workers[:2]:
            assert stop(worker)[0] == 0, worker.log()
            progress(threads)
    assert not lost(threads), lost(threads)


def test_sigterm_leaves_the_queue_to_others(bench):
    """Who waits to be accepted while the worker is told to end."""
    with bench.listener() as listener, bench.worker(listener) as worker, \
            fastcgi.connect(worker.path) as client:
        worker.signal(signal.SIGSTOP)
        client.sendall(fastcgi.Request("GET", "/healthz").encode())
        worker.signal(signal.SIGTERM)
        worker.signal(signal.SIGCONT)
        assert worker.process.wait(5) == 0, worker.log()
        with bench.worker(listener):
            answer = fastcgi.decode(fastcgi.read_all(client))
    assert answer is not None and answer.status == 200, answer


def test_sighup_under_load(bench):
    with three_workers(bench) as (workers, threads):
        for _ in range(20):
            for worker in workers:
                worker.signal(signal.SIGHUP)
                time.sleep(0.002)
        progress(threads)
        assert all(w.process.poll() is None for w in workers)
    assert not lost(threads), lost(threads)


def test_sigkill_to_one_of_several(bench):
    with three_workers(bench) as (workers, threads):
        for n, worker in enumerate(workers[:2], 1):
            stop(worker, signal.SIGKILL)
            progress(threads)
            assert len(lost(threads)) <= n, lost(threads)
