"""throttle list, throttle clear."""

import hashlib

from bench import CtlTest, sql

TITLES = ["BUCKET", "HITS", "BLOCKS", "BLOCKED UNTIL", "FORGOTTEN AT"]


def put(kind, key, blocked="NULL", forgotten="2126-01-01"):
    bucket = hashlib.sha256(f"{kind}\n{key}".encode()).hexdigest()
    sql("INSERT INTO throttle (bucket, hits, penalty, blocked_until,"
        f" expires_at) VALUES (X'{bucket}', 2, 1, {blocked}, '{forgotten}')")
    return bucket


class Throttle(CtlTest):
    def test_list(self):
        self.assertEqual(self.table("throttle", "list"), [TITLES])
        free = put("account", "ada")
        blocked = put("address", "192.0.2.1", "'2125-01-02 03:04:05'")
        put("account", "bob", forgotten="2026-01-01")
        titles, *rows = self.table("throttle", "list")
        self.assertEqual(titles, TITLES)
        self.assertEqual([row[0] for row in rows], [blocked, free])
        self.assertEqual(rows[0][1:3], ["2", "1"])
        self.assertRegex(rows[0][3], "^2125-01-02T03:04:05")
        self.assertEqual(self.json("throttle", "list")[1], {
            "bucket": free, "hits": 2, "blocks": 1, "blocked_until": None,
            "forgotten_at": "2126-01-01T00:00:00Z"})

    def test_clear(self):
        user = self.add("ada")
        for kind, key, typed in (
                ("account", "ada", "ADA"),
                ("account", "ada@example.org", "ada@example.org"),
                ("address", "192.0.2.1", "192.0.2.1"),
                ("address", "2001:db8::", "2001:db8::1:2"),
                ("identity", user, "ada"),
                ("code", user, f"id:{user}")):
            put(kind, key)
            kept = put(kind, "another")
            self.succeeds("throttle", "clear", kind, typed, out="")
            self.assertEqual(self.column("BUCKET", "throttle", "list"),
                             [kept])
            sql("DELETE FROM throttle")
        self.assertEqual([e[0] for e in self.events()][1:],
                         ["throttle_cleared"] * 6)

    def test_clear_what_is_not_there(self):
        self.succeeds("throttle", "clear", "account", "nobody", out="")
        self.fails("there is no such user", "throttle", "clear", "code",
                   "nobody")

    def test_kinds(self):
        self.misused("the kinds are account, address, identity and code",
                     "throttle", "clear", "mail", "ada")
        self.misused("Usage: t2octl throttle clear", "throttle", "clear",
                     "account")
