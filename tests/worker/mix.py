"""Requests of every kind."""
from bench import COOKIE, PASSWORD
from fastcgi import Request


def kinds(name, cookie, stranger):
    """Pairs of the status that it must get, and a request.

    `cookie` is of a session of the user `name`; nobody is called `stranger`.
    """
    login = dict(username_or_email=name, password=PASSWORD)
    json = b'{"username_or_email":"x","password":"y"%s}'
    boundary = "multipart/form-data; boundary=b"
    part = b"--b\r\nContent-Disposition: form-data; name=username_or_email"
    session = {"Cookie": cookie}

    def post(body, uri="/login", **more):
        return Request("POST", uri, body, **more)

    return (
        (200, Request("GET", "/check_auth_status", headers=session)),
        (200, Request("GET", "/current_user_details", headers=session)),
        (200, Request("GET", "/csrf_token", headers=session)),
        (200, Request("HEAD", "/healthz")),
        (200, Request("GET", "/readyz")),
        (200, Request("GET", "/check_auth_status", headers={
            "Cookie": "; ".join([f"{COOKIE}={'A' * 43}"] * 9)})),
        (200, Request("GET", "/healthz?" + "a=b&" * 100)),
        (200, post(login)),
        (401, post(login | {"username_or_email": stranger})),
        (400, post(login | {"password": ""})),
        (401, post({"username_or_email": stranger, "password": "x" * 60000})),
        (400, post(json % b",")),
        (400, post(json % b"" + b"x")),
        (400, post(json % b',"password":"z"')),
        (400, post(json % b',"a":"\\u0000"')),
        (400, post(json % b',"a":"\xff"')),
        (400, post(b'{"a":' + b"[" * 40 + b"]" * 40 + b"}")),
        (400, post(json % b"", length=10)),
        (400, post(json % b"", length=1000)),
        (400, post(json % b"", length="-1")),
        (413, post(b"{" + b" " * 65536 + b"}")),
        (413, post(b"{}", length=1 << 40)),
        (415, post(b"<a/>", kind="text/xml")),
        (401, post(f"username_or_email={stranger}&password=b%20c".encode(),
                   kind="application/x-www-form-urlencoded")),
        (400, post(b"username_or_email=%zz&password=b",
                   kind="application/x-www-form-urlencoded")),
        (400, post(part + b"\r\n\r\nnobody\r\n--b--\r\n", kind=boundary)),
        (400, post(part + b"; filename=f\r\n\r\n\r\n--b--\r\n",
                   kind=boundary)),
        (400, post(part, kind=boundary)),
        (400, post(part, kind="multipart/form-data")),
        (400, post({"username": "<>", "email": "@"}, "/signup")),
        (400, post({"token": "A" * 43}, "/verify_email")),
        (400, Request("GET", "/verify_email/" + "A" * 43)),
        (400, Request("GET", "/a/../healthz")),
        (400, Request("GET", "/" + "a" * 4000)),
        (401, Request("GET", "/current_user_details")),
        (401, Request("GET", "/current_user_details", headers={
            "Cookie": f"{COOKIE}=\udcff\udcfe"})),
        (403, post(b"", "/logout", headers=session)),
        (403, post(login, headers={"Origin": "https://evil.example"})),
        (404, Request("GET", "/nothing/here")),
        (405, Request("BREW", "/login")),
        (405, Request("DELETE", "/login")),
    )
