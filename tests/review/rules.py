"""The house rules that a machine can check (HACKING.md, "Style").

A rule is a generator: it is given a Source and the Project, and yields
(line number, message) for each violation.  RULES at the end says which files
each one looks at.
"""

import fnmatch
import re

LINE_MAX = 80
FUNCTION_MAX = 80
FILE_MAX = 400
TAB = 8

# Header -> who may include it.  A library behind one file can be replaced.
LIBRARIES = (
    (r"(cjson/)?cJSON", ("src/core/json_read.c",)),
    (r"gcrypt", ("src/core/crypto*.c",)),
    (r"fcg", ("src/http/fcgi.c",)),
    (r"(mysql|mariadb|errmsg)", ("src/db/*",)),
    (r"(libesmtp|auth-client)", ("src/mail/smtp*",)),
    (r"openssl/", ("src/mail/smtp*",)),
    (r"liboath/", ("src/auth/totp.c",)),
    (r"zxcvbn", ("src/auth/policy.c",)),
    (r"curl/", ()),
)

# Who may format with printf's family; all others have core/buf.
PRINTF_USERS = ("src/core/banned.h", "src/core/buf.c", "src/core/log.c",
                "src/bin/*")
PRINTF = re.compile(r"\bv?(?:as|d|f|s|sn)?printf\s*\(")

COMPARE = re.compile(
    r"\b(memcmp|bcmp|str(?:n|case|ncase)?cmp|str_eq(?:_nocase)?)\s*\(")
SECRET = re.compile(
    r"\w*(?:secret|digest|password|hmac|csrf)\w*|(?:\.|->)byte\b", re.I)

INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')

# What tells where something was made, and so is wrong everywhere else.
MACHINE = (
    (re.compile(r"(?<![\w.$})/-])/(?:work|root)/"), "path of a machine"),
    (re.compile(r"(?<![\w.$})/-])/tmp/w/"), "path of a machine"),
    (re.compile(r"(?<![\w.$})/-])/(?:home|Users)/[a-z]+/"),
     "path of a machine"),
    (re.compile(r"\bregistry\.(?:npmjs|yarnpkg)\.|\bpypi\.org\b"
                r"|\bfiles\.pythonhosted\.|\bproxy\.golang\.|\bcrates\.io\b"),
     "host of a package registry"),
)

LITERALS = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])*'", re.S)


def split_lines(text):
    """As editors count them; splitlines() also breaks at U+2028 and such."""
    return text.removesuffix("\n").split("\n") if text else []


class Source:
    """One file: `path` relative to the top, with slashes."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = split_lines(text)

    def code_lines(self):
        """The lines of a C file without comments and literals."""
        blank = LITERALS.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), self.text)
        return split_lines(blank)

    def includes(self):
        """(line number, name, whether in quotes)"""
        for number, line in enumerate(self.lines, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match[1] or match[2], match[1] is not None

    def matches(self, patterns):
        return any(fnmatch.fnmatchcase(self.path, p) for p in patterns)


class Project:
    """What the rules must know besides the file they look at.

    `layers` is None, and `layers_error` says why, when there is no table.
    """

    def __init__(self, architecture, banned):
        self.layers = self.layers_error = None
        try:
            self.layers = dict(parse_layers(architecture))
        except ValueError as error:
            self.layers_error = str(error)
        self.banned = re.compile(
            r"\b(" + "|".join(parse_banned(banned)) + r")\s*\(")


def parse_layers(architecture):
    """Layer -> what it may include, from ARCHITECTURE.md's table.

    Rows read: | `src/NAME` … | NAMES | …, lowest first.  Of NAMES, what
    follows a semicolon or parenthesis is for people.  "all" is every layer
    above in the table; "services" is each of those that may include store.
    """
    known = {}
    row = re.compile(r"\|\s*((?:`src/\w+`[\s,]*)+)\|([^|]*)\|", re.M)
    for match in row.finditer(architecture):
        allowed = set()
        for word in re.findall(r"\w+", re.split(r"[;(]", match[2])[0]):
            if word == "all":
                allowed |= known.keys()
            elif word == "services":
                allowed |= {n for n, a in known.items() if "store" in a}
            elif word in known:
                allowed.add(word)
            else:
                raise ValueError(
                    f"layer table: “{word}” is not a layer further up")
        for name in re.findall(r"src/(\w+)", match[1]):
            known[name] = frozenset(allowed)
            yield name, known[name]
    if not known:
        raise ValueError("no layer table: | `src/core` | – | …")


def parse_banned(header):
    return re.findall(r"^#define (\w+)\(\.\.\.\) \1_is_banned$", header, re.M)


def layer_of(path):
    """src/LAYER/… and tests/unit/LAYER/…; None for other files."""
    match = re.match(r"(?:src|tests/unit)/(\w+)/", path)
    return match and match[1]


def layer_rule(source, project):
    layer = layer_of(source.path)
    if layer is None or project.layers is None:
        return
    if layer not in project.layers:
        yield 1, f"layer {layer} is not in ARCHITECTURE.md's table"
        return
    for number, name, quoted in source.includes():
        other = name.split("/")[0]
        if not quoted or "/" not in name or other == layer:
            continue
        if other not in project.layers:
            yield number, f"“{name}” is in no layer"
        elif other not in project.layers[layer]:
            yield number, f"layer {layer} must not include {other}"


def base_first(source, _):
    first = next(source.includes(), (1, None, False))
    if first[1] != "core/base.h":
        yield first[0], 'the first include must be "core/base.h"'


def header_guard(source, _):
    """T2O_LAYER_FILE_H; a test's header is free behind T2O_TESTS_."""
    stem = re.sub(r"^src/|\.h$", "", source.path)
    guard = "T2O_" + re.sub(r"\W", "_", stem).upper() + "_H"
    if source.path.startswith("tests/"):
        guard = r"T2O_TESTS_\w+_H"
    directives = [line for line in source.lines if line.startswith("#")]
    if not re.fullmatch(rf"#ifndef ({guard})\n#define \1\n(?:.*\n)?#endif",
                        "\n".join(directives), re.S):
        yield 1, f"no include guard {guard}"


