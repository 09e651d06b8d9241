"""housekeep."""

from bench import CtlTest, sql

CHORES = ["sessions", "tokens", "throttle", "mail sent",
          "email changes", "login networks", "login challenges"]


class Housekeep(CtlTest):
    def setUp(self):
        super().setUp()
        sql("INSERT INTO throttle (bucket, hits, penalty, expires_at)"
            " SELECT UNHEX(SHA2(seq, 256)), 1, 0, '2026-01-01'"
            " FROM seq_1_to_2500")
        sql("INSERT INTO throttle (bucket, hits, penalty, expires_at)"
            " VALUES (UNHEX(SHA2('kept', 256)), 1, 0, '2126-01-01')")

    def test_table(self):
        titles, *rows = self.table("housekeep")
        self.assertEqual(titles, ["WHAT", "DELETED"])
        self.assertEqual([row[0] for row in rows], CHORES)
        self.assertEqual(rows[2][1], "2500")
        self.assertEqual(self.json("housekeep")[2],
                         {"what": "throttle", "deleted": 0})

    def test_takes_no_argument(self):
        self.misused("Usage: t2octl housekeep", "housekeep", "now")
