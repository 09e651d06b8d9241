"""mail list, mail retry, mail drop."""

from bench import HARMLESS, HOSTILE, CtlTest, sql

TITLES = ["ID", "STATE", "TEMPLATE", "TO", "CREATED", "NEXT TRY", "TRIES",
          "LAST ERROR"]


class Mail(CtlTest):
    def setUp(self):
        super().setUp()
        self.ids = {
            "queued": self.mail(),
            "sent": self.mail("sent", attempts=1),
            "parked": self.mail("parked", "bob@example.org", 7,
                                "550 no such mailbox"),
        }

    def listed(self, *args):
        return [int(i) for i in self.column("ID", "mail", "list", *args)]

    def test_table(self):
        titles, *rows = self.table("mail", "list")
        self.assertEqual(titles, TITLES)
        self.assertEqual([row[:4] for row in rows], [
            [str(self.ids["queued"]), "queued", "verify_email",
             "ada@example.org"],
            [str(self.ids["parked"]), "parked", "verify_email",
             "bob@example.org"]])
        self.assertEqual([row[6:] for row in rows],
                         [["0", "-"], ["7", "550 no such mailbox"]])
        self.assertRegex(rows[0][5], "^2026-01-02T04:04:05(.000000)?Z$")

    def test_json(self):
        shown = self.json("mail", "list", "queued")
        self.assertEqual(len(shown), 1)
        self.assertEqual(list(shown[0]), [
            "id", "state", "template", "recipient", "created_at", "next_at",
            "attempts", "last_error"])
        self.assertIsNone(shown[0]["last_error"])
        self.assertEqual(shown[0]["attempts"], 0)

    def test_states(self):
        for state, mail in self.ids.items():
            self.assertEqual(self.listed(state), [mail])
        for state in ("lost", "Sent", "sent ", "%"):
            self.misused("the states are queued, sent and parked", "mail",
                         "list", state)

    def test_pages(self):
        self.assertEqual(self.listed("--after", self.ids["queued"]),
                         [self.ids["parked"]])
        self.assertEqual(self.listed("--after", self.ids["parked"]), [])

    def test_many(self):
        sql("INSERT INTO mail_outbox (template, recipient, created_at,"
            " next_at) SELECT 'verify_email', 'x@example.org', '2026-01-01',"
            " '2026-01-01' FROM seq_1_to_1500")
        shown = self.json("mail", "list", err="There may be more: --after")
        self.assertEqual(len(shown), 1000)
        rest = self.json("mail", "list", "--after", shown[-1]["id"])
        self.assertEqual(len(rest), 502)

    def test_retry(self):
        mail = self.ids["parked"]
        self.succeeds("mail", "retry", mail, out="")
        self.assertEqual(
            sql("SELECT state, attempts, next_at > '2026-02-01'"
                f" FROM mail_outbox WHERE id = {mail}"), [("queued", "0", "1")])
        self.succeeds("mail", "retry", mail, out="")
        self.assertEqual([e[0] for e in self.events()], ["mail_retried"] * 2)

    def test_drop(self):
        for state in ("parked", "queued"):
            self.succeeds("mail", "drop", self.ids[state], out="")
            self.fails("no such mail is waiting", "mail", "drop",
                       self.ids[state])
        self.assertEqual(self.listed(), [])
        self.assertEqual([e[0] for e in self.events()], ["mail_dropped"] * 2)

    def test_what_is_sent_stays(self):
        for verb in ("retry", "drop"):
            self.fails("no such mail is waiting", "mail", verb,
                       self.ids["sent"])
            self.fails("no such mail is waiting", "mail", verb, "0")
        self.assertEqual(self.listed("sent"), [self.ids["sent"]])
        self.assertEqual(self.events(), [])

    def test_what_a_server_says(self):
        self.mail("parked", last_error=HOSTILE)
        self.assertEqual(self.column("LAST ERROR", "mail", "list")[-1],
                         HARMLESS)
