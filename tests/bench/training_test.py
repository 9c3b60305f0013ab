#!/usr/bin/env python3
"""Whether bench/peers/training.py compares what it says: training_test.py CROSSLANE PEERS CASE"""
import os
import pathlib
import subprocess
import sys
import tempfile

CROSSLANE, PEERS, CASE = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
HEAD = "recipe program version round rows_per_second share mse compile_seconds mib why".split()


def call(*command, status=0):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != status:
        sys.exit(f"{command}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def training(*options, status=0):
    return call(sys.executable, PEERS / "training.py", "--crosslane", CROSSLANE, *options, status=status)


def fabricate(*rows):
    with open("made.tsv", "w") as file:
        for row in (HEAD, *rows):
            print(*row, sep="\t", file=file)


def cells_of(table):
    return [[cell.strip() for cell in line.strip("|").split("|")]
            for line in table.splitlines() if line.startswith("|")]


def equal(found, expected):
    if found != expected:
        sys.exit(f"found    {found}\nexpected {expected}")


def the_table_has_the_medians_over_the_rounds():
    fabricate(["8 x 2", "Peer", "2.1", 1, 1000, 0.1, 1.5, 4, 300, ""], ["8 x 2", "Crosslane, avx2", "0.1", 1, 3000, "", 1.25, 0, 10, ""],
              ["8 x 2", "Peer", "2.1", 2, 3000, 0.3, 1.5, 5, 310, ""], ["8 x 2", "Crosslane, avx2", "0.1", 2, 4000, "", 1.25, 0, 10, ""],
              ["8 x 2", "Peer", "2.1", 3, 1250, 0.125, 1.5, 9, 500, ""], ["8 x 2", "Crosslane, avx2", "0.1", 3, 5000, "", 1.25, 0, 12, ""])
    shown = training("--from", "made.tsv").stdout
    equal(cells_of(shown), [
        ["layers x batch", "program", "rows/s", "x", "of the limit", "test MSE", "MiB", "compiles, s"],
        ["---", "---"] + ["--:"] * 6,
        ["8 x 2", "Crosslane, avx2 0.1", "4,000", "1.00", "", "1.250", "10", ""],
        ["8 x 2", "Peer 2.1", "1,250", "3.20", "0.12", "1.500", "310", "5.0"]])
    if "medians of 3 rounds" not in shown:
        sys.exit(shown)


def a_program_that_failed_has_no_median():
    fabricate(["8 x 2", "Peer", "2.1", 1, 9000, 0.1, 1.5, 4, 300, ""], ["8 x 2", "Peer", "", 2, "", "", "", "", "", "failed: no memory"],
              ["8 x 2", "Crosslane, avx2", "0.1", 1, 3000, "", 1.25, 0, 10, ""])
    equal([row[:4] for row in cells_of(training("--from", "made.tsv").stdout)[2:]],
          [["8 x 2", "Crosslane, avx2 0.1", "3,000", "1.00"], ["8 x 2", "Peer", "failed: no memory", ""]])


def a_file_of_something_else_is_refused():
    pathlib.Path("made.tsv").write_text("a\tb\n1\t2\n")
    equal(training("--from", "made.tsv", status=1).stderr,
          f"made.tsv: not a file of runs: its first line should be {' '.join(HEAD)}\n")


def synthesize():
    call(CROSSLANE, "data", "synth", "--out", "data", "--users", 60, "--items", 70, "--ratings", 1500)


def a_row_says_which_package_is_missing():
    synthesize()
    pathlib.Path("bare").write_text(f"#!/bin/sh\nexec {sys.executable} -S \"$@\"\n")  # without any package
    os.chmod("bare", 0o755)
    table = training("--data", "data", "--only", "JAX,PyTorch 1.13,plain C", "--python", "./bare", "--old-python", "./bare",
                     "--cc", "no-such-compiler", "--quick", "--out", "out").stdout
    equal(sorted(row[1:3] for row in cells_of(table)[2:]),
          [["JAX", "needs: pip install numpy"], ["PyTorch 1.13", "needs: apt-get install python3-torch python3-numpy"],
           ["plain C", "needs: a C compiler, --cc no-such-compiler"]])


def plain_c_and_crosslane_learn_the_same():
    synthesize()
    table = training("--data", "data", "--only", "Crosslane,plain C", "--quick", "--epochs", 40, "--out", "out").stdout
    rows = cells_of(table)[2:]
    ours = {row[5] for row in rows if row[1].startswith("Crosslane")}
    plain = [float(row[5]) for row in rows if row[1].startswith("plain C")]
    equal(len(ours), 1)  # the same bits on every instruction set
    equal(len(plain), 1)
    mse = float(ours.pop())
    # Before it learns anything, either is above 10; they draw their own test rows.
    if not (mse < 2 and abs(plain[0] - mse) < 0.4):
        sys.exit(f"test MSE {mse} and {plain[0]}\n{table}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.environ.pop("CROSSLANE_DATA", None)
    globals()[CASE]()
