#!/usr/bin/env python3
"""What ninja must make for some suites of tests: test_targets.py BUILD SUITE...

Prints the files, as ninja names them, on one line. A build whose other tests are
not run need not compile them.
"""
import json
import os
import subprocess
import sys


def introspect(what, build):
    done = subprocess.run(["meson", "introspect", what, build], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def main():
    build, suites = sys.argv[1], set(sys.argv[2:])
    made = {target["id"]: target["filename"] for target in introspect("--targets", build)}
    files = set()
    for test in introspect("--tests", build):
        if suites & {suite.split(":")[-1] for suite in test["suite"]}:
            files.update(file for need in test["depends"] for file in made[need])
    print(*sorted(os.path.relpath(file, os.path.abspath(build)) for file in files))
    return 0 if files else 1


if __name__ == "__main__":
    sys.exit(main())
