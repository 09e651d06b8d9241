#!/usr/bin/python3
"""Runs the mail tests, TAP on standard output; arguments select by name.

They need T2O_TEST_DATABASE_URL (tests/with-mariadb) and the programs in
T2O_BUILD_DIR or the current directory.
"""
import sys
import time
import traceback

import bench
import test_mail
import test_queue
import test_server


def tests():
    for module in (test_mail, test_server, test_queue):
        for name, function in vars(module).items():
            if name.startswith("test_"):
                yield name, function


def main():
    wanted = sys.argv[1:]
    chosen = [t for t in tests() if not wanted or
              any(w in t[0] for w in wanted)]
    place = bench.Bench()
    failed = 0
    print(f"1..{len(chosen)}", flush=True)
    for number, (name, function) in enumerate(chosen, 1):
        begin = time.monotonic()
        try:
            place.empty()
            function(place)
            verdict = "ok"
        except Exception:  # whatever it is, the next test shall run
            failed += 1
            verdict = "not ok"
            print("# " + traceback.format_exc().replace("\n", "\n# "))
            print("# " + place.log().replace("\n", "\n# "))
        print(f"{verdict} {number} - {name[5:].replace('_', ' ')} "
              f"# {time.monotonic() - begin:.1f} s", flush=True)
    place.close()
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
