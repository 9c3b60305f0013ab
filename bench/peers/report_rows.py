"""What the training peers share: the report's columns of MovieLens 100K, the sizes of
its model, and the one line of JSON in which a peer answers.

A peer is called as PEER.py --data DIR --hidden 64,32,16 --batch-size 32 --epochs 50.
It trains the model of experiments/report.yaml, with other layers if asked to, on 80 %
of the rows, one thread, and evaluates the other rows after each epoch. Seconds are
user and system time of the training with these evaluations. What a compiler takes
before it is apart. A missing package: as in rating_rows.py.
"""
import argparse
import json
import os
import sys
from collections import namedtuple

from rating_rows import lines, np

EMBEDDING_DIM = 8
INPUTS = 3 * EMBEDDING_DIM + 1
DROPOUT = 0.2
RATE, BETA1, BETA2, EPSILON = 0.001, 0.9, 0.999, 1e-7  # Adam
TEST_FRACTION = 0.2

# Arrays by row: the codes int32, age (from 0 to 1) and rating float32.
Rows = namedtuple("Rows", "cross gender occupation genre age rating")


def codes(values):
    """Alphabetical codes from 0, and how many there are."""
    names, found = np.unique(values, return_inverse=True)
    return found.astype(np.int32), len(names)


def read_report(folder):
    """All rows, and the sizes of the tables of cross, gender, occupation and genre.

    Dictionaries and the range of age are those of all rows, as in the report. A film's
    genre is the first of its flags.
    """
    names = np.array([cells[0] for cells in lines(folder, "u.genre")])
    genres = {cells[0]: names[cells[5:].index("1")] for cells in lines(folder, "u.item")}
    users = {cells[0]: (float(cells[1]), cells[2], cells[3]) for cells in lines(folder, "u.user")}
    with open(os.path.join(folder, "u.data"), encoding="utf-8") as file:
        ratings = [line.split() for line in file]
    age, gender, occupation = (np.array(column) for column in zip(*(users[user] for user, *_ in ratings)))
    genre = np.array([genres[item] for _, item, *_ in ratings])
    ages = [user[0] for user in users.values()]
    columns = [codes(np.char.add(gender, genre)), codes(gender), codes(occupation), codes(genre)]
    scaled = (age - min(ages)) / max(max(ages) - min(ages), 1)
    rows = Rows(*(column for column, _ in columns), scaled.astype(np.float32),
                np.array([rating for _, _, rating, *_ in ratings], np.float32))
    return rows, [count for _, count in columns]


def split(rows, seed):
    """Training and test rows."""
    order = np.random.default_rng(seed).permutation(len(rows.rating))
    tests = int(TEST_FRACTION * len(order))
    return (Rows(*(column[part] for column in rows)) for part in (order[tests:], order[:tests]))


def options(text, *more):
    """The options of a peer; more as (name, keywords)."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--data", default=os.environ.get("CROSSLANE_DATA"), help="a MovieLens 100K folder (or set CROSSLANE_DATA)")
    parser.add_argument("--hidden", default=[64, 32, 16], type=lambda text: [int(width) for width in text.split(",")],
                        help="widths of the hidden layers (default: 64,32,16)")
    parser.add_argument("--batch-size", type=int, default=32, help="(default: 32)")
    parser.add_argument("--epochs", type=int, default=50, help="(default: 50)")
    parser.add_argument("--seed", type=int, default=1, help="of split, weights, dropout and order of rows (default: 1)")
    for name, keywords in more:
        parser.add_argument(name, **keywords)
    given = parser.parse_args()
    if not given.data:
        parser.error("where are the data? --data DIR, or CROSSLANE_DATA=DIR")
    return given


def answer(version, mse, rows, train_seconds, compile_seconds):
    """rows: how many were trained on, each epoch counted."""
    json.dump({"version": version, "mse": float(mse), "rows": rows, "train_cpu_seconds": train_seconds,
               "compile_seconds": compile_seconds}, sys.stdout)
    print()
