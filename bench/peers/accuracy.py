#!/usr/bin/env python3
"""MSE against processor time: Crosslane and other programs on the same folds.

Runs each program, one after the other, on each fold of a MovieLens 100K folder
(FOLD.base is trained on, FOLD.test predicted, predictions clipped to 1-5, one
thread), prints one table, and writes into --out:

  runs.tsv              a line for each run, written as it ends
  accuracy.tsv          the means over the folds, as drawn
  accuracy.svg, .png    the picture, where gnuplot is installed

All programs of a fold run within minutes of each other. CPU seconds are user and
system time: those of training, of which a peer's own preparation of columns is a
part; and those of the whole process, which starts, reads, trains and predicts.
A program whose package is missing has a row that says so.
"""
import argparse
import glob
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FOLDS = "u1,u2,u3,u4,u5"
OURS = "Crosslane"
MISSING = 3  # as in rating_rows.py

Peer = namedtuple("Peer", "program model script options")
PEERS = [
    Peer("myFM", "ordered probit, 512 iterations", "myfm_ratings.py", "--model probit --iterations 512"),
    Peer("myFM", "regression, 100 iterations", "myfm_ratings.py", "--iterations 100"),
    Peer("myFM", "regression, 50 iterations", "myfm_ratings.py", "--iterations 50"),
    Peer("LightGBM", "features made by hand", "lightgbm_features.py", ""),
    Peer("Cornac", "MF, 100 factors", "cornac_factors.py", "--factors 100 --epochs 60 --l2 0.1"),
    Peer("Cornac", "MF, 10 factors", "cornac_factors.py", "--factors 10 --epochs 25"),
    Peer("Surprise", "SVD, 500 factors", "surprise_svd.py", "--factors 500 --epochs 60 --l2 0.1"),
    Peer("Surprise", "SVD, as it comes", "surprise_svd.py", ""),
]

# One run: seconds of the processor, memory in MiB; why says why there are no numbers.
FIELDS = ["program", "version", "model", "fold", "mse", "train_cpu_seconds", "whole_cpu_seconds", "mib", "why"]
Run = namedtuple("Run", FIELDS)
NUMBERS = ["mse", "train_cpu_seconds", "whole_cpu_seconds", "mib"]


def child_cpu():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def call(command):
    """Output, messages and exit status of a program; its CPU seconds and peak memory in MiB."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as messages:
        process = subprocess.Popen(command, stdout=out, stderr=messages)
        _, status, use = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), messages.seek(0)
        kib = use.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
        return out.read(), messages.read(), process.returncode, use.ru_utime + use.ru_stime, kib / 1024


def last_line(text, status):
    lines = [line.strip() for line in text.replace("\t", " ").splitlines() if line.strip()]
    return lines[-1] if lines else f"exit status {status}"


def run_peer(peer, given, fold):
    command = [given.python, os.path.join(HERE, peer.script), "--data", given.data, "--fold", fold]
    out, messages, status, whole, mib = call(command + peer.options.split())
    if status:
        why = last_line(messages, status)
        return Run(peer.program, "", peer.model, fold, *[None] * 4, why if status == MISSING else "failed: " + why)
    result = json.loads(out)
    return Run(peer.program, result["version"], peer.model, fold, result["mse"], result["train_cpu_seconds"],
               whole, mib, "")


def ours_models(given, fold):
    """How many models the experiment has."""
    command = [given.crosslane, "sweep", given.experiment, "--data", given.data,
               "--set", f"data.split.folds=[{fold}]", "--dry-run", "--format", "json"]
    out, messages, status, _, _ = call(command)
    if status:
        sys.exit(messages.rstrip())
    return len(json.loads(out))


def run_ours(given, fold, folder):
    """A run for each model: each is a shard of its own, so that it has a process of its own."""
    models = ours_models(given, fold)
    for model in range(1, models + 1):
        out = os.path.join(folder, f"{fold}-{model}")
        command = [given.crosslane, "sweep", given.experiment, "--data", given.data, "--out", out,
                   "--set", f"data.split.folds=[{fold}]", "--set", "seeds=[1]",
                   "--shard", f"{model}/{models}", "--jobs", "1", "--threads", "1", "--quiet"]
        _, messages, status, whole, _ = call(command)
        if status:
            sys.exit(messages.rstrip())
        for name in glob.glob(os.path.join(out, "trials", "*.json")):
            with open(name, encoding="utf-8") as file:
                record = json.load(file)
            yield Run(OURS, record["build"]["version"], record["label"], fold, record["mse"],
                      record["train_cpu_seconds"], whole, record["peak_rss_kib"] / 1024, "")


def text_of(value):
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def write_runs(given, chosen):
    """Trains everything; runs.tsv grows with each run."""
    with open(os.path.join(given.out, "runs.tsv"), "w", encoding="utf-8") as file, \
            tempfile.TemporaryDirectory() as folder:
        print(*FIELDS, sep="\t", file=file)
        absent = {}  # script: why; asked once
        for fold in given.folds.split(","):
            for peer in (peer for peer in PEERS if peer.program in chosen):
                why = absent.get(peer.script)
                run = (Run(peer.program, "", peer.model, fold, *[None] * 4, why) if why
                       else run_peer(peer, given, fold))
                if run.why.startswith("needs"):
                    absent[peer.script] = run.why
                note(file, run)
            for run in run_ours(given, fold, folder) if OURS in chosen else ():
                note(file, run)


def note(file, run):
    print(*[text_of(value) for value in run], sep="\t", file=file, flush=True)
    what = run.why or f"MSE {run.mse:.4f}, {run.train_cpu_seconds:.2f} CPU s"
    print(f"{run.fold}  {run.program}, {run.model}: {what}", file=sys.stderr)


def read_runs(name, run=Run, numbers=NUMBERS):
    """The runs of a file of them: named tuples of the kind `run`, of which `numbers` are numbers."""
    with open(name, encoding="utf-8") as file:
        head, *lines = [line.rstrip("\n").split("\t") for line in file]
    if head != list(run._fields):
        sys.exit(f"{name}: not a file of runs: its first line should be {' '.join(run._fields)}")
    for cells in lines:
        row = dict(zip(head, cells))
        yield run(**{key: (float(text) if text else None) if key in numbers else text for key, text in row.items()})


# Means over the folds; folds: how many; mib: the largest.
Row = namedtuple("Row", "program version model mse first train whole mib folds why")


def summary(runs):
    """A row for each program and model, those with the lowest MSE first, those without one last."""
    groups = {}
    for run in runs:
        groups.setdefault((run.program, run.model), []).append(run)
    rows = []
    for (program, model), group in groups.items():
        good = [run for run in group if not run.why]
        if len(good) < len(group):  # never a mean over fewer folds than the others have
            why = next(run.why for run in group if run.why)
            rows.append(Row(program, "", model, None, None, None, None, None, len(group), why))
            continue
        mean = lambda values: sum(values) / len(good)
        rows.append(Row(program, good[0].version, model, mean([run.mse for run in good]), good[0].mse,
                        mean([run.train_cpu_seconds for run in good]), mean([run.whole_cpu_seconds for run in good]),
                        max(run.mib for run in good), len(good), ""))
    return sorted(rows, key=lambda row: (row.mse is None, row.mse or 0))


def table(rows, first_fold):
    """Markdown, aligned for reading as it is."""
    head = ["program", "model", "test MSE", f"on {first_fold}", "CPU s, training", "CPU s, whole", "MiB"]
    lines = [head, ["---"] * 2 + ["--:"] * 5]
    for row in rows:
        name = f"{row.program} {row.version}".strip()
        numbers = [row.why] + [""] * 4 if row.why else \
            [f"{row.mse:.4f}", f"{row.first:.4f}", f"{row.train:.2f}", f"{row.whole:.2f}", f"{row.mib:.0f}"]
        lines.append([name, row.model] + numbers)
    return markdown(lines)


def markdown(lines):
    """A table of lines of cells, the second of which says how columns are aligned."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
                     for line in lines)