def library_users(source, _):
    for number, name, quoted in source.includes():
        for pattern, users in LIBRARIES:
            if not quoted and re.match(pattern, name) and \
                    not source.matches(users):
                who = " and ".join(users) or "nothing"
                yield number, f"<{name}>: {who} may include this"


def banned_names(source, project):
    """Also what no compiler here sees, such as code for other systems."""
    if source.path == "src/core/banned.h":
        return
    for number, line in enumerate(source.code_lines(), 1):
        for match in project.banned.finditer(line):
            yield number, f"{match[1]} is banned (core/banned.h)"


def printf_users(source, _):
    if source.matches(PRINTF_USERS):
        return
    for number, line in enumerate(source.code_lines(), 1):
        if PRINTF.search(line):
            yield number, "format with core/buf"


def arguments(text, start):
    """What stands in the parentheses that open before `start`."""
    depth, end = 1, start
    while end < len(text) and depth > 0:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    return text[start:end]


def secret_compare(source, _):
    """Time must not tell how much of a secret was right."""
    code = "\n".join(source.code_lines())
    for match in COMPARE.finditer(code):
        if SECRET.search(arguments(code, match.end())):
            number = code.count("\n", 0, match.start()) + 1
            yield number, f"{match[1]} on a secret: use crypto_equal"


def line_length(source, _):
    for number, line in enumerate(source.lines, 1):
        if len(line.expandtabs(TAB)) > LINE_MAX:
            yield number, f"longer than {LINE_MAX} columns"


def function_length(source, _):
    """clang-format puts a function's braces, and no others, at the margin."""
    start = None
    for number, line in enumerate(source.lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            length = number - start + 1
            if length > FUNCTION_MAX:
                yield start, f"function of {length} lines, at most " \
                    f"{FUNCTION_MAX}"
            start = None


def file_length(source, _):
    if len(source.lines) > FILE_MAX:
        yield FILE_MAX + 1, f"file of {len(source.lines)} lines, at most " \
            f"{FILE_MAX}"


def white_space(source, _):
    for number, line in enumerate(source.lines, 1):
        if re.search(r"\s$", line):
            yield number, "white space at the end of the line"
    if source.text and not source.text.endswith("\n"):
        yield len(source.lines), "no newline at the end of the file"


def machine_names(source, _):
    for number, line in enumerate(source.lines, 1):
        for pattern, what in MACHINE:
            if pattern.search(line):
                yield number, f"{what}: {pattern.search(line)[0]}"


OURS = ("src/*.[ch]", "tests/*.[ch]")

RULES = (
    (("src/*.[ch]", "tests/unit/*.[ch]"), layer_rule),
    (("src/*.c", "tests/*.c"), base_first),
    (("src/*.h", "tests/*.h"), header_guard),
    (("src/*.[ch]",), library_users),
    (OURS, banned_names),
    (("src/*.[ch]",), printf_users),
    (("src/*.[ch]",), secret_compare),
    (OURS + ("*.py",), line_length),
    (OURS, function_length),
    (OURS + ("*.py", "*.sh", "*.m4"), file_length),
    (("*",), white_space),
    (("*",), machine_names),
)


def review(source, project):
    """All violations in one file, as (line number, message), sorted."""
    found = []
    for patterns, rule in RULES:
        if source.matches(patterns):
            found += rule(source, project)
    return sorted(found)
