#!/usr/bin/env python3
"""Whether bench/peers/ compares what it says: peers_test.py CROSSLANE PEERS CASE"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CROSSLANE, PEERS, CASE = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
HEAD = "program version model fold mse train_cpu_seconds whole_cpu_seconds mib why".split()
CONFIG = """\
schema: 1
name: tiny
data:
  source: movielens
  split: {method: folds, folds: [u1, u2]}
model: {deep: {columns: [age, gender], embedding_dim: 2, hidden: []}}
train: {epochs: 1}
seeds: [4]
sweep:
  method: list
  trials:
    - {label: one}
    - {label: two, train.epochs: 2}
"""


def call(*command, status=0):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != status:
        sys.exit(f"{command}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def accuracy(*options, status=0):
    return call(sys.executable, PEERS / "accuracy.py", *options, status=status)


def fabricate(*rows):
    with open("made.tsv", "w") as file:
        for row in (HEAD, *rows):
            print(*row, sep="\t", file=file)


def lines_of(table):
    """The cells of each line of a table, blanks left out."""
    return [[cell.strip() for cell in line.strip("|").split("|")]
            for line in table.splitlines() if line.startswith("|")]


def equal(found, expected):
    if found != expected:
        sys.exit(f"found    {found}\nexpected {expected}")


def the_table_has_the_means_over_the_folds():
    fabricate(["Peer", "2.1", "slow", "u1", 0.5, 10, 12, 100, ""], ["Peer", "2.1", "quick", "u1", 0.9, 1, 3, 90, ""],
              ["Crosslane", "0.1", "ours", "u1", 0.6, 0.5, 0.7, 20, ""],
              ["Peer", "2.1", "slow", "u2", 0.75, 20, 23, 300, ""], ["Peer", "2.1", "quick", "u2", 0.7, 2, 4, 95, ""],
              ["Crosslane", "0.1", "ours", "u2", 0.62, 0.25, 0.5, 19, ""])
    table = accuracy("--from", "made.tsv", "--out", "out").stdout
    equal(lines_of(table), [
        ["program", "model", "test MSE", "on u1", "CPU s, training", "CPU s, whole", "MiB"],
        ["---", "---", "--:", "--:", "--:", "--:", "--:"],
        ["Crosslane 0.1", "ours", "0.6100", "0.6000", "0.38", "0.60", "20"],
        ["Peer 2.1", "slow", "0.6250", "0.5000", "15.00", "17.50", "300"],
        ["Peer 2.1", "quick", "0.8000", "0.9000", "1.50", "3.50", "95"]])
    # The program that the picture marks comes last; points go from left to right.
    equal(pathlib.Path("out/accuracy.tsv").read_text(),
          "Peer\tmodel\ttrain_cpu_seconds\tmse\nPeer\tquick\t1.5\t0.80000\nPeer\tslow\t15\t0.62500\n\n\n"
          "Crosslane\tmodel\ttrain_cpu_seconds\tmse\nCrosslane\tours\t0.375\t0.61000\n")


def the_picture_has_every_model():
    fabricate(["Peer", "2", "left", "u1", 0.5, 1, 2, 100, ""], ["Crosslane", "0.1", "right", "u1", 0.6, 100, 101, 20, ""])
    messages = accuracy("--from", "made.tsv", "--out", "out", "--title", "made up").stderr
    if shutil.which("gnuplot") is None:
        equal(messages, "no picture: gnuplot is not installed\n")
        return
    equal(messages, "")
    picture = pathlib.Path("out/accuracy.svg").read_text()
    for text in ["made up", "mean over u1; one thread", "left", "right", ">Peer<", ">Crosslane<"]:
        if text not in picture:
            sys.exit(f"the picture has no {text}")


def a_program_that_failed_on_a_fold_has_no_mean():
    fabricate(["Peer", "2", "all", "u1", 0.5, 10, 12, 100, ""], ["Peer", "", "all", "u2", "", "", "", "", "failed: no memory"],
              ["Crosslane", "0.1", "ours", "u1", 0.6, 1, 1, 20, ""], ["Crosslane", "0.1", "ours", "u2", 0.6, 1, 1, 20, ""])
    table = lines_of(accuracy("--from", "made.tsv", "--out", "out").stdout)
    equal(table[2][0], "Crosslane 0.1")
    equal(table[3:], [["Peer", "all", "failed: no memory", "", "", "", ""]])


def a_file_of_something_else_is_refused():
    pathlib.Path("made.tsv").write_text("a\tb\n1\t2\n")
    equal(accuracy("--from", "made.tsv", "--out", "out", status=1).stderr,
          f"made.tsv: not a file of runs: its first line should be {' '.join(HEAD)}\n")


def a_row_says_which_package_is_missing():
    pathlib.Path("bare").write_text(f"#!/bin/sh\nexec {sys.executable} -S \"$@\"\n")  # without any package
    os.chmod("bare", 0o755)
    table = accuracy("--data", ".", "--only", "myFM,LightGBM", "--python", "./bare", "--out", "out").stdout
    equal([row[:3] for row in lines_of(table)[2:]],
          [["myFM", "ordered probit, 512 iterations", "needs: pip install numpy"],
           ["myFM", "regression, 100 iterations", "needs: pip install numpy"],
           ["myFM", "regression, 50 iterations", "needs: pip install numpy"],
           ["LightGBM", "features made by hand", "needs: pip install numpy"]])


def made_up_data():
    call(CROSSLANE, "data", "synth", "--out", "data", "--users", 60, "--items", 70, "--ratings", 1500)


def crosslane_trains_each_model_on_each_fold():
    made_up_data()
    pathlib.Path("tiny.yaml").write_text(CONFIG)
    table = accuracy("--data", "data", "--only", "Crosslane", "--folds", "u1,u2", "--crosslane", CROSSLANE,
                     "--experiment", "tiny.yaml", "--out", "out").stdout
    call(CROSSLANE, "sweep", "tiny.yaml", "--data", "data", "--set", "seeds=[1]", "--out", "plain", "--quiet")
    shown = json.loads(call(CROSSLANE, "show", "plain", "--format", "json").stdout)
    expected = sorted((f"{row['mse']:.4f}", row["label"]) for row in shown)
    equal([label for _, label in expected], ["one", "two"][::1 if expected[0][1] == "one" else -1])
    equal([(row[2], row[1]) for row in lines_of(table)[2:]], expected)


def rows_of(path):
    return pathlib.Path(path).read_text().splitlines()


def random_folds_part_all_rows():
    made_up_data()
    call(sys.executable, PEERS / "random_folds.py", "--data", "data", "--out", "folds")
    every, tests = rows_of("data/u.data"), []
    for seed in range(1, 6):
        base, test = rows_of(f"folds/u{seed}.base"), rows_of(f"folds/u{seed}.test")
        equal((len(base), len(test)), (1200, 300))
        equal(sorted(base + test), sorted(every))
        tests.append(tuple(test))
    equal(len(set(tests)), 5)
    call(CROSSLANE, "data", "check", "folds")
    equal(call(sys.executable, PEERS / "random_folds.py", "--data", "data", "--out", "folds", status=1).stderr,
          "folds: File exists\n")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.environ.pop("CROSSLANE_DATA", None)
    globals()[CASE]()
