"""Codes for a login that waits: made when the mail is sent, and for it."""
import re

from bench import sql
from fault_smtp import Server
from test_mail import bodies, parse


def waiting(bench, minutes=10):
    """A user whose login waits for so long, with a mail queued for it."""
    user = bench.user()
    challenge = int(sql(
        "INSERT INTO login_challenges (id_hash, user_id, created_at,"
        f" expires_at) VALUES (RANDOM_BYTES(32), {user}, UTC_TIMESTAMP(6),"
        f" UTC_TIMESTAMP(6) + INTERVAL {minutes} MINUTE);"
        "SELECT LAST_INSERT_ID()")[0][0])
    mail = bench.queue(user, template="login_code")
    sql(f"UPDATE mail_outbox SET challenge_id = {challenge}"
        f" WHERE id = {mail}")
    return challenge, mail


def stored(challenge):
    return sql("SELECT mailed_hash FROM login_challenges"
               f" WHERE id = {challenge}")[0][0]


def code_of(mail):
    plain, html = bodies(mail)
    code = re.search(r"^    ([0-9]{6})$", plain.replace("\r", ""), re.M)[1]
    assert f"<strong>{code}</strong>" in html and code not in mail["Subject"]
    return code


def test_a_code_is_in_the_mail_alone(bench):
    challenge, _ = waiting(bench)
    with Server() as server:
        assert bench.once(server.port)[0] == 0
    (mail,) = map(parse, server.texts("ada@example.org"))
    assert stored(challenge).startswith("$argon2id$")
    code = code_of(mail)
    assert code not in stored(challenge) and code not in bench.log()
    assert sql("SELECT COUNT(*) FROM tokens") == [["0"]]


def test_each_attempt_has_its_own_code(bench):
    challenge, _ = waiting(bench)
    hashes = []
    with Server() as server:
        for _ in range(2):
            assert bench.once(server.port)[0] == 0
            hashes.append(stored(challenge))
            sql("UPDATE mail_outbox SET state = 'queued'")
    assert hashes[0] != hashes[1] and len(server.mails) == 2


def test_no_code_for_a_login_that_is_over(bench):
    late, answered = waiting(bench, minutes=-1), None
    with Server() as server:
        assert bench.once(server.port)[0] == 75
        assert stored(late[0]) == "NULL"
        bench.empty()
        answered = waiting(bench)
        sql("DELETE FROM login_challenges")
        assert bench.once(server.port)[0] == 75
        assert server.mails == []
    row = bench.row(answered[1])
    assert row["state"] == "parked" and "login" in row["error"], row


def test_no_code_to_an_address_of_before(bench):
    challenge, mail = waiting(bench)
    sql("UPDATE mail_outbox SET recipient = 'old@example.org'")
    with Server() as server:
        assert bench.once(server.port)[0] == 75
        assert server.mails == []
    assert "another address" in bench.row(mail)["error"]
    assert stored(challenge) == "NULL"
