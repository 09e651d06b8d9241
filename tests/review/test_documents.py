#!/usr/bin/env python3
"""A document that is right passes; each check sees one that is not."""

import shutil
import sys
import unittest

sys.dont_write_bytecode = True  # the source tree may be read-only

import documents  # noqa: E402

ARCHITECTURE = """
## Layers

| layer | may include | files |
|---|---|---|
| `src/core` | – | `config` `crypto` · `json_{read,write}` |
| `src/api` | core | `call` `routes` |

It begins in `src/api/routes.c`, and `src/api/` has the rest.

## Errors that a client is told

| status | `error` |
|---|---|
| 400 | `invalid_request` `invalid_token` |
| 503 | `unavailable` |

## Limits

| what | limit | where |
|---|---|---|
| body | 64 KiB | `BODY_MAX`, nginx |
| session | 30 min idle, 12 h in all | `IDLE_S`, `LIFETIME_S` |
| wrong passwords | 5 in 5 min | `src/api/call.c` |
"""

README = """
## The API so far

| method, path | body | answers |
|---|---|---|
| POST `/verify`, GET `/verify/<token>` | token | 200; 400 |
| POST, GET `/logout` | | 200 |
| GET `/healthz`, `/readyz` | | 200 |
"""

CONFIG = """
#define KEY(name_, member, programs_) .name = (name_)
const struct config_row config_rows[] = {
    {KEY("NAME", name, ALL), .preset = "T2O",
	.help = "a name"},
    {KEY("IDLE_S", idle_s, FCGI | CTL),
	.preset = "1800", .min = 60, .max = IDLE_MAX,
	.help = "seconds"},
    {KEY("SECRET", secret, FCGI), .form = f, .help = "a key"},
    {KEY("DIR", dir, MAILER), .preset = T2O_TEMPLATE_OVERRIDE_DIR},
    {KEY("USER", user, MAILER), .preset = "", .rule = r},
};
"""

CONF_PAGE = r""".Dd January 1, 2026
.Dt T2O.CONF 5
.Os
.Sh NAME
.Nm t2o.conf
.Nd configuration
.Sh KEYS
.Bl -tag -width Ds
.It Cm NAME
Default: T2O.
Read by t2o-fcgi, t2o-mailer, t2octl.
.It Cm IDLE_S
Default: 1800, 60 to 3600.
Read by t2o-fcgi, t2octl.
.It Cm SECRET
Must be set.
Read by t2o-fcgi.
.It Cm DIR
Default: /etc/t2o/templates.
Read by t2o-mailer.
.It Cm USER
Default: empty.
Read by t2o-mailer.
.El
"""

CTL = r"""
} commands[] = {
    {"user list", "[--after ID]", "json after", 0, 0, NEEDS, f, "list"},
    {"check-sql", "", "", 0, 0, NEEDS, f,
	"check"},
};
static const struct start self = {
	.help = "--config FILE --json --help --version\n",
};
static const struct option_row option_rows[] = {
    {"config", OPTION_TEXT, 0},
    {"json", OPTION_FLAG, 0},
    {"after",
	OPTION_NUMBER, 0},
};
"""

CTL_PAGE = r""".Dd January 1, 2026
.Dt T2OCTL 8
.Os
.Sh NAME
.Nm t2octl
.Nd administer
.Sh DESCRIPTION
Options:
.Fl \-config , Fl \-json , Fl \-help , Fl \-version
.Bl -tag -width Ds
.It Cm user list Op Fl \-after Ar ID
List.
.It Cm check-sql
Check.
.El
"""

WORKER = r"""
static const struct start self = {
	.help = "  --config FILE  read FILE\n  --help\n  --version\n",
};
static const struct option_row option_rows[] = {
    {"config", OPTION_TEXT, 0},
};
"""

WORKER_PAGE = r""".Dd January 1, 2026
.Dt {0} 8
.Os
.Sh NAME
.Nm {1}
.Nd work
.Sh DESCRIPTION
It takes
.Fl \-config , Fl \-help , Fl \-version .
"""

