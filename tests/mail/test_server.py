"""What the mailer makes of an SMTP server's words, silence and certificate."""
import contextlib
import os
import signal
import socket
import ssl
import time

from bench import free_port, sql, wait_for
from fault_smtp import Server

SECRET = {"MAIL_USERNAME": "mailer", "MAIL_PASSWORD": "pass word"}


def fails(bench, server, stage, do):
    """The first of two mails meets the fault; its row afterwards."""
    user = bench.user()
    mail = bench.queue(user)
    bench.queue(bench.user("eve"), "eve@example.org")
    server.faults.append(dict(stage=stage, do=do,
                              recipient="ada@example.org"
                              if stage in ("RCPT", "DATA", "DOT") else None))
    assert bench.once(server.port)[0] == 75
    return mail, bench.row(mail)


def test_down_at_start_then_up(bench):
    port = free_port()
    mail = bench.queue(bench.user())
    with bench.running(port):
        time.sleep(2.5)
        assert bench.row(mail)["state"] == "queued"
        assert bench.row(mail)["attempts"] == 0
        with Server(port=port) as server:
            assert wait_for(lambda: bench.row(mail)["state"] == "sent", 6)
            assert len(server.mails) == 1
    assert bench.log().count("takes no mail; waiting") == 1
    assert "Connection refused" in bench.log()
    assert "takes mail again" in bench.log()


def test_4xx_defers_the_mail_and_the_next_goes_out(bench):
    for stage in ("RCPT", "DATA", "DOT"):
        for code in ("421", "450", "451"):
            bench.empty()
            with Server(pipelining=code != "450") as server:
                mail, row = fails(bench, server, stage, f"{code} 4.2.0 later")
                assert row["state"] == "queued" and row["attempts"] == 1
                assert f"{code} 4.2.0 later" in row["error"], row
                assert 50 <= row["due_s"] <= 61 and row["free"]
                assert len(server.texts("eve@example.org")) == 1
                bench.make_due()
                assert bench.once(server.port)[0] == 0
                assert bench.row(mail)["state"] == "sent"
                assert len(server.texts("ada@example.org")) == 1


def test_5xx_parks_the_mail_and_the_next_goes_out(bench):
    for stage in ("RCPT", "DATA", "DOT"):
        bench.empty()
        with Server() as server:
            _, row = fails(bench, server, stage, "550 5.1.1 nobody")
            assert row["state"] == "parked", (stage, row)
            assert "550 5.1.1 nobody" in row["error"]
            assert bench.states() == ["parked", "sent"]


def test_refusal_of_server_or_sender_is_not_the_mails(bench):
    for stage, reply in (("greeting", "554 5.3.0 go away"),
                         ("greeting", "421 4.3.2 busy"),
                         ("EHLO", "550 5.3.0 not you"),
                         ("EHLO", "421 4.3.2 busy"),
                         ("MAIL", "530 5.7.0 log in first"),
                         ("MAIL", "550 5.1.8 no such sender"),
                         ("RCPT", "530 5.7.0 log in first"),
                         ("DATA", "250 what")):
        bench.empty()
        with Server() as server:
            mail, row = fails(bench, server, stage, reply)
            if reply != "250 what":
                assert row["attempts"] == 0 and row["due_s"] <= 0
                assert reply in row["error"], (stage, row)
                assert "takes no mail" in bench.log() and reply in bench.log()
                assert bench.states() == ["queued", "queued"]
                assert bench.once(server.port)[0] == 0
            else:
                assert row["state"] == "queued", row
            assert len(server.texts("eve@example.org")) == 1


def test_a_server_that_hangs_costs_a_bounded_time(bench):
    for stage in ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "DOT", "QUIT"):
        bench.empty()
        bench.users_with_mail(3)
        with Server() as server:
            server.faults.append(dict(stage=stage, do="hang"))
            with bench.running(server.port):
                done = 3 if stage in ("greeting", "EHLO", "MAIL",
                                      "QUIT") else 2
                assert wait_for(lambda: bench.states().count("sent") == done,
                                8), (stage, bench.states())
            assert len(server.mails) == done


def test_a_hang_around_tls_and_login_is_bounded_too(bench):
    for stage in ("STARTTLS", "handshake", "AUTH"):
        bench.empty()
        bench.queue(bench.user())
        faults = [dict(stage=stage, do="hang")]
        with Server(tls=bench.tls(), offer_auth="PLAIN",
                    faults=faults) as server:
            changes = dict(MAIL_USE_TLS="on",
                           MAIL_CA_FILE=bench.certificate("good")[0], **SECRET)
            code, seconds = bench.once(server.port, **changes)
            assert code == 75 and seconds < 4, (stage, seconds)
            assert bench.once(server.port, **changes)[0] == 0


def test_a_host_that_has_no_address(bench):
    mail = bench.queue(bench.user())
    assert bench.once(1, MAIL_SERVER="no-such-host.invalid")[0] == 75
    assert "cannot connect: " in bench.row(mail)["error"]
    assert bench.row(mail)["attempts"] == 0


