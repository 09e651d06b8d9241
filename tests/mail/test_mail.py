"""What a mail is, as the real SMTP server of tools/smtp-catcher gets it."""
import base64
import contextlib
import email
import email.policy
import hashlib
import mailbox
import re
import socket
import subprocess
import time

from bench import SENDER, SOURCE, free_port, sql, wait_for
from fault_smtp import Server

LOGIN = {"MAIL_USERNAME": "mailer", "MAIL_PASSWORD": "pass word"}


@contextlib.contextmanager
def catcher(bench):
    """A Maildir and the changes to the configuration it needs."""
    cert, key = bench.certificate("good")
    password = bench.dir / "password"
    password.write_text(LOGIN["MAIL_PASSWORD"])
    maildir = bench.dir / f"maildir{time.monotonic_ns()}"
    port = free_port()
    process = subprocess.Popen(
        ["/usr/bin/python3", SOURCE / "tools/smtp-catcher", "--port",
         str(port), "--maildir", maildir, "--cert", cert, "--key", key,
         "--user", LOGIN["MAIL_USERNAME"], "--password-file", password,
         "--demand"], stderr=subprocess.DEVNULL)

    def listening():
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", port)) == 0

    try:
        assert wait_for(listening)
        yield (mailbox.Maildir(maildir), port,
               dict(MAIL_USE_TLS="on", MAIL_CA_FILE=cert, **LOGIN))
    finally:
        process.terminate()
        process.wait()


def parse(raw):
    """The mail, which must not have a single defect in it or its parts."""
    mail = email.message_from_bytes(raw, policy=email.policy.strict.clone(
        raise_on_defect=False))
    for part in mail.walk():
        assert not part.defects, part.defects
        for name, value in part.items():
            assert not value.defects, (name, value.defects)
    return mail


def caught(maildir):
    raw = [maildir.get_bytes(key) for key in maildir.keys()]
    return [parse(text.partition(b"X-Authenticated:")[2].partition(b"\n")[2])
            for text in raw], raw


def bodies(mail):
    parts = list(mail.iter_parts())
    assert mail.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in parts] == ["text/plain", "text/html"]
    assert all(p.get_content_charset() == "utf-8" for p in parts)
    return [p.get_content() for p in parts]


def link_token(text):
    return re.search(r"https://t2o\.example/\S*[#/=]([\w-]{43})\b", text)


def test_verification_mail_is_right_and_within_two_seconds(bench):
    with catcher(bench) as (maildir, port, changes):
        with bench.running(port, **changes, SITE_NAME="Käse & \"Brot\""):
            time.sleep(0.3)
            user = bench.user(first_name="Zoë <b>")
            begin = time.monotonic()
            bench.queue(user)
            assert wait_for(lambda: list(maildir.keys()))
            assert time.monotonic() - begin < 2
            assert wait_for(lambda: bench.states() == ["sent"])
        (mail,), (raw,) = caught(maildir)
    assert b"X-Tls: yes" in raw and b"X-Authenticated: yes" in raw
    assert b"X-Mail-From: " + SENDER.encode() in raw
    assert b"X-Rcpt-To: ada@example.org" in raw.splitlines()
    assert mail["Subject"] == \
        "Confirm your email address for Käse & \"Brot\""
    assert mail["To"].addresses[0].addr_spec == "ada@example.org"
    assert len(mail["To"].addresses) == 1 and "Cc" not in mail
    assert mail["From"].addresses[0].display_name == "Käse & \"Brot\""
    assert mail["From"].addresses[0].addr_spec == SENDER
    assert mail["Auto-Submitted"] == "auto-generated"
    assert abs(mail["Date"].datetime.timestamp() - time.time()) < 60
    assert re.fullmatch(r"<\w+@t2o\.example>", mail["Message-ID"])
    names = [name.lower() for name in mail.keys()]
    assert len(names) == len(set(names)), names
    plain, html = bodies(mail)
    assert "Hello Zoë <b>," in plain and "Hello Zoë &lt;b&gt;," in html
    token = link_token(plain)[1]
    assert html.count(token) == 2 and "Käse &amp; &quot;Brot&quot;" in html
    stored = sql("SELECT HEX(token_hash) FROM tokens")[0][0]
    clear = base64.urlsafe_b64decode(token + "=")
    assert hashlib.sha256(clear).hexdigest().upper() == stored


def test_signup_taken_in_german_without_a_token(bench):
    with catcher(bench) as (maildir, port, changes):
        bench.queue(bench.user(), template="signup_taken")
        assert bench.once(port, **changes, MAIL_LOCALE="de")[0] == 0
        (mail,), _ = caught(maildir)
    assert mail["Subject"] == "Sie haben schon ein Konto bei T2O"
    plain, html = bodies(mail)
    assert "„ada“" in plain and not link_token(plain + html)
    assert sql("SELECT COUNT(*) FROM tokens") == [["0"]]


def test_dots_long_lines_and_trailing_spaces_arrive(bench):
    text = ".\n..\n.dot\n" + "x" * 5000 + "\n" + "é" * 200 + " \n=\n"
    place = bench.templates(verify_email_en_html=text,
                            verify_email_en_txt=text.replace("\n", "\r\n"))
    with catcher(bench) as (maildir, port, changes):
        bench.queue(bench.user())
        assert bench.once(port, **changes, TEMPLATE_DIR=place)[0] == 0
        (mail,), (raw,) = caught(maildir)
    assert [b.replace("\r\n", "\n") for b in bodies(mail)] == [text, text]
    assert max(len(line) for line in raw.splitlines()) <= 76
    with Server() as server:
        sql("UPDATE mail_outbox SET state = 'queued'")
        assert bench.once(server.port, TEMPLATE_DIR=place)[0] == 0
    wire = server.mails[0]["text"]
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert b"\r" not in wire.replace(b"\r\n", b"")


def test_broken_template_ends_with_78_and_its_place(bench):
    place = bench.templates(signup_taken_de_html="one\n<p>{{usrename}}\n")
    assert bench.once(1, TEMPLATE_DIR=place, MAIL_LOCALE="de")[0] == 78
    path = place / "signup_taken.de.html"
    assert str(path) in bench.log() and "line=2" in bench.log()
    assert "name=usrename" in bench.log()


def test_each_attempt_has_its_own_token_and_message_id(bench):
    with Server(faults=[dict(stage="DONE", do="close")]) as server:
        bench.queue(bench.user())
        bench.once(server.port)
        sql("UPDATE mail_outbox SET state = 'queued'")
        assert bench.once(server.port)[0] == 0
    first, second = map(parse, server.texts("ada@example.org"))
    assert first["Message-ID"] != second["Message-ID"]
    assert link_token(bodies(first)[0])[1] != link_token(bodies(second)[0])[1]
    assert sql("SELECT COUNT(*) FROM tokens") == [["1"]]
