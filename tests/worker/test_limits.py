"""Running out of things, and not running out of them."""
import itertools
import resource
import time

import fastcgi
from bench import SANITIZED, wait_for
from fastcgi import Request
from mix import kinds

BACKING_OFF = "cannot accept, backing off"
FEW, MANY = (500, 2500) if SANITIZED else (2000, 20000)
GROWTH_MAX_KIB = 256


def limit_descriptors(worker, n):
    _, hard = resource.prlimit(worker.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (n, hard))


def exhaust(worker, times):
    """Asks in vain, until there are descriptors again."""
    enough = resource.prlimit(worker.pid, resource.RLIMIT_NOFILE)[0]
    limit_descriptors(worker, worker.descriptors())
    with fastcgi.connect(worker.path) as client:
        client.sendall(Request("GET", "/readyz").encode())
        assert wait_for(lambda: worker.log().count(BACKING_OFF) == times)
        busy_s = worker.cpu_s()
        time.sleep(0.7)
        assert worker.cpu_s() - busy_s < 0.2, "it spins"
        assert worker.log().count(BACKING_OFF) == times, worker.log()
        limit_descriptors(worker, enough)
        answer = fastcgi.decode(fastcgi.read_all(client))
        assert answer is not None and answer.status == 200, answer


def test_descriptors_run_out(bench):
    with bench.worker() as worker:
        assert worker.alive()
        for times in (1, 2):
            exhaust(worker, times)
            assert worker.alive()


def test_many_requests(bench):
    """Neither memory nor descriptors grow; every answer is the right one."""
    with bench.worker() as worker:
        cookie = bench.user(worker, "flat")
        mix = itertools.chain.from_iterable(
            kinds("flat", cookie, f"nobody{i}") for i in itertools.count())
        after = {}
        for n, (status, request) in enumerate(itertools.islice(mix, MANY), 1):
            # The address is throttled, too.
            request.ip = f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"
            answer = worker.send(request)
            assert answer is not None, (request, worker.log()[-2000:])
            assert answer.status == status, (request, answer)
            if n in (FEW, MANY):
                after[n] = worker.rss_kib(), worker.descriptors()
        assert worker.alive()
    (memory, open_files), (memory_now, open_files_now) = after.values()
    assert open_files_now == open_files, after
    if not SANITIZED:
        assert memory_now - memory <= GROWTH_MAX_KIB, after
