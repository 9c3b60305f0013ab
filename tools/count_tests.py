#!/usr/bin/env python3
"""Counts the cases in meson's testlog.json files.

usage: count_tests.py BUILD TESTLOG

A cmocka executable says on standard output what became of each of its cases;
anything else is one case, by meson's verdict (exit 77: skipped). cmocka
1.1.5's TAP is no help: it writes a skipped case as "not ok", a failure to
meson. A case that began and never ended (a crash, a timeout, an exit in the
middle) is a failure, and so is an executable that fails with all cases passed.

Prints a line for each failure (with what it wrote last) and each skip, and
"PASSED FAILED SKIPPED" last.
"""
import json
import re
import sys

VERDICT = re.compile(r"^\[ +(RUN|OK|FAILED|SKIPPED) +\] (.+)$")
ANNOUNCED = re.compile(r"^\[=+\] Running (\d+) test\(s\)\.$")


def cmocka_cases(output):
    """Name -> verdict and the last line the case wrote; and how many were announced."""
    cases, announced, said = {}, 0, ""
    for line in output.splitlines():
        if found := ANNOUNCED.match(line):
            announced += int(found.group(1))
        elif found := VERDICT.match(line):
            verdict, name = found.groups()
            cases[name] = (verdict, said)
            said = ""
        elif line.strip():
            said = line.strip()
    return cases, announced


def count(build, test):
    passed, failed, skipped = 0, [], []
    # meson writes "project:suite / name", and "_" for the colons of a name.
    name = f"{build}: {test['name'].split(' / ')[-1].replace('_ ', ': ')}"
    result = test["result"]
    cases, announced = cmocka_cases(test.get("stdout", ""))
    for case, (verdict, said) in cases.items():
        if verdict == "OK":
            passed += 1
        elif verdict == "SKIPPED":
            skipped.append(f"{name}: {case}: {said or 'skipped by the test'}")
        else:
            failed.append(f"{name}: {case}" + (": never ended" if verdict == "RUN" else ""))
    if len(cases) < announced and not failed:
        failed.append(f"{name}: {announced - len(cases)} cases never ran")
    if not cases and result == "OK":
        passed += 1
    elif not cases and result == "SKIP":
        skipped.append(f"{name}: {reason(test)}")
    elif result not in ("OK", "SKIP", "EXPECTEDFAIL") and not failed:
        failed.append(f"{name}: {result.lower()}{last_words(test)}")
    return passed, failed, skipped


def reason(test):
    lines = [line for line in test.get("stdout", "").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "skipped by the test"


def last_words(test):
    """What a failed test wrote last, so that the summary says why."""
    lines = [line for line in test.get("stderr", "").splitlines() if line.strip()]
    lines = lines or [line for line in test.get("stdout", "").splitlines() if line.strip()]
    return f": {lines[-1].strip()}" if lines else ""


def main():
    build, path = sys.argv[1:]
    passed, failed, skipped = 0, [], []
    with open(path, encoding="utf-8") as log:
        for line in log:
            counts = count(build, json.loads(line))
            passed += counts[0]
            failed += counts[1]
            skipped += counts[2]
    for what in failed:
        print(f"failed: {what}")
    for what in skipped:
        print(f"skipped: {what}")
    print(passed, len(failed), len(skipped))


main()
