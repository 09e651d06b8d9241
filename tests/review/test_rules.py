#!/usr/bin/env python3
"""A rule that finds nothing may also be broken: each must find its row."""

import sys
import unittest

sys.dont_write_bytecode = True  # the source tree may be read-only

import rules  # noqa: E402

ARCHITECTURE = """
| layer | may include | files |
|---|---|---|
| `src/core` | – | `err` |
| `src/http` | core | `router` |
| `src/db` | core | `conn` |
| `src/store` | db, core | `user` |
| `src/auth` | store, db, core | `login` |
| `src/kanban` `src/mail` | store, db, core (never each other) | `smtp` |
| `src/api` | services, store, http, core; never db | `routes` |
| `src/bin` | all | `t2octl` |
"""

BANNED = """
#undef strcpy
#define strcpy(...) strcpy_is_banned
#define rand(...) rand_is_banned
"""

BASE = '#include "core/base.h"\n'
GUARD = "#ifndef {0}\n#define {0}\n{1}#endif\n"


def function(lines):
    return "void f(void)\n{\n" + "\tg();\n" * (lines - 2) + "}\n"


# path, text, what the messages begin with: "line: text"
ROWS = (
    # layers
    ("src/db/a.c", BASE + '#include "db/b.h"\n', ()),
    ("src/core/a.c", BASE + '#include "http/b.h"\n',
     ("2: layer core must not include http",)),
    ("src/api/a.c", BASE + '#include "auth/b.h"\n#include "mail/b.h"\n', ()),
    ("src/api/a.c", BASE + '#include "db/b.h"\n',
     ("2: layer api must not include db",)),
    ("src/mail/a.c", BASE + '#include "kanban/b.h"\n',
     ("2: layer mail must not include kanban",)),
    ("src/bin/a.c", BASE + '#include "api/b.h"\n#include "db/b.h"\n', ()),
    ("src/new/a.c", BASE, ("1: layer new is not in",)),
    ("src/db/a.c", BASE + '#include "cor/b.h"\n', ("2: “cor/b.h” is in no",)),
    ("tests/unit/db/a.c", BASE + '#include "store/b.h"\n#include "unit.h"\n',
     ("2: layer db must not include store",)),
    # includes
    ("src/db/a.c", "", ('1: the first include must be "core/base.h"',)),
    ("src/db/a.c", "#include <stdio.h>\n" + BASE,
     ('1: the first include must be "core/base.h"',)),
    ("src/db/a.h", GUARD.format("T2O_DB_A_H", BASE), ()),
    ("src/db/a.h", GUARD.format("T2O_A_H", BASE),
     ("1: no include guard T2O_DB_A_H",)),
    ("src/db/a.h", "#pragma once\n", ("1: no include guard T2O_DB_A_H",)),
    ("tests/unit/unit.h", GUARD.format("T2O_TESTS_UNIT_H", ""), ()),
    ("tests/unit/unit.h", GUARD.format("UNIT_H", ""), ("1: no include",)),
    # libraries
    ("src/core/json_read.c", BASE + "#include <cjson/cJSON.h>\n", ()),
    ("src/core/json_write.c", BASE + "#include <cjson/cJSON.h>\n",
     ("2: <cjson/cJSON.h>: src/core/json_read.c may",)),
    ("src/core/crypto_kdf.c", BASE + "#include <gcrypt.h>\n", ()),
    ("src/auth/a.c", BASE + "#include <gcrypt.h>\n", ("2: <gcrypt.h>",)),
    ("src/store/a.c", BASE + "#include <mysql.h>\n", ("2: <mysql.h>",)),
    ("src/http/a.c", BASE + "#include <fcgiapp.h>\n", ("2: <fcgiapp.h>",)),
    ("src/auth/a.c", BASE + "#include <zxcvbn.h>\n", ("2: <zxcvbn.h>",)),
    ("src/mail/a.c", BASE + "#include <libesmtp.h>\n", ("2: <libesmtp.h>",)),
    ("src/mail/smtp_tls.c", BASE + "#include <openssl/ssl.h>\n", ()),
    ("src/mail/a.c", BASE + "#include <openssl/ssl.h>\n", ("2: <openssl",)),
    ("tests/api/a.c", BASE + "#include <curl/curl.h>\n", ()),
    # names
    ("src/db/a.c", BASE + "#if 0\nx = strcpy (a, b) + rand();\n#endif\n",
     ("3: rand is banned", "3: strcpy is banned")),
    ("src/db/a.c", BASE + '/* strcpy(a, b) */ f("rand()"); my_rand();\n', ()),
    ("src/db/a.c", BASE + "x = snprintf(a, 1, b);\n",
     ("2: format with core/buf",)),
    ("src/db/a.c", BASE + "buf_putf(b, c); printf_like(1, 2);\n", ()),
    ("src/bin/a.c", BASE + "printf(a);\n", ()),
    # secrets
    ("src/auth/a.c", BASE + "if (memcmp(a.byte, (b).byte, 32) == 0)\n",
     ("2: memcmp on a secret",)),
    ("src/auth/a.c", BASE + "if (str_eq(x,\n\tf(user_password)))\n",
     ("2: str_eq on a secret",)),
    ("src/auth/a.c", BASE + 'if (str_eq(x, STR("password"))) secret(y);\n',
     ()),
    # lengths
    ("src/db/a.c", BASE + "\t" * 9 + "12345678\n", ()),
    ("src/db/a.c", BASE + "\t" * 9 + "123456789\n", ("2: longer than 80",)),
    ("src/db/a.c", BASE + "é" * 80 + "\n", ()),
    ("src/db/a.c", BASE + function(80), ()),
    ("src/db/a.c", BASE + function(81), ("3: function of 81 lines",)),
    ("src/db/a.c", BASE + "\n" * 399, ()),
    ("src/db/a.c", BASE + "\n" * 400, ("401: file of 401 lines",)),
    # every file
    ("README.md", "a \nb\t\nc\r\n",
     ("1: white space", "2: white space", "3: white space")),
    ("README.md", "a", ("1: no newline at the end",)),
    ("sql/a.sql", "x /" + "work/main/src\n", ("1: path of a machine",)),
    ("tools/up", "cd /" + "root/x; cd $dir/" + "work/x\n",
     ("1: path of a machine",)),
    ("web/a.json", '"https://' + 'registry.' + 'npmjs.org/x"\n',
     ("1: host of a package registry",)),
)


class Rules(unittest.TestCase):
    def test_rows(self):
        project = rules.Project(ARCHITECTURE, BANNED)
        for path, text, wanted in ROWS:
            found = [f"{line}: {message}" for line, message
                     in rules.review(rules.Source(path, text), project)]
            with self.subTest(path=path, text=text[-60:], found=found):
                self.assertEqual(len(found), len(wanted))
                for message, begin in zip(found, wanted):
                    self.assertTrue(message.startswith(begin))

    def test_every_rule_has_a_row(self):
        project = rules.Project(ARCHITECTURE, BANNED)
        for patterns, rule in rules.RULES:
            sources = [rules.Source(path, text) for path, text, _ in ROWS]
            self.assertTrue(any(source.matches(patterns) and
                                list(rule(source, project))
                                for source in sources), rule.__name__)

    def test_layer_tables_that_are_refused(self):
        for table in ("", "| `src/core` | http |", "| `src/a` | everything |"):
            project = rules.Project(table, BANNED)
            self.assertIsNone(project.layers)
            self.assertIn("layer", project.layers_error)


if __name__ == "__main__":
    unittest.main()
