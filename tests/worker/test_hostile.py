"""Records that no web server sends.

The socket is nginx's alone (0660), so what libfcgi itself gets wrong is not
here: management records of unknown types leak there, GET_VALUES sent twice
ends the process, and it allocates any length that a name claims to have.
"""
import socket

import fastcgi
from bench import stop
from fastcgi import (ABORT_REQUEST, PARAMS, STDIN, Request, begin, pair,
                     record, stream)

GOOD = Request("GET", "/healthz").encode()
LOGIN = Request("POST", "/login", {"username_or_email": "nobody",
                                   "password": "wrong"}).encode()
NAMES = b"".join((pair("REQUEST_METHOD", "GET"),
                  pair("DOCUMENT_URI", "/healthz")))
NO_STDIN = stream(STDIN, b"")
NOISE = bytes(i * 167 % 256 for i in range(4096))

# What is sent, and the status of the answer; None: there may be none.
RECORDS = {
    "nothing": (b"", None),
    "one byte": (b"\1", None),
    "noise": (NOISE, None),
    "HTTP": (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", None),
    "another version": (record(1, begin()[8:], version=2) + GOOD, None),
    "an unknown type": (record(99, b"x" * 20) + GOOD, None),
    "type 0": (record(0) + GOOD, None),
    "an unknown type within": (begin() + record(200, b"x" * 9) +
                               stream(PARAMS, NAMES) + NO_STDIN, None),
    "an unknown role": (begin(role=99) + GOOD[16:], None),
    "role 0": (begin(role=0) + GOOD[16:], None),
    "an authorizer's role": (begin(role=2) + GOOD[16:], None),
    "a filter's role": (begin(role=3) + GOOD[16:], None),
    "flags": (begin(flags=0xfe) + GOOD[16:], 200),
    "keep the connection": (begin(flags=1) + GOOD[16:], 200),
    "begin too short": (record(1, b"\0\1") + GOOD[16:], None),
    "begin too long": (record(1, begin()[8:] + b"x" * 99) + GOOD[16:], None),
    "begin twice": (begin() + GOOD, None),
    "aborted at once": (begin() + record(ABORT_REQUEST), None),
    "aborted after params": (begin() + stream(PARAMS, NAMES) +
                             record(ABORT_REQUEST), None),
    "aborted in the body": (LOGIN[:-20] + record(ABORT_REQUEST), None),
    "another's abort": (begin() + record(ABORT_REQUEST, request=7) +
                        stream(PARAMS, NAMES) + NO_STDIN, None),
    "another's input": (begin() + stream(PARAMS, NAMES) +
                        record(STDIN, b"x", request=2) + NO_STDIN, 200),
    "a name longer than its stream":
        (begin() + stream(PARAMS, b"\x7f\1Nv") + NO_STDIN, None),
    "a value longer than its stream":
        (begin() + stream(PARAMS, b"\1\x7fNv") + NO_STDIN, None),
    "a length of 2 GiB":
        (begin() + stream(PARAMS, b"\xff\xff\xff\xff\1Nv") + NO_STDIN, None),
    "half a length": (begin() + stream(PARAMS, b"\1\x80") + NO_STDIN, None),
    "a record longer than it says":
        (begin() + record(PARAMS, NAMES, length=3) + NO_STDIN, None),
    "a record shorter than it says":
        (begin() + record(PARAMS, NAMES, length=60000), None),
    "no params": (begin() + stream(PARAMS, b"") + NO_STDIN, 400),
    "params without a path": (begin() + stream(PARAMS, pair(
        "REQUEST_METHOD", "GET")) + NO_STDIN, 400),
    "an empty name": (begin() + stream(PARAMS, pair("", "x") + NAMES) +
                      NO_STDIN, 200),
    "a NUL in a path": (begin() + stream(PARAMS, pair(
        "DOCUMENT_URI", "/healthz\0x")) + NO_STDIN, None),
    "params in single bytes": (begin() + b"".join(
        record(PARAMS, NAMES[i:i + 1], padding=7)
        for i in range(len(NAMES))) + record(PARAMS) + NO_STDIN, 200),
    "padding, as much as there can be": (begin() + record(
        PARAMS, NAMES, padding=255) + record(PARAMS) + NO_STDIN, 200),
    "padding behind the end": (begin() + record(PARAMS, NAMES) + record(
        PARAMS, padding=255) + record(STDIN, padding=255), None),
    "64 KiB of padding": (begin() + b"".join(
        record(PARAMS, pair(f"N{i}", ""), padding=255)
        for i in range(257)) + stream(PARAMS, NAMES) + NO_STDIN, 200),
    "params of 64 KiB": (begin() + stream(PARAMS, pair(
        "HTTP_X", "x" * 60000) + NAMES) + NO_STDIN, 200),
    "params of 2 MiB": (begin() + stream(PARAMS, pair(
        "HTTP_COOKIE", "x" * (2 << 20)) + NAMES) + NO_STDIN, None),
    "40,000 params": (begin() + stream(PARAMS, b"".join(
        pair(f"N{i}", "") for i in range(40000)) + NAMES) + NO_STDIN, None),
    "a body of 4 MiB": (begin() + stream(PARAMS, NAMES) +
                        stream(STDIN, bytes(4 << 20)), None),
    "a second request behind it": (GOOD + GOOD, 200),
}


def tell(worker, data, how):
    """Sends, hangs up in one of three ways, and reads what comes."""
    with fastcgi.connect(worker.path) as sock:
        try:
            sock.sendall(data)
            if how is not None:
                sock.shutdown(how)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it need not listen to the end
        if how != socket.SHUT_WR:
            return b""
        return fastcgi.read_all(sock)


def test_records(bench):
    with bench.worker() as worker:
        for what, (data, status) in RECORDS.items():
            answer = tell(worker, data, socket.SHUT_WR)
            assert worker.alive(), (what, worker.log())
            if status is not None:
                answer = fastcgi.decode(answer)
                assert answer.status == status, (what, answer)
            for how in (socket.SHUT_RDWR, None):
                tell(worker, data, how)
                assert worker.alive(), (what, how, worker.log())
        assert stop(worker)[0] == 0, worker.log()


def test_cuts(bench):
    """A good request that breaks off: at every byte."""
    with bench.worker() as worker:
        for n in range(len(LOGIN)):
            answer = tell(worker, LOGIN[:n], socket.SHUT_WR)
            assert fastcgi.decode(answer) is None, (n, answer)
        assert worker.alive(), worker.log()
        assert worker.descriptors() < 20


def test_headers(bench):
    """A good request with one byte wrong in the header of a record."""
    body = LOGIN.rindex(record(PARAMS)) + 8
    headers = (*range(24), *range(body - 8, body + 8),
               *range(len(LOGIN) - 8, len(LOGIN)))
    with bench.worker() as worker:
        for n in headers:
            for value in (0, 1, 0x7f, 0x80, 0xff):
                tell(worker, LOGIN[:n] + bytes([value]) + LOGIN[n + 1:],
                     socket.SHUT_WR)
            assert worker.alive(), (n, worker.log())


def test_silence(bench):
    """Who says nothing holds one worker up, and the others go on."""
    with bench.listener() as listener, \
            bench.worker(listener) as one, bench.worker(listener) as two:
        for data in (b"", GOOD[:4], GOOD[:16], LOGIN[:-20]):
            with fastcgi.connect(one.path) as silent:
                silent.sendall(data)
                for _ in range(20):
                    assert one.alive() and two.process.poll() is None
        for worker in (one, two):
            assert stop(worker)[0] == 0, worker.log()
