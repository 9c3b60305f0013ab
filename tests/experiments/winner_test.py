#!/usr/bin/env python3
"""best.yaml is the winner of search.yaml: winner_test.py PROGRAM SOURCE

The recorded table of the search has one row that is marked as the best, that of the
lowest validation MSE. The model of best.yaml, with the search's seed and without the
second training, comes to that validation MSE on the same rows, to the last digit. It
needs CROSSLANE_DATA; without it the test is skipped (77)."""

import csv
import io
import os
import pathlib
import subprocess
import sys
import tempfile


def main(program, source):
    if not os.environ.get("CROSSLANE_DATA"):
        print("CROSSLANE_DATA is not set")
        return 77
    table = pathlib.Path(source, "results/reference/amd-epyc-zen5/search/table.csv")
    rows = list(csv.DictReader(table.read_text().splitlines()))
    winner, = [row for row in rows if row["best"] == "true"]
    lowest = min(float(row["validation_mse"]) for row in rows if row["validation_mse"])
    failed = 0
    if float(winner["validation_mse"]) != lowest:
        print(f"FAILED: the row marked as the best has {winner['validation_mse']}, another {lowest}")
        failed = 1
    with tempfile.TemporaryDirectory() as folder:
        run = os.path.join(folder, "run")
        subprocess.run([program, "sweep", os.path.join(source, "experiments/best.yaml"), "--out", run,
                        "--quiet", "--set", "seeds=[1]", "--set", "train.refit=false"], check=True)
        shown = subprocess.run([program, "show", run, "--format", "csv"], check=True,
                               stdout=subprocess.PIPE, text=True).stdout
    best, = csv.DictReader(io.StringIO(shown))
    for field in ("n", "validation_mse", "parameters", "wide_columns"):
        if best[field] != winner[field]:
            print(f"FAILED: {field} of best.yaml is {best[field]}, of the search's winner {winner[field]}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