def draw(rows, out, title):
    """The data of the picture, a block for each program, and the picture."""
    drawn = [row for row in rows if not row.why]
    if not drawn:
        return
    programs = sorted({row.program for row in drawn}, key=lambda program: (program == OURS, program))  # the last is marked
    data = os.path.join(out, "accuracy.tsv")
    with open(data, "w", encoding="utf-8") as file:
        for program in programs:
            if program != programs[0]:
                print("\n", file=file)  # two empty lines: the next block
            print(program, "model", "train_cpu_seconds", "mse", sep="\t", file=file)
            for row in sorted((row for row in drawn if row.program == program), key=lambda row: row.train):
                print(program, row.model, f"{row.train:.4g}", f"{row.mse:.5f}", sep="\t", file=file)
    if shutil.which("gnuplot") is None:
        print("no picture: gnuplot is not installed", file=sys.stderr)
        return
    subprocess.run(["gnuplot", "-c", os.path.join(HERE, "accuracy.gp"), data, title], check=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    programs = [OURS] + sorted({peer.program for peer in PEERS})
    parser.add_argument("--data", default=os.environ.get("CROSSLANE_DATA"), help="a MovieLens 100K folder (or set CROSSLANE_DATA)")
    parser.add_argument("--out", default="runs/peers", help="where to write (default: runs/peers)")
    parser.add_argument("--folds", default=FOLDS, help=f"which folds (default: {FOLDS})")
    parser.add_argument("--only", help=f"some of the programs: {','.join(programs)}")
    parser.add_argument("--python", default=sys.executable, help="the Python that has the packages (default: this one)")
    parser.add_argument("--crosslane", default=os.path.join(ROOT, "build/cli/crosslane"), help="(default: build/cli/crosslane)")
    parser.add_argument("--experiment", default=os.path.join(ROOT, "experiments/accuracy.yaml"),
                        help="the models of Crosslane (default: experiments/accuracy.yaml)")
    parser.add_argument("--title", default="MovieLens 100K", help="of the picture (default: MovieLens 100K)")
    parser.add_argument("--from", dest="runs", metavar="RUNS.TSV", help="train nothing: table and picture of such a file")
    given = parser.parse_args()
    chosen = given.only.split(",") if given.only else programs
    for program in chosen:
        if program not in programs:
            parser.error(f"no such program: {program}; there are {', '.join(programs)}")
    if not given.runs and not given.data:
        parser.error("where are the data? --data DIR, or CROSSLANE_DATA=DIR")
    return given, chosen


def main():
    given, chosen = arguments()
    os.makedirs(given.out, exist_ok=True)
    if not given.runs:
        write_runs(given, chosen)
    runs = list(read_runs(given.runs or os.path.join(given.out, "runs.tsv")))
    if not runs:
        sys.exit("no runs")
    rows, folds = summary(runs), list(dict.fromkeys(run.fold for run in runs))
    print(table(rows, folds[0]))
    print(f"\ntest MSE: mean over {', '.join(folds)}; CPU s: mean of a fold; MiB: the largest fold")
    draw(rows, given.out, given.title + f"\nmean over {', '.join(folds)}; one thread")


if __name__ == "__main__":
    main()
