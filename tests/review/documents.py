"""Documents break when they are stale: each is held against a table in the
code.

A check is a generator: it is given a Tree, and yields (file, line number,
message) for whatever document does not say what the code does.
"""

import math
import os
import re
import shutil
import subprocess

ARCHITECTURE = "ARCHITECTURE.md"
README = "README.md"
CONF_PAGE = "man/t2o.conf.5"
CTL_PAGE = "man/t2octl.8"
CONFIG = "src/core/config.c"
PROGRAMS = {"FCGI": "t2o-fcgi", "MAILER": "t2o-mailer", "CTL": "t2octl"}
# What every program takes, by src/bin/options.c.
COMMON_OPTIONS = {"help", "version"}
# What Makefile.am puts there, where an administrator finds it.
INSTALLED = {"T2O_TEMPLATE_OVERRIDE_DIR": "/etc/t2o/templates"}
UNITS = {"KiB": 1024, "MiB": 1024 ** 2, "s": 1, "min": 60, "h": 3600}

STRING = r'"((?:\\.|[^"\\])*)"'


class Tree:
    """The files of the project; `texts` is for tests, path -> text."""

    def __init__(self, top, names, texts=None):
        self.top = top
        self.names = names
        self.texts = texts or {}

    def read(self, name):
        if name not in self.texts:
            with open(os.path.join(self.top, name), encoding="utf-8") as file:
                self.texts[name] = file.read()
        return self.texts[name]

    def sources(self):
        return (n for n in self.names if re.match(r"src/.*\.[ch]$", n))


def lines_of(tree, name):
    return enumerate(tree.read(name).split("\n"), 1)


def line_of(tree, name, pattern):
    """Where to look when something is missing: the first match, or line 1."""
    match = re.search(pattern, tree.read(name), re.M)
    return tree.read(name).count("\n", 0, match.start()) + 1 if match else 1


def differences(file, missing_at, told, there, what):
    """`told`: thing -> line in the document; `there`: what the code has."""
    for thing in sorted(set(told) - set(there)):
        yield file, told[thing], f"there is no {what} {thing}"
    for thing in sorted(set(there) - set(told)):
        yield file, missing_at, f"{what} {thing} is missing"


def table_rows(tree, name, heading):
    """(line number, cells) of the first Markdown table behind a heading."""
    seen = False
    for number, line in lines_of(tree, name):
        if line.startswith("#"):
            if seen:
                return
            seen = line.lstrip("# ") == heading
        elif seen and re.match(r"\| *[^-|\s]", line):
            yield number, [c.strip() for c in line.strip("|").split("|")]


def code_table(tree, name, begin):
    """The text of one table in the code, from `begin` to its end."""
    match = re.search(re.escape(begin) + r".*?\n\};?", tree.read(name), re.S)
    return match[0] if match else ""


def expand(pattern):
    """a_{b,c} -> a_b a_c, as a shell does; `a{,_b}` is a and a_b."""
    match = re.match(r"(.*)\{(.*)\}(.*)", pattern)
    if not match:
        return [pattern]
    return [match[1] + middle + match[3] for middle in match[2].split(",")]


# ---- ARCHITECTURE.md --------------------------------------------------------

def layer_files(tree):
    """The third column of the layer table, and what is in src/<layer>."""
    for number, cells in table_rows(tree, ARCHITECTURE, "Layers"):
        match = re.match(r"`src/(\w+)`$", cells[0])
        if not match or len(cells) < 3:
            continue
        layer = match[1]
        there = {os.path.splitext(os.path.basename(n))[0]
                 for n in tree.sources() if n.startswith(f"src/{layer}/")}
        told = {stem: number for pattern in re.findall(r"`([^`]+)`", cells[2])
                for stem in expand(pattern)}
        yield from differences(ARCHITECTURE, number, told, there,
                               f"src/{layer} file")


def error_codes(tree):
    told, line = {}, 1
    for line, cells in table_rows(tree, ARCHITECTURE,
                                  "Errors that a client is told"):
        told |= {f"{cells[0]} {code}": line
                 for code in re.findall(r"`(\w+)`", cells[1])
                 if cells[0].isdigit()}
    there = {f"{status} {code}" for status, code in re.findall(
        r'\[API_\w+\] = \{(\d+), "(\w+)"', tree.read("src/api/call.c"))}
    yield from differences(ARCHITECTURE, line, told, there, "error")


