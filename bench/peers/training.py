#!/usr/bin/env python3
"""Rows trained in a second: Crosslane and other programs with the report's recipe.

Trains the model of experiments/report.yaml, and wider ones, by each program with one
thread: 80 % of the rows are trained on, the others evaluated after each epoch. Programs
alternate, in rounds, until --minutes are used. Prints one table of medians, and writes
into --out runs.tsv, with a line for each run as it ends.

CPU seconds are user and system time of the training; what JAX and torch.compile take to
compile is apart. "Of the limit" is the share of the rows/s at which multiply-adds at the
peak would do nothing but the layers: peak / (F (3 + test rows / training rows)), F the
operations of a row forward, and the peak that `crosslane bench` measures in each round.
"""
import argparse
import glob
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import namedtuple

from accuracy import MISSING, ROOT, call, last_line, markdown, read_runs, text_of

HERE = os.path.dirname(os.path.abspath(__file__))
EXPERIMENT = os.path.join(ROOT, "experiments/report.yaml")
TEST_SHARE = 0.25  # test rows for each training row

Recipe = namedtuple("Recipe", "hidden batch epochs")
RECIPES = [Recipe("64,32,16", 32, 5), Recipe("256,128,64", 32, 2), Recipe("512,256,128", 256, 2),
           Recipe("1024,512,256", 256, 1), Recipe("1024,512,256", 32, 1)]

# Peers by their scripts; python: the option that names their Python.
Peer = namedtuple("Peer", "program script options python")
PEERS = [
    Peer("JAX", "report_jax.py", "", "python"),
    Peer("torch.compile", "pytorch_report.py", "--mode compile", "python"),
    Peer("PyTorch 2", "pytorch_report.py", "", "python"),
    Peer("PyTorch 1.13", "pytorch_report.py", "", "old_python"),
]
OURS, PLAIN = "Crosslane", "plain C"

FIELDS = ["recipe", "program", "version", "round", "rows_per_second", "share", "mse", "compile_seconds", "mib", "why"]
Run = namedtuple("Run", FIELDS)
NUMBERS = ["rows_per_second", "share", "mse", "compile_seconds", "mib"]


def name_of(recipe):
    return f"{recipe.hidden} x {recipe.batch}"


def epochs_of(given, recipe):
    return given.epochs or recipe.epochs


def operations(recipe):
    """Floating-point operations of a row forward, as flops_per_row in Crosslane's records."""
    widths = [25] + [int(width) for width in recipe.hidden.split(",")] + [1]
    return 2 * sum(a * b for a, b in zip(widths, widths[1:]))


def share(recipe, rows_per_second, peak):
    return rows_per_second * operations(recipe) * (3 + TEST_SHARE) / peak if peak else None


def peaks(given, folder):
    """FLOP/s of one core by instruction set, measured; none where the build has no bench."""
    out = os.path.join(folder, "peaks.json")
    _, messages, status, _, _ = call([given.crosslane, "bench", "--quick", "--launches", "1",
                                      "--filter", "^dense_forward/32x64x32/hot", "--out", out])
    if status:
        print("no shares of the limit: " + last_line(messages, status), file=sys.stderr)
        return {}
    with open(out, encoding="utf-8") as file:
        rows = [row for row in json.load(file)["benchmarks"] if row["name"].startswith("peak/fma/hot/")]
    found = {}
    for isa in sorted({row["name"].split("/")[3] for row in rows}):
        mine = [row for row in rows if row["name"].split("/")[3] == isa]
        found[isa] = max(row.get("flop", 0) for row in mine) / min(row["cpu_time"] for row in mine) * 1e9
    return found


def failed(recipe, program, turn, why):
    return Run(name_of(recipe), program, "", turn, *[None] * 5, why)


def run_of(recipe, program, turn, result, mib, peak):
    speed = result["rows"] / result["train_cpu_seconds"]
    return Run(name_of(recipe), program, result["version"], turn, speed, share(recipe, speed, peak), result["mse"],
               result["compile_seconds"], mib, "")


def run_command(command, recipe, program, turn, peak):
    out, messages, status, _, mib = call(command)
    if status:
        why = last_line(messages, status)
        return failed(recipe, program, turn, why if status == MISSING else "failed: " + why)
    return run_of(recipe, program, turn, json.loads(out.splitlines()[-1]), mib, peak)


