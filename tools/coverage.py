#!/usr/bin/env python3
"""The share of lines that the tests ran, for each room: coverage.py BUILD

BUILD is a folder of meson with -Db_coverage=true in which the tests have run.
Reads gcov's JSON. Exit status 1: a room is below 90 %.
"""
import collections
import gzip
import json
import os
import subprocess
import sys
import tempfile

ROOMS = ("base kernels data model records config plots speeds results serving experiments library "
         "bench cli").split()
LEAST = 90.0


def main():
    build = os.path.abspath(sys.argv[1])
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    notes = [os.path.join(folder, name) for folder, _, names in os.walk(build) for name in names
             if name.endswith(".gcda")]
    lines = collections.defaultdict(dict)  # file -> line -> whether it ran
    with tempfile.TemporaryDirectory() as folder:
        for note in notes:
            done = subprocess.run(["gcov", "--json-format", "--stdout", note], cwd=folder,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
            text = done.stdout
            if text[:2] == b"\x1f\x8b":
                text = gzip.decompress(text)
            for line in text.splitlines():
                if not line.startswith(b"{"):
                    continue
                for file in json.loads(line)["files"]:
                    path = os.path.relpath(os.path.join(build, file["file"]), root)
                    if path.split(os.sep)[0] not in ROOMS:
                        continue
                    for entry in file["lines"]:
                        number = entry["line_number"]
                        ran = lines[path].get(number, False) or entry["count"] > 0
                        lines[path][number] = ran
    low = 0
    for room in ROOMS:
        own = [ran for path, numbers in lines.items() if path.split(os.sep)[0] == room
               for ran in numbers.values()]
        if not own:
            continue
        share = 100 * sum(own) / len(own)
        low += share < LEAST
        print(f"{room:12} {share:5.1f} % of {len(own)} lines")
    for path, numbers in sorted(lines.items(), key=lambda item: sum(item[1].values()) / len(item[1])):
        share = 100 * sum(numbers.values()) / len(numbers)
        if share < LEAST:
            print(f"  {path:44} {share:5.1f} %")
    print(f"{low} rooms below {LEAST:.0f} %")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