def number_of(text):
    """(64 * 1024), UINT64_C(1) << 20: what such a macro stands for."""
    text = re.sub(r"U?INT\d+_C|(?<=\d)[uUlL]+\b|/\*.*", "", text).strip()
    if not re.fullmatch(r"[\d\s()*+<-]+", text):
        return None
    return eval(text)  # pylint: disable=eval-used # digits and operators


def macros(tree):
    """NAME -> number, of every macro that is one, and every preset key."""
    found = {}
    for name in tree.sources():
        for match in re.finditer(r"^#define ([A-Z]\w+) (.+)$",
                                 tree.read(name), re.M):
            found[match[1]] = number_of(match[2])
    for key in config_keys(tree):
        if key["default"] and key["default"].isdigit():
            found[key["name"]] = int(key["default"])
    return found


def limits(tree):
    """The macro behind a number must exist, and be that number."""
    known = macros(tree)
    for number, cells in table_rows(tree, ARCHITECTURE, "Limits"):
        if len(cells) < 3:
            continue
        names = re.findall(r"`([A-Z][A-Z0-9_]+)`", cells[2])
        told = [int(n) * UNITS.get(unit, 1) for n, unit in
                re.findall(r"(?<![\w/])(\d+)(?: (\w+))?", cells[1])]
        for name, value in zip(names, told + [None] * len(names)):
            if name not in known:
                yield ARCHITECTURE, number, f"there is no limit {name}"
            elif known[name] is not None and known[name] != value:
                yield ARCHITECTURE, number, f"{name} is {known[name]}"


def paths(tree):
    """A file that a document for programmers names must be there."""
    folders = {os.path.dirname(n) for n in tree.names}
    for name in (ARCHITECTURE, "HACKING.md"):
        for number, line in lines_of(tree, name):
            for path in re.findall(
                    r"`((?:src|tests|nginx|sql|tools)/[a-z0-9_./-]*)`", line):
                if path not in tree.names and path.strip("/") not in folders:
                    yield name, number, f"there is no {path}"


# ---- README.md --------------------------------------------------------------

def routes(tree):
    """POST `/a`, GET `/b`, `/c` in a row are three routes."""
    told, line = {}, 1
    for line, cells in table_rows(tree, README, "The API so far"):
        methods, spent = [], False
        for word in re.findall(r"[A-Z]+|`[^`]+`", cells[0]):
            if word[0] != "`":
                methods = [word] if spent else methods + [word]
            else:
                path = re.sub(r"<(\w+)>", r":\1", word.strip("`"))
                told |= {f"{method} {path}": line for method in methods}
            spent = word[0] == "`"
    there = {f"{method} {path}" for method, path in re.findall(
        r'\{HTTP_(\w+), "([^"]+)"', code_table(tree, "src/api/routes.c",
                                               "api_routes[] = {"))}
    yield from differences(README, line, told, there, "route")


# ---- man pages --------------------------------------------------------------

def config_keys(tree):
    """The rows of config.c: name, programs, default (None: must be set)."""
    crypto = dict(re.findall(r"^#define (\w+) (\w+)",
                             tree.read("src/core/crypto.h"), re.M))
    for row in re.split(r"\n\s*(?=\{KEY\()",
                        code_table(tree, CONFIG, "config_rows[] = {"))[1:]:
        name, programs = re.match(r'\{KEY\("(\w+)", \w+, ([^)]+)\)',
                                  row).groups()
        values = {member: crypto.get(value, value) for member, value in
                  re.findall(r"\.(preset|min|max) = ([^,}]+)", row)}
        preset = INSTALLED.get(values.get("preset"), values.get("preset"))
        yield {
            "name": name,
            "programs": [p for macro, p in PROGRAMS.items()
                         if macro in programs or programs == "ALL"],
            "default": preset and preset.strip('"'),
            "range": f"{values['min']} to {values['max']}"
                     if "max" in values else None,
        }


def what_the_page_says(key):
    """The two lines below a key's name in t2o.conf(5)."""
    default = "Must be set." if key["default"] is None else \
        f"Default: {key['default'] or 'empty'}" + \
        (f", {key['range']}." if key["range"] else ".")
    return [default, f"Read by {', '.join(key['programs'])}."]