TEXTS = {
    "ARCHITECTURE.md": ARCHITECTURE,
    "HACKING.md": "Read `tests/a.c`.\n",
    "README.md": README,
    "man/t2o.conf.5": CONF_PAGE,
    "man/t2octl.8": CTL_PAGE,
    "man/t2o-fcgi.8": WORKER_PAGE.format("T2O-FCGI", "t2o-fcgi"),
    "man/t2o-mailer.8": WORKER_PAGE.format("T2O-MAILER", "t2o-mailer"),
    "sql/0001_a.sql": "",
    "sql/0002_b.sql": "",
    "sql/grants.sql": "",
    "src/api/call.c": """
static const struct { unsigned status; } errors[API_N_ERRORS] = {
	[API_INVALID_REQUEST] = {400, "invalid_request",
	    "Text."},
	[API_INVALID_TOKEN] = {400, "invalid_token", "Text."},
	[API_UNAVAILABLE] = {503, "unavailable", "Text."},
};
""",
    "src/api/routes.c": """
const struct api_route api_routes[] = {
	{HTTP_POST, "/verify", API_PUBLIC},
	{HTTP_GET, "/verify/:token", API_PUBLIC},
	{HTTP_GET, "/logout", API_PUBLIC},
	{HTTP_POST, "/logout", API_PUBLIC},
	{HTTP_GET, "/healthz", API_PUBLIC},
	{HTTP_GET, "/readyz", API_PUBLIC},
};
""",
    "src/bin/t2o_fcgi.c": WORKER,
    "src/bin/t2o_mailer.c": WORKER,
    "src/bin/t2octl.c": CTL,
    "src/core/config.c": CONFIG,
    "src/core/crypto.h": "#define IDLE_MAX 3600\n#define BODY_MAX (64 * 1024)"
                         "\n#define LIFETIME_S (INT64_C(12) * 3600)\n",
    "src/core/json_read.c": "",
    "src/core/json_write.c": "",
    "src/store/schema.h": "#define STORE_SCHEMA_VERSION 2\n",
    "tests/a.c": "",
}

