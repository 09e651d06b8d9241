"""The outbox: nothing lost, nothing sent to the wrong one, few duplicates."""
import os
import random
import signal
import time

from bench import Bench, sql, wait_for
from fault_smtp import Server


def test_users_that_must_not_get_mail(bench):
    disabled, moved = bench.user("off"), bench.user("moved")
    sql(f"UPDATE users SET disabled_at = UTC_TIMESTAMP(6) WHERE id={disabled}")
    mails = [bench.queue(disabled, "off@example.org"),
             bench.queue(moved, "old@example.org"),
             bench.queue("NULL", "gone@example.org"),
             bench.queue(bench.user("odd"), "odd@example.org", "no_such"),
             bench.queue(bench.user("bad", email="bad"), "bad")]
    with Server() as server:
        assert bench.once(server.port)[0] == 75
        assert server.mails == [] and server.seen == []
    whys = ("is disabled", "another address", "user is gone",
            "no such template", "not a mail address")
    for mail, why in zip(mails, whys):
        row = bench.row(mail)
        assert row["state"] == "parked" and why in row["error"], row
    assert sql("SELECT COUNT(*) FROM tokens") == [["0"]]


def kill_and_recover(bench, server, stage):
    """kill -9 when the server is at that stage; how often mail arrived."""
    def kill():
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.05)
    bench.empty()
    mail = bench.queue(bench.user())
    server.mails.clear()
    server.faults[:] = [dict(stage=stage, do=kill)]
    process = bench.start(server.port)
    assert process.wait(10) == -signal.SIGKILL
    process.log_file.close()
    bench.make_due()
    assert bench.once(server.port)[0] == 0
    assert bench.row(mail)["state"] == "sent"
    return len(server.mails)


def test_kill_9_at_each_stage_loses_nothing(bench):
    with Server() as server:
        for stage in ("greeting", "EHLO", "MAIL", "RCPT", "DATA"):
            assert kill_and_recover(bench, server, stage) == 1, stage
        for stage in ("DOT", "DONE", "QUIT"):
            assert 1 <= kill_and_recover(bench, server, stage) <= 2, stage


def test_kill_9_of_the_mailer_alone_takes_its_child_along(bench):
    with Server() as server:
        def kill():
            process.kill()
            process.wait()
            time.sleep(0.2)
        server.faults.append(dict(stage="RCPT", do=kill))
        bench.queue(bench.user())
        process = bench.start(server.port)
        process.wait(10)
        process.log_file.close()
        time.sleep(0.3)
        assert server.mails == []
        bench.make_due()
        assert bench.once(server.port)[0] == 0
        assert len(server.mails) == 1


def test_kill_9_at_random_loses_nothing(bench):
    kills = 0
    with Server() as server:
        bench.queue(bench.user())
        one_mail_s = bench.once(server.port)[1]  # on this machine, now
        bench.users_with_mail(30)
        end = time.monotonic() + 90
        while "queued" in bench.states():
            process = bench.start(server.port)
            time.sleep(random.uniform(0.01, 1.5 * one_mail_s))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.log_file.close()
            kills += 1
            bench.make_due()
            assert time.monotonic() < end, f"{kills} kills"
        counts = [len(server.texts(f"user{i}@example.org"))
                  for i in range(30)]
    print(f"# {kills} kills, {sum(counts) - 30} duplicates")
    assert min(counts) >= 1
    assert sum(counts) - 30 <= kills


def test_several_mailers_send_each_mail_once(bench):
    bench.users_with_mail(40)
    with Server() as server:
        processes = [bench.start(server.port, "--once") for _ in range(3)]
        for process in processes:
            assert process.wait(20) == 0
            process.log_file.close()
        got = sorted(m["recipient"] for m in server.mails)
    assert got == sorted(f"user{i}@example.org" for i in range(40))


def test_once_tells_whether_all_went_out(bench):
    with Server() as server:
        assert bench.once(server.port)[0] == 0
        bench.queue(bench.user())
        assert bench.once(server.port)[0] == 0
    bench.queue(bench.user("eve"), "eve@example.org")
    assert bench.once(1)[0] == 75


def test_back_off_doubles_and_ends(bench):
    with Server(faults=[dict(stage="RCPT", do="450 no", times=3)]) as server:
        mail = bench.queue(bench.user())
        for attempts, minutes in ((0, 1), (3, 8), (24, 240)):
            sql(f"UPDATE mail_outbox SET attempts = {attempts}")
            bench.make_due()
            assert bench.once(server.port)[0] == 75
            due_s = bench.row(mail)["due_s"]
            assert minutes * 60 - 5 <= due_s <= minutes * 60, due_s
        server.faults.append(dict(stage="RCPT", do="450 no"))
        bench.make_due()
        bench.once(server.port)
        assert bench.row(mail)["state"] == "parked"


def cut_off(link):
    """Ends the mailer's connections, and it finds no server any more."""
    link.unlink()
    for (kill,) in sql("SELECT CONCAT('KILL ', id) FROM"
                       " information_schema.processlist"
                       " WHERE user = 't2o_mailer'"):
        sql(kill)


def test_database_down_at_start_and_again_later(bench):
    link = bench.dir / "database"
    url = bench.database_url("t2o_mailer", link)
    with Server() as server, bench.running(server.port, DATABASE_URL=url):
        first = bench.queue(bench.user())
        time.sleep(0.7)
        link.symlink_to(Bench.socket_path)
        assert wait_for(lambda: bench.row(first)["state"] == "sent", 8)
        cut_off(link)
        second = bench.queue(bench.user("eve"), "eve@example.org")
        time.sleep(1.5)
        assert bench.row(second)["state"] == "queued"
        link.symlink_to(Bench.socket_path)
        assert wait_for(lambda: bench.row(second)["state"] == "sent", 8)
        assert len(server.mails) == 2
    assert bench.log().count("waiting for the database") == 2
    assert bench.log().count("the database answers again") == 2


def test_a_lost_database_is_no_reason_to_send_twice(bench):
    link = bench.dir / "flaky"
    link.symlink_to(Bench.socket_path)
    faults = [dict(stage="DOT", do=lambda: cut_off(link))]
    with Server(faults=faults) as server:
        mail = bench.queue(bench.user())
        with bench.running(server.port, DATABASE_URL=bench.database_url(
                "t2o_mailer", link)):
            assert server.wait_for(lambda: server.mails)
            time.sleep(1)
            assert bench.row(mail)["state"] == "queued"
            link.symlink_to(Bench.socket_path)
            assert wait_for(lambda: bench.row(mail)["state"] == "sent", 8)
        assert len(server.mails) == 1


def test_another_schema_ends_with_78(bench):
    sql("UPDATE schema_migrations SET version = version + 1000")
    try:
        assert bench.once(1)[0] == 78
    finally:
        sql("UPDATE schema_migrations SET version = version - 1000")
