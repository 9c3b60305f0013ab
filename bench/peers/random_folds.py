#!/usr/bin/env python3
"""Random splits of MovieLens 100K as folds u1, u2, ..., so that all programs of
accuracy.py, Crosslane among them, train and predict the very same rows of each.

Writes the folder --out: uN.base and uN.test with four fifths and one fifth of the
rows of u.data, drawn by the seed N, in the order of u.data; the other files are
links to those of --data.
"""
import argparse
import os
import random
import sys

OTHERS = ["u.data", "u.user", "u.item", "u.genre", "u.info", "u.occupation"]


def write_fold(folder, seed, rows):
    drawn = set(random.Random(seed).sample(range(len(rows)), len(rows) // 5))
    for part, wanted in (("base", False), ("test", True)):
        with open(os.path.join(folder, f"u{seed}.{part}"), "w", encoding="latin-1", newline="") as file:
            file.writelines(row for at, row in enumerate(rows) if (at in drawn) == wanted)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("CROSSLANE_DATA"),
                        help="a MovieLens 100K folder (or set CROSSLANE_DATA)")
    parser.add_argument("--out", required=True, help="the folder to write; it must not be there")
    given = parser.parse_args()
    if not given.data:
        parser.error("where are the data? --data DIR, or CROSSLANE_DATA=DIR")
    try:
        with open(os.path.join(given.data, "u.data"), encoding="latin-1", newline="") as file:
            rows = file.readlines()
        os.makedirs(given.out)
        for name in OTHERS:
            source = os.path.join(os.path.abspath(given.data), name)
            if os.path.exists(source):
                os.symlink(source, os.path.join(given.out, name))
        for seed in range(1, 6):  # as many as MovieLens has folds
            write_fold(given.out, seed, rows)
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")


if __name__ == "__main__":
    main()
