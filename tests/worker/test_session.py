"""One whole session; and again, with valgrind watching."""
import base64
import hashlib
import os
import pathlib
import shutil

from bench import COOKIE, PASSWORD, SANITIZED, Skip, stop
from mix import kinds

HERE = pathlib.Path(__file__).resolve().parent
ERROR_FOUND = 99


def new_token(bench, name):
    """What the mailer does: the token goes out, its SHA-256 stays."""
    token = base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
    digest = hashlib.sha256(base64.urlsafe_b64decode(token + "=")).hexdigest()
    bench.sql("INSERT INTO tokens SELECT id, 'verify_email', email,"
              f" X'{digest}', UTC_TIMESTAMP(6),"
              " UTC_TIMESTAMP(6) + INTERVAL 1 DAY FROM users"
              f" WHERE username = '{name}'")
    return token


def session(bench, worker, name):
    def expect(status, method, uri, body=b"", **headers):
        answer = worker.ask(method, uri, body, headers={
            k.replace("_", "-"): v for k, v in headers.items()})
        assert answer is not None, (uri, worker.log())
        assert answer.status == status, (uri, answer, worker.log())
        return answer

    assert worker.signup(name).status == 201, worker.log()
    assert worker.login(name).json()["error"] == "email_not_verified"
    token = new_token(bench, name)
    expect(200, "POST", "/verify_email", {"token": token})
    expect(400, "POST", "/verify_email", {"token": token})
    assert worker.login(name, "wrong").status == 401
    login = worker.login(name, PASSWORD)
    assert login.status == 200, login
    cookie = login.cookie(COOKIE)
    status = expect(200, "GET", "/check_auth_status", Cookie=cookie).json()
    assert status["user"]["username"] == name, status
    csrf = expect(200, "GET", "/csrf_token", Cookie=cookie).json()
    assert csrf["csrf_token"] == login.json()["csrf_token"]
    expect(200, "GET", "/current_user_details", Cookie=cookie)
    expect(403, "POST", "/logout", Cookie=cookie)
    expect(200, "POST", "/logout", Cookie=cookie,
           X_CSRFToken=csrf["csrf_token"])
    expect(401, "GET", "/current_user_details", Cookie=cookie)
    expect(404, "GET", "/nothing")
    expect(400, "POST", "/login", b"{")
    expect(200, "GET", "/readyz")


def test_whole_session(bench):
    with bench.worker() as worker:
        session(bench, worker, "curie")
        assert stop(worker)[0] == 0, worker.log()


def test_whole_session_under_valgrind(bench):
    if SANITIZED:
        raise Skip("the sanitizers watch already")
    if shutil.which("valgrind") is None:
        raise Skip("there is no valgrind")
    report = bench.place("valgrind")
    valgrind = ["valgrind", "-q", "--leak-check=full", "--trace-children=no",
                "--show-leak-kinds=all", "--errors-for-leak-kinds=all",
                f"--error-exitcode={ERROR_FOUND}", f"--log-file={report}",
                f"--suppressions={HERE / 'valgrind.supp'}"]
    # Time passes slowly in there.
    patience = {"DATABASE_TIMEOUT_S": 20, "DATABASE_CONNECT_TIMEOUT_S": 20}
    with bench.worker(under=valgrind, **patience) as worker:
        session(bench, worker, "meitner")
        bench.cut_connections()
        cookie = worker.login("meitner").cookie(COOKIE)
        for n, (status, request) in enumerate(kinds("meitner", cookie, "x")):
            request.ip = f"192.0.2.{n}"
            answer = worker.send(request)
            assert answer and answer.status == status, (request, answer)
        code, _ = stop(worker)
        assert code == 0, (code, report.read_text(), worker.log())