def test_a_server_that_drips_is_cut_off(bench):
    with Server(faults=[dict(stage="RCPT", do="drip")]) as server:
        mail = bench.queue(bench.user())
        code, seconds = bench.once(server.port)
    assert code == 75 and 9 < seconds < 14, seconds
    assert bench.row(mail)["attempts"] == 1


def test_a_host_that_drops_connections_is_given_up(bench):
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            sock = stack.enter_context(socket.socket())
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
        mail = bench.queue(bench.user())
        code, seconds = bench.once(full.getsockname()[1])
    assert code == 75 and seconds < 4, seconds
    assert "cannot connect: no answer in time" in bench.row(mail)["error"]


def refuses_tls(bench, context, why, **changes):
    with Server(tls=context, offer_auth="PLAIN LOGIN") as server:
        mail = bench.queue(bench.user())
        changes = {"MAIL_USE_TLS": "on",
                   "MAIL_CA_FILE": bench.certificate("good")[0], **SECRET,
                   **changes}
        assert bench.once(server.port, **changes)[0] == 75
        assert not set(server.seen) & {"AUTH", "MAIL", "RCPT", "DATA"}
        row = bench.row(mail)
        assert row["state"] == "queued" and row["attempts"] == 0
        assert why in row["error"], row
        assert why in bench.log()


def test_nothing_is_said_to_a_bad_certificate(bench):
    refuses_tls(bench, bench.tls("stranger"), "self-signed certificate")
    bench.empty()
    cert, _ = bench.certificate("other", subject="mail.example")
    refuses_tls(bench, bench.tls("other"), "ostname mismatch",
                MAIL_CA_FILE=cert)
    bench.empty()
    cert, _ = bench.certificate("old", expired=True)
    refuses_tls(bench, bench.tls("old"), "expired", MAIL_CA_FILE=cert)


def test_nothing_is_said_without_starttls(bench):
    refuses_tls(bench, None, "does not offer STARTTLS")


def test_old_tls_is_not_spoken(bench):
    context = bench.tls("good")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = \
        ssl.TLSVersion.TLSv1_1
    refuses_tls(bench, context, "STARTTLS")


def test_login_over_tls_and_server_name(bench):
    names = []
    for mechanism in ("PLAIN", "LOGIN"):
        bench.empty()
        context = bench.tls("good")
        context.sni_callback = lambda sock, name, ctx: names.append(name)
        with Server(tls=context, offer_auth=mechanism) as server:
            bench.queue(bench.user())
            # What libesmtp would read there must not matter.
            home = bench.dir / "home/.config/libesmtp"
            home.mkdir(parents=True, exist_ok=True)
            (home / "ca.pem").write_text("not a certificate")
            os.environ["HOME"] = str(bench.dir / "home")
            code, _ = bench.once(server.port, MAIL_USE_TLS="on",
                                 MAIL_CA_FILE=bench.certificate("good")[0],
                                 **SECRET)
            assert code == 0, bench.log()
            assert server.mails[0]["tls"]
            login = server.mails[0]["login"]
            assert login == ("mailer", "pass word"), (mechanism, login)
    assert names == ["localhost", "localhost"]
    assert "pass word" not in bench.log()


def test_a_wrong_password_parks_nothing(bench):
    faults = [dict(stage="AUTH", do="535 5.7.8 wrong"),
              dict(stage="RCPT", do="554 5.7.1 relay access denied")]
    with Server(tls=bench.tls(), offer_auth="PLAIN", faults=faults) as server:
        mail = bench.queue(bench.user())
        changes = dict(MAIL_USE_TLS="on",
                       MAIL_CA_FILE=bench.certificate("good")[0], **SECRET)
        assert bench.once(server.port, **changes)[0] == 75
        assert "535 5.7.8 wrong" in bench.row(mail)["error"]
        assert bench.row(mail)["attempts"] == 0
        assert bench.once(server.port, **changes)[0] == 0
    faults = [dict(stage="RCPT", do="550 5.7.1 not for strangers")]
    with Server(tls=bench.tls(), faults=faults) as server:
        mail = bench.queue(bench.user("eve"), "eve@example.org")
        assert bench.once(server.port, **changes)[0] == 75
        assert "not logged in: 550 5.7.1" in bench.row(mail)["error"]
        assert bench.row(mail)["attempts"] == 0


def test_a_password_does_not_leave_in_clear(bench):
    assert bench.once(1, MAIL_SERVER="mail.example", **SECRET)[0] == 78
    assert "in clear" in bench.log()
    assert bench.once(1, MAIL_USE_TLS="on",
                      MAIL_CA_FILE=__file__)[0] == 78
    assert __file__ in bench.log()


def test_sigterm_finishes_the_mail_at_hand(bench):
    bench.users_with_mail(2)
    with Server() as server:
        def ask_and_wait():
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
        server.faults.append(dict(stage="DOT", do=ask_and_wait))
        process = bench.start(server.port)
        assert process.wait(10) == 0
        process.log_file.close()
        assert len(server.mails) == 1
    assert sorted(bench.states()) == ["queued", "sent"]
    assert sql("SELECT COUNT(*) FROM mail_outbox WHERE lease IS NOT NULL") \
        == [["0"]]
