"""What the accuracy peers share: the rows of MovieLens 100K, the processor time of
a training, and the one line of JSON in which a peer answers.

A peer is called as PEER.py --data DIR --fold u1 [its own options]. It needs
numpy and the package that it is about, trains on DIR/u1.base with one thread,
predicts DIR/u1.test, clips to 1-5, and prints its result. Where a package is
missing, it says which one on standard error and ends with MISSING.
"""
import argparse
import importlib
import json
import os
import resource
import sys
from importlib.metadata import version

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

MISSING = 3
LOW, HIGH = 1, 5
GENRES = 19


def package(module, distribution):
    """The module, of the distribution that pip knows."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name.split(".")[0] != module.split(".")[0]:
            distribution = error.name
        print(f"needs: pip install {distribution}", file=sys.stderr)
        sys.exit(MISSING)


np = package("numpy", "numpy")


class Rows:
    """Ratings: arrays of user and item (numbers from 1), rating, time in seconds."""

    def __init__(self, table):
        self.user, self.item, self.rating, self.time = table.T
        self.day = self.time // 86400

    def __len__(self):
        return len(self.user)

    def __getitem__(self, chosen):
        return Rows(np.stack([self.user, self.item, self.rating, self.time], axis=1)[chosen])


def lines(folder, name):
    with open(os.path.join(folder, name), encoding="latin-1") as file:
        return [line.rstrip("\n").split("|") for line in file if line.strip()]


class Users:
    """Columns of user u at index u - 1."""

    def __init__(self, folder):
        table = sorted(lines(folder, "u.user"), key=lambda cells: int(cells[0]))
        self.count = len(table)
        self.age = np.array([int(cells[1]) for cells in table])
        self.gender = np.array([cells[2] for cells in table])
        self.occupation = np.array([cells[3] for cells in table])
        self.zip_area = np.array([cells[4][0] for cells in table])


class Items:
    """Columns of film i at index i - 1; the year is 0 where there is none."""

    def __init__(self, folder):
        table = sorted(lines(folder, "u.item"), key=lambda cells: int(cells[0]))
        self.count = len(table)
        self.year = np.array([int(cells[2][-4:] or 0) for cells in table])
        self.genres = np.array([cells[5:5 + GENRES] for cells in table], float)


def cpu_seconds():
    """User and system time of this process and of its children that have ended."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def options(text, *more):
    """The options of a peer: --data, --fold, and more as (name, keywords)."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--data", required=True, help="a MovieLens 100K folder")
    parser.add_argument("--fold", required=True, help="u1 to u5: FOLD.base is trained on, FOLD.test predicted")
    for name, keywords in more:
        parser.add_argument(name, **keywords)
    return parser.parse_args()


def read_fold(given):
    """Training and test rows."""
    read = lambda part: Rows(np.loadtxt(os.path.join(given.data, f"{given.fold}.{part}"), np.int64))
    return read("base"), read("test")


def answer(distribution, predictions, test, train_seconds):
    errors = np.clip(np.asarray(predictions, float), LOW, HIGH) - test.rating
    print(json.dumps({"version": version(distribution), "mse": float(np.mean(errors ** 2)),
                      "train_cpu_seconds": train_seconds}))