def run_peer(peer, given, recipe, turn, peak):
    command = [getattr(given, peer.python), os.path.join(HERE, peer.script), "--data", given.data,
               "--hidden", recipe.hidden, "--batch-size", str(recipe.batch), "--epochs", str(epochs_of(given, recipe))]
    run = run_command(command + peer.options.split(), recipe, peer.program, turn, peak)
    if peer.python == "old_python" and run.why.startswith("needs"):
        return run._replace(why="needs: apt-get install python3-torch python3-numpy")
    return run


def run_plain(given, recipe, turn, peak, folder):
    if shutil.which(given.cc) is None:
        return failed(recipe, PLAIN, turn, f"needs: a C compiler, --cc {given.cc}")
    program = os.path.join(folder, f"plain-{recipe.hidden}-{recipe.batch}")
    if not os.path.exists(program):
        command = [given.cc, "-O3", "-march=native", "-ffast-math", f"-DHIDDEN={recipe.hidden}",
                   f"-DBATCH={recipe.batch}", os.path.join(HERE, "report_vectors.c"), "-o", program, "-lm"]
        _, messages, status, _, _ = call(command)
        if status:
            return failed(recipe, PLAIN, turn, "failed: " + last_line(messages, status))
    return run_command([program, given.data, str(epochs_of(given, recipe))], recipe, PLAIN, turn, peak)


def run_ours(given, recipe, isa, turn, peak, folder):
    out = tempfile.mkdtemp(dir=folder)
    command = [given.crosslane, "sweep", EXPERIMENT, "--data", given.data, "--out", out, "--isa", isa,
               "--set", f"model.deep.hidden=[{recipe.hidden}]", "--set", f"train.batch_size={recipe.batch}",
               "--set", f"train.epochs={epochs_of(given, recipe)}", "--set", "seeds=[1]",
               "--jobs", "1", "--threads", "1", "--quiet"]
    _, messages, status, _, _ = call(command)
    program = f"{OURS}, {isa}"
    if status:
        return failed(recipe, program, turn, "failed: " + last_line(messages, status))
    name, = glob.glob(os.path.join(out, "trials", "*.json"))
    with open(name, encoding="utf-8") as file:
        record = json.load(file)
    result = {"version": record["build"]["version"], "rows": record["train_rows"] * epochs_of(given, recipe),
              "train_cpu_seconds": record["train_cpu_seconds"], "mse": record["mse"], "compile_seconds": 0}
    return run_of(recipe, program, turn, result, record["peak_rss_kib"] / 1024, peak)


def isas_of(given):
    """The vector instruction sets that this machine runs, the narrow ones first."""
    out, messages, status, _, _ = call([given.crosslane, "cpu"])
    if status:
        sys.exit(messages.rstrip())
    names = next(line for line in out.splitlines() if line.startswith("runs here")).split()[2:]
    return [name for name in names if name != "scalar"] or ["scalar"]


def write_round(given, chosen, turn, isas, absent, folder, file):
    measured = peaks(given, folder)
    widest = measured.get(isas[-1])
    for recipe in given.recipes:
        runs = [lambda isa=isa: run_ours(given, recipe, isa, turn, measured.get(isa), folder)
                for isa in reversed(isas) if OURS in chosen]
        if PLAIN in chosen:
            runs.append(lambda: run_plain(given, recipe, turn, widest, folder))
        for peer in (peer for peer in PEERS if peer.program in chosen):
            runs.append(lambda peer=peer: failed(recipe, peer.program, turn, absent[peer.program])
                        if peer.program in absent else run_peer(peer, given, recipe, turn, widest))
        for run in (start() for start in runs):
            if run.why.startswith("needs"):
                absent[run.program] = run.why  # asked once
            note(file, run)


def note(file, run):
    print(*[text_of(value) for value in run], sep="\t", file=file, flush=True)
    what = run.why or f"{run.rows_per_second:,.0f} rows/s, MSE {run.mse:.4f}"
    print(f"{run.round}  {run.recipe}  {run.program}: {what}", file=sys.stderr)


def write_runs(given, chosen):
    """Rounds, until another one would end after --minutes."""
    isas, absent, begin = isas_of(given), {}, time.monotonic()
    with open(os.path.join(given.out, "runs.tsv"), "w", encoding="utf-8") as file, \
            tempfile.TemporaryDirectory() as folder:
        print(*FIELDS, sep="\t", file=file)
        for turn in range(1, given.rounds + 1):
            started = time.monotonic()
            write_round(given, chosen, str(turn), isas, absent, folder, file)
            now = time.monotonic()
            if now - begin + (now - started) > 60 * given.minutes:
                break


