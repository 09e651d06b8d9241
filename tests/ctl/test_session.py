"""session list, session revoke."""

from bench import HARMLESS, HOSTILE, CtlTest, sql

TITLES = ["ID", "CREATED", "LAST SEEN", "EXPIRES", "ADDRESS", "USER AGENT"]


class Sessions(CtlTest):
    def setUp(self):
        super().setUp()
        self.ada, self.bob = self.add("ada"), self.add("bob")

    def test_list(self):
        self.assertEqual(self.table("session", "list", "ada"), [TITLES])
        first = self.session(self.ada, ip="2001:db8::1")
        second = self.session(self.ada, agent="")
        self.session(self.bob)
        titles, *rows = self.table("session", "list", "ada")
        self.assertEqual(titles, TITLES)
        self.assertEqual([row[0] for row in rows], [str(second), str(first)])
        self.assertEqual(rows[0][4:], ["192.0.2.1", "-"])
        self.assertEqual(rows[1][4:], ["2001:db8::1", "Browser"])
        self.assertRegex(rows[0][1], "^2026-01-02T03:04:05(.000000)?Z$")

    def test_json(self):
        session = self.session(self.ada)
        shown = self.json("session", "list", f"id:{self.ada}")
        self.assertEqual(len(shown), 1)
        self.assertEqual(list(shown[0]), ["id", "created_at", "last_seen_at",
                                          "expires_at", "ip", "user_agent"])
        self.assertEqual((shown[0]["id"], shown[0]["ip"]),
                         (session, "192.0.2.1"))

    def test_what_a_browser_calls_itself(self):
        self.session(self.ada, agent=HOSTILE)
        self.assertEqual(self.column("USER AGENT", "session", "list", "ada"),
                         [HARMLESS])

    def test_revoke_one(self):
        sessions = [self.session(self.ada), self.session(self.ada)]
        other = self.session(self.bob)
        self.succeeds("session", "revoke", "ada", sessions[0], out="")
        self.assertEqual(self.column("ID", "session", "list", "ada"),
                         [str(sessions[1])])
        for missing in (sessions[0], other, 0):
            self.fails("the user has no such session", "session", "revoke",
                       "ada", missing)
        self.assertEqual(len(sql("SELECT id FROM sessions")), 2)
        self.assertEqual(self.events()[2:],
                         [("session_revoked", str(self.ada), "local")])

    def test_revoke_all(self):
        for user in (self.ada, self.ada, self.bob):
            self.session(user)
        self.assertEqual(self.succeeds("session", "revoke", "ada", "--all"),
                         "2 ended\n")
        self.assertEqual(self.succeeds("session", "revoke", "ada", "--all"),
                         "0 ended\n")
        self.assertEqual(len(sql("SELECT id FROM sessions")), 1)
        self.assertEqual(len(self.events()), 3)

    def test_misuse(self):
        session = self.session(self.ada)
        for args in ((), (session, "--all")):
            self.misused("the session's ID, or --all", "session", "revoke",
                         "ada", *args)
        self.misused("is not a number", "session", "revoke", "ada", "x")
        for args in (("list", "cyd"), ("revoke", "cyd", "--all"),
                     ("revoke", "cyd", session)):
            self.fails("there is no such user", "session", *args)
        self.assertEqual(len(sql("SELECT id FROM sessions")), 1)