# File, what becomes of what in it, what the messages begin with.
ROWS = (
    ("ARCHITECTURE.md", " `crypto`", "",
     ("ARCHITECTURE.md:6: src/core file crypto is missing",)),
    ("ARCHITECTURE.md", "{read,write}", "{read,scan,write}",
     ("ARCHITECTURE.md:6: there is no src/core file json_scan",)),
    ("ARCHITECTURE.md", "src/api/routes.c", "src/api/route.c",
     ("ARCHITECTURE.md:9: there is no src/api/route.c",)),
    ("HACKING.md", "tests/a.c", "tests/units/",
     ("HACKING.md:1: there is no tests/units/",)),
    ("ARCHITECTURE.md", "400 | `inv", "401 | `inv",
     ("ARCHITECTURE.md:15: there is no error 401 invalid_request",
      "ARCHITECTURE.md:15: there is no error 401 invalid_token",
      "ARCHITECTURE.md:16: error 400 invalid_request is missing",
      "ARCHITECTURE.md:16: error 400 invalid_token is missing")),
    ("src/api/call.c", "unavailable", "away",
     ("ARCHITECTURE.md:16: there is no error 503 unavailable",
      "ARCHITECTURE.md:16: error 503 away is missing")),
    ("ARCHITECTURE.md", "64 KiB", "64 MiB",
     ("ARCHITECTURE.md:22: BODY_MAX is 65536",)),
    ("ARCHITECTURE.md", "BODY_MAX", "BODY_LIMIT",
     ("ARCHITECTURE.md:22: there is no limit BODY_LIMIT",)),
    ("ARCHITECTURE.md", "12 h", "13 h",
     ("ARCHITECTURE.md:23: LIFETIME_S is 43200",)),
    ("src/core/config.c", '"1800"', '"900"',
     ("ARCHITECTURE.md:23: IDLE_S is 900",
      "man/t2o.conf.5:13: IDLE_S: must say “Default: 900, 60 to 3600.”")),
    ("README.md", "<token>", "<name>",
     ("README.md:6: there is no route GET /verify/:name",
      "README.md:8: route GET /verify/:token is missing")),
    ("README.md", "POST, GET `/l", "GET `/l",
     ("README.md:8: route POST /logout is missing",)),
    ("README.md", "`/healthz`, ", "",
     ("README.md:8: route GET /healthz is missing",)),
    ("src/api/routes.c", 'POST, "/logout"', 'PUT, "/logout"',
     ("README.md:7: there is no route POST /logout",
      "README.md:8: route PUT /logout is missing")),
    ("man/t2o.conf.5", "IDLE_S", "LAZY_S",
     ("man/t2o.conf.5:12: there is no key LAZY_S",
      "man/t2o.conf.5:7: key IDLE_S is missing")),
    ("man/t2o.conf.5", "60 to 3600", "60 to 7200",
     ("man/t2o.conf.5:13: IDLE_S: must say “Default: 1800, 60 to 3600.”",)),
    ("man/t2o.conf.5", "Default: T2O", "Default: T3O",
     ("man/t2o.conf.5:10: NAME: must say “Default: T2O.”",)),
    ("man/t2o.conf.5", "Must be set", "Default: empty",
     ("man/t2o.conf.5:16: SECRET: must say “Must be set.”",)),
    ("man/t2o.conf.5", "t2o-fcgi, t2octl", "t2o-fcgi",
     ("man/t2o.conf.5:14: IDLE_S: must say “Read by t2o-fcgi, t2octl.”",)),
    ("src/core/config.c", 'T2O"', 'T4O"',
     ("man/t2o.conf.5:10: NAME: must say “Default: T4O.”",)),
    ("man/t2octl.8", "check-sql", "check-sequel",
     ("man/t2octl.8:13: there is no command check-sequel",
      "man/t2octl.8:7: command check-sql is missing")),
    ("man/t2octl.8", " Op Fl \\-after Ar ID", "",
     ("man/t2octl.8:11: user list takes --after",
      "man/t2octl.8:7: option after is missing")),
    ("src/bin/t2octl.c", '"json after"', '"json"',
     ("man/t2octl.8:11: user list does not take --after",)),
    ("src/bin/t2octl.c", "[--after ID]", "",
     ("src/bin/t2octl.c:8: option after is missing",)),
    ("src/bin/t2o_fcgi.c", '{"config"', '{"conf"',
     ("man/t2o-fcgi.8:7: there is no option config",
      "man/t2o-fcgi.8:7: option conf is missing",
      "src/bin/t2o_fcgi.c:3: there is no option config",
      "src/bin/t2o_fcgi.c:3: option conf is missing")),
    ("man/t2o-mailer.8", ", Fl \\-version", "",
     ("man/t2o-mailer.8:7: option version is missing",)),
    ("src/store/schema.h", "VERSION 2", "VERSION 3",
     ("src/store/schema.h:1: STORE_SCHEMA_VERSION: sql/ goes up to 2",)),
)


def check(file=None, old="", new=""):
    texts = dict(TEXTS)
    if file:
        assert texts[file].count(old) == 1, (file, old)
        texts[file] = texts[file].replace(old, new)
    return list(documents.check(documents.Tree(None, list(texts), texts)))


class Documents(unittest.TestCase):
    def test_what_is_right_passes(self):
        self.assertEqual(check(), [])

    def test_rows(self):
        for file, old, new, wanted in ROWS:
            with self.subTest(file=file, old=old):
                self.assertEqual(check(file, old, new), list(wanted))

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc not found")
    def test_lint(self):
        found = check("man/t2octl.8", ".El\n", ".El\n.Bogus\n")
        self.assertEqual(len(found), 1)
        self.assertRegex(found[0], r"^man/t2octl.8:16: .*Bogus")

    def test_every_check_has_a_row(self):
        """One that finds nothing when all tables are empty finds nothing."""
        seen = set()
        for file, old, new, _ in ROWS:
            texts = dict(TEXTS)
            texts[file] = texts[file].replace(old, new)
            tree = documents.Tree(None, list(texts), texts)
            seen |= {c.__name__ for c in documents.CHECKS if list(c(tree))}
        self.assertEqual(seen | {"lint"},
                         {c.__name__ for c in documents.CHECKS})


if __name__ == "__main__":
    unittest.main()
