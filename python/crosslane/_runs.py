"""Run folders: sweeps, and their records."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pandas

from ._errors import Error

_KINDS = {1: "trial", 2: "usage", 3: "data", 130: "interrupted", 143: "interrupted"}


def read_run(path):
    """The records of a run folder.

    path  the folder: "runs/report"

    Returns a DataFrame with one row for each recorded trial, in the order of label, seed and
    fold. Columns are the fields of the records that are single values (docs/run-folder.md): key,
    label, seed, fold, status, mse, rmse, mae, train_mse, validation_mse, best_epoch,
    train_seconds (s), train_cpu_seconds (s), rows_per_second, parameters, isa, ...; and one for
    each swept parameter, by its dotted path. What a trial does not have is missing.

    Raises Error, kind "data", for a folder without records, or a file that is none.
    """
    rows = []
    for file in sorted(Path(path).glob("trials/*.json")):
        try:
            record = json.loads(file.read_text("utf-8"))
            row = {name: value for name, value in record.items()
                   if not isinstance(value, (dict, list))}
            row.update((name, json.dumps(value) if isinstance(value, (dict, list)) else value)
                       for name, value in record["swept"].items())
        except (ValueError, KeyError, AttributeError) as fault:
            raise Error(f"{file}: no record of a trial: {fault}", "data", str(file)) from fault
        rows.append(row)
    if not rows:
        raise Error(f"{path}: no records in {Path(path) / 'trials'}", "data", str(path))
    table = pandas.DataFrame(rows)
    return table.sort_values(["label", "seed", "fold"], ignore_index=True)


def sweep(config, *, out=None, data=None, jobs=None, isa=None, **overrides):
    """Trains the experiments of a config that are not recorded yet, and waits for them.

    config     the YAML file
    out        the run folder; None: runs/NAME, by the name in the config
    data       the data set's folder, in place of the config's
    jobs       worker processes; None: one for each core
    isa        the instruction set; None: the best one
    overrides  keys of the config by their dotted paths, or with "__" for the dots:
               sweep("report.yaml", seeds=[1, 2], train__epochs=5)
               sweep("report.yaml", **{"train.epochs": 5})

    Returns the records of the run folder, as `read_run`. Raises Error: kind "config" or
    "usage" for what is wrong in the config or here, "data" for the data set, "trial" when a
    trial failed; the message is the program's.
    """
    command = [os.environ.get("CROSSLANE_PROGRAM") or shutil.which("crosslane")]
    if command[0] is None:
        raise Error("the program crosslane is not in the PATH: install it, or name the file in "
                    "CROSSLANE_PROGRAM", "system")
    command += ["sweep", os.fspath(config)]
    for option, value in (("--out", out), ("--data", data), ("--jobs", jobs), ("--isa", isa)):
        if value is not None:
            command += [option, os.fspath(value) if option in ("--out", "--data") else str(value)]
    for name, value in overrides.items():
        command += ["--set", f"{name.replace('__', '.')}={json.dumps(value)}"]  # JSON is YAML
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Error(done.stderr.strip(), _KINDS.get(done.returncode, "system"))
    folder = re.search(r"results in (.+)$", done.stderr, re.MULTILINE)
    return read_run(out if out is not None else folder[1])