def configuration(tree):
    lines = tree.read(CONF_PAGE).split("\n")
    told = {match[1]: number for number, line in enumerate(lines, 1)
            if (match := re.match(r"\.It Cm ([A-Z][A-Z0-9_]+)$", line))}
    keys = list(config_keys(tree))
    yield from differences(CONF_PAGE, line_of(tree, CONF_PAGE, r"^\.Sh KEYS"),
                           told, {key["name"] for key in keys}, "key")
    for key in keys:
        start = told.get(key["name"])
        if start is None:
            continue
        for offset, wanted in enumerate(what_the_page_says(key)):
            if lines[start + offset:][:1] != [wanted]:
                yield (CONF_PAGE, start + offset + 1,
                       f"{key['name']}: must say “{wanted}”")


def flags(text):
    """--options in mdoc's words: Fl \\-json is json."""
    return set(re.findall(r"\bFl \\-([a-z][a-z-]*)", text))


def ctl_commands(tree):
    """t2octl's commands, each with the options that it alone takes."""
    text = code_table(tree, "src/bin/t2octl.c", "commands[] = {")
    for name, _, takes in re.findall(
            rf"\{{{STRING},\s+{STRING},\s+{STRING},", text):
        yield name, set(takes.split()) - {"json"}


def commands(tree):
    """t2octl(8)'s .It Cm lines: command and options."""
    told, options = {}, {}
    for number, line in lines_of(tree, CTL_PAGE):
        match = re.match(r"\.It Cm ([a-z][a-z -]*[a-z])", line)
        if match:
            told[match[1]] = number
            options[match[1]] = flags(line)
    there = dict(ctl_commands(tree))
    yield from differences(CTL_PAGE,
                           line_of(tree, CTL_PAGE, r"^\.Sh DESCRIPTION"),
                           told, there, "command")
    for name in sorted(set(told) & set(there)):
        for option in sorted(options[name] ^ there[name]):
            verb = "takes" if option in there[name] else "does not take"
            yield CTL_PAGE, told[name], f"{name} {verb} --{option}"


def options(tree):
    """What a program's option_rows take: its --help and man page."""
    for program in PROGRAMS.values():
        source = f"src/bin/{program.replace('-', '_')}.c"
        page = f"man/{program}.8"
        taken = COMMON_OPTIONS | set(re.findall(
            rf"\{{{STRING},\s+OPTION_", code_table(tree, source,
                                                 "option_rows[] = {")))
        help_text = code_table(tree, source, "struct start self = {")
        helped = set(re.findall(r"--([a-z][a-z-]*)", help_text)) | {
            o for o in re.findall(r"--([a-z][a-z-]*)", code_table(
                tree, source, "commands[] = {"))}
        for where, line, told in (
                (page, line_of(tree, page, r"^\.Sh DESCRIPTION"),
                 flags(tree.read(page))),
                (source, line_of(tree, source, r"\.help ="), helped)):
            yield from differences(where, line, dict.fromkeys(told, line),
                                   taken, "option")


def lint(tree):
    """mandoc(1)'s own opinion, where it is installed."""
    if shutil.which("mandoc") is None:
        print("mandoc not found, man pages not checked")
        return
    for page in (n for n in tree.names if n.startswith("man/")):
        done = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "warning"], check=False,
            input=tree.read(page), capture_output=True, encoding="utf-8")
        for line, message in re.findall(r"^mandoc: \S*?:(\d+):\d+: (.*)$",
                                        done.stdout + done.stderr, re.M):
            yield page, int(line), message


# ---- schema -----------------------------------------------------------------

def schema(tree):
    newest = max((int(match[1]) for n in tree.names
                  if (match := re.match(r"sql/(\d{4})_\w+\.sql$", n))),
                 default=math.nan)
    header = "src/store/schema.h"
    told = re.search(r"^#define STORE_SCHEMA_VERSION (\d+)$",
                     tree.read(header), re.M)
    if not told or int(told[1]) != newest:
        yield (header, line_of(tree, header, "STORE_SCHEMA_VERSION"),
               f"STORE_SCHEMA_VERSION: sql/ goes up to {newest}")


CHECKS = (layer_files, error_codes, limits, paths, routes, configuration,
          commands, options, lint, schema)


def check(tree):
    """All of it, as FILE:LINE: MESSAGE."""
    for one in CHECKS:
        for file, line, message in one(tree):
            yield f"{file}:{line}: {message}"
