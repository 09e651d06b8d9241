#!/usr/bin/env python3
"""Reviews the tree: rules.py, documents.py, clang-format, header by header.

Prints FILE:LINE: MESSAGE for each violation and exits 1 when there is one.
`make check` runs it first, and tells it in T2O_COMPILE how headers compile;
run by hand, without that, it leaves those out.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # the source tree may be read-only

import documents  # noqa: E402
import rules  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parents[2]
FORMAT_VERSION = "14"  # others break lines elsewhere; Debian 12 has this one

# Made by autoreconf, configure and make, in a tree that came without git.
GENERATED = re.compile(
    r"(?:_build|_inst|autom4te\.cache|build-aux|build|\.run[^/]*)/"
    r"|(?:configure~?|config\.h\.in~?|aclocal\.m4|Makefile\.in)$|m4/l[^/]*$"
    r"|(?:.*/)?__pycache__/")


def list_files():
    """Relative paths: what git tracks or would add, else what is there."""
    if (TOP / ".git").exists() and shutil.which("git"):
        out = subprocess.run(
            ["git", "-C", TOP, "-c", f"safe.directory={TOP}", "ls-files",
             "-z", "--cached", "--others", "--exclude-standard"],
            check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
        names = sorted(set(out.split("\0")) - {""})
    else:
        names = sorted(p.relative_to(TOP).as_posix() for p in TOP.rglob("*"))
        names = [n for n in names if not GENERATED.match(n)]
    return [n for n in names
            if (TOP / n).is_file() and not (TOP / n).is_symlink()]


def read(name):
    """The text, or None for what is not text."""
    data = (TOP / name).read_bytes()
    try:
        return None if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def check_rules(names):
    project = rules.Project(read("ARCHITECTURE.md") or "",
                            read("src/core/banned.h") or "")
    if project.layers_error:
        yield f"ARCHITECTURE.md:1: {project.layers_error}"
    for layer in project.layers or ():
        if not (TOP / "src" / layer).is_dir():
            yield f"ARCHITECTURE.md:1: there is no layer src/{layer}"
    for name in names:
        text = read(name)
        if text is None:
            continue
        for line, message in rules.review(rules.Source(name, text), project):
            yield f"{name}:{line}: {message}"


def clang_format():
    """The program, or None when it is missing or another version."""
    program = shutil.which(f"clang-format-{FORMAT_VERSION}") or \
        shutil.which("clang-format")
    if program is None:
        return None
    out = subprocess.run([program, "--version"], check=True,
                         stdout=subprocess.PIPE, encoding="utf-8").stdout
    return program if f"version {FORMAT_VERSION}." in out else None


def check_format(names):
    program = clang_format()
    if program is None:
        print(f"clang-format {FORMAT_VERSION} not found, format not checked")
        return
    done = subprocess.run([program, "--dry-run", "-Werror", *names], cwd=TOP,
                          stderr=subprocess.PIPE, encoding="utf-8",
                          check=False)
    seen = set()
    for match in re.finditer(r"^(\S+?):(\d+):\d+: error:", done.stderr, re.M):
        if match[1] not in seen:
            seen.add(match[1])
            yield f"{match[1]}:{match[2]}: run clang-format -i {match[1]}"
    if done.returncode != 0 and not seen:
        yield f".clang-format:1: {done.stderr.strip()}"


def compile_header(command, name):
    """Alone behind base.h, as the first header of a .c may be."""
    include = re.sub(r"^src/|^tests/unit/", "", name)
    done = subprocess.run(
        f"{command} -I'{TOP}/src' -I'{TOP}/tests/unit' "
        f"-I'{TOP / os.path.dirname(name)}' -fsyntax-only -x c -",
        shell=True, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        input=f'#include "core/base.h"\n#include "{include}"\n')
    if done.returncode == 0:
        return None
    error = next((line for line in done.stderr.splitlines()
                  if "error" in line), done.stderr.strip())
    return f"{name}:1: not self-contained: {error}"


def check_headers(names):
    command = os.environ.get("T2O_COMPILE")
    if not command:
        print("T2O_COMPILE is not set, headers not compiled")
        return
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda name: compile_header(command, name), names)
        yield from filter(None, results)


def check_documents(names):
    try:
        yield from documents.check(documents.Tree(TOP, names))
    except OSError as error:
        yield f"{pathlib.Path(error.filename).relative_to(TOP)}:1: missing"


def main():
    names = list_files()
    ours = [n for n in names if rules.Source(n, "").matches(rules.OURS)]
    headers = [n for n in ours if re.match(r"(src|tests/unit)/.*\.h$", n)]
    found = [*check_rules(names), *check_format(ours), *check_headers(headers),
             *check_documents(names)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