def summary(runs):
    """A run for each recipe and program, of medians over the rounds; the fastest of a recipe first."""
    groups = {}
    for run in runs:
        groups.setdefault(run.recipe, {}).setdefault(run.program, []).append(run)
    for programs in groups.values():
        rows = []
        for group in programs.values():
            bad = [run for run in group if run.why]
            of = lambda key: [value for value in (getattr(run, key) for run in group) if value is not None]
            rows.append(bad[0] if bad else group[0]._replace(
                **{key: statistics.median(of(key)) if of(key) else None for key in NUMBERS}))
        yield sorted(rows, key=lambda run: -(run.rows_per_second or 0))


def table(recipes):
    """Markdown; "x": by how many times the fastest Crosslane is faster."""
    lines = [["layers x batch", "program", "rows/s", "x", "of the limit", "test MSE", "MiB", "compiles, s"],
             ["---", "---"] + ["--:"] * 6]
    for rows in recipes:
        ours = max((run.rows_per_second for run in rows if run.program.startswith(OURS) and not run.why), default=None)
        for run in rows:
            program = " ".join(f"{run.program} {run.version}".split())
            lines.append([run.recipe, program] + ([run.why] + [""] * 5 if run.why else [
                f"{run.rows_per_second:,.0f}", f"{ours / run.rows_per_second:.2f}" if ours else "",
                f"{run.share:.2f}" if run.share is not None else "", f"{run.mse:.3f}", f"{run.mib:.0f}",
                f"{run.compile_seconds:.1f}" if run.compile_seconds else ""]))
    return markdown(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    programs = [OURS, PLAIN] + [peer.program for peer in PEERS]
    parser.add_argument("--data", default=os.environ.get("CROSSLANE_DATA"), help="a MovieLens 100K folder (or set CROSSLANE_DATA)")
    parser.add_argument("--out", default="runs/training", help="where to write (default: runs/training)")
    parser.add_argument("--only", help=f"some of the programs: {','.join(programs)}")
    parser.add_argument("--quick", action="store_true", help="one round of the report's own recipe")
    parser.add_argument("--rounds", type=int, default=5, help="at most (default: 5)")
    parser.add_argument("--minutes", type=float, default=8, help="no round that would end later; there is always one (default: 8)")
    parser.add_argument("--epochs", type=int, help="of every recipe (default: 5, 2, 2, 1 and 1)")
    parser.add_argument("--python", default=sys.executable, help="the Python that has JAX and PyTorch 2 (default: this one)")
    parser.add_argument("--old-python", default="/usr/bin/python3", help="the Python that has PyTorch 1.13 (default: /usr/bin/python3)")
    parser.add_argument("--cc", default="cc", help="the C compiler (default: cc)")
    parser.add_argument("--crosslane", default=os.path.join(ROOT, "build/cli/crosslane"), help="(default: build/cli/crosslane)")
    parser.add_argument("--from", dest="runs", metavar="RUNS.TSV", help="train nothing: the table of such a file")
    given = parser.parse_args()
    chosen = given.only.split(",") if given.only else programs
    for program in chosen:
        if program not in programs:
            parser.error(f"no such program: {program}; there are {', '.join(programs)}")
    if not given.runs and not given.data:
        parser.error("where are the data? --data DIR, or CROSSLANE_DATA=DIR")
    given.recipes = RECIPES[:1] if given.quick else RECIPES
    given.rounds = 1 if given.quick else max(given.rounds, 1)
    return given, chosen


def main():
    given, chosen = arguments()
    if not given.runs:
        os.makedirs(given.out, exist_ok=True)
        write_runs(given, chosen)
    runs = list(read_runs(given.runs or os.path.join(given.out, "runs.tsv"), Run, NUMBERS))
    if not runs:
        sys.exit("no runs")
    print(table(summary(runs)))
    rounds = len({run.round for run in runs})
    print(f"\nmedians of {rounds} round{'s' if rounds > 1 else ''}; rows/s by CPU time, one thread; "
          "x: the fastest Crosslane is so many times as fast")


if __name__ == "__main__":
    main()
