#!/usr/bin/env python3
"""What a sweep shows on a terminal: progress_test.py CROSSLANE

The sweep runs on a terminal of its own (pty). Each trial has a line; below them
one line says how far the sweep is, and is written anew after each.
"""
import os
import pty
import re
import subprocess
import sys
import tempfile

COLUMNS = 79
CONFIG = """\
schema: 1
name: shown
data:
  source: synthetic
  synthetic: {users: 40, items: 50, ratings: 900, seed: 4}
  split: {method: random, test: 0.2, validation: 0.1}
model: {deep: {columns: [age, gender, occupation, genre]}}
train: {epochs: 3}
seeds: [1, 2]
sweep:
  method: grid
  parameters:
    model.deep.hidden: {values: [[8], [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]]}
    train.optimizer.learning_rate: {values: [0.01, 100]}
"""


def shown(program, folder, environment):
    """All that the sweep writes to its terminal, and its exit status."""
    terminal, own = pty.openpty()
    process = subprocess.Popen([program, "sweep", "shown.yaml", "--jobs", "1", "--out", "run"],
                               cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=own, env={**os.environ, **environment})
    os.close(own)
    written = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        written += part
    os.close(terminal)
    return written.decode(), process.wait()


def main():
    """Some of the trials diverge: steps of 100 through 14 layers."""
    faults = []

    def must(holds, what):
        if not holds:
            faults.append(what)

    for color in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "shown.yaml"), "w", encoding="utf-8") as file:
                file.write(CONFIG)
            written, status = shown(sys.argv[1], folder, {} if color else {"NO_COLOR": "1"})
        must(status == 1, f"exit status {status}, though trials diverge: {written!r}")
        must(("\033[31mFAILED:\033[0m" in written) == color, f"colour, not {color}: {written!r}")
        must("FAILED:" in written, f"no failure: {written!r}")
        # What a terminal would show of each line that is written anew.
        lines = [line for line in re.split(r"\r\033\[K|\r\n", written) if line]
        states = [line for line in lines if re.match(r"\d+ of 8 done", line)]
        trials = [line for line in lines if re.match(r"\[\d+/8\] ", line)]
        must([line.split("]")[0] for line in trials] == [f"[{n}/8" for n in range(1, 9)],
             f"not each trial once, in order: {trials}")
        must([line.split()[0] for line in states] == [str(n) for n in range(8)],
             f"not one line after each: {states}")
        must(all(len(line) <= COLUMNS for line in states), f"too wide: {states}")
        must(any(len(line) == COLUMNS for line in states), f"none was cut: {states}")
        must(any(re.search(r", \d+ failed", line) for line in states), f"no failed: {states}")
        best = [float(found[1]) for line in states
                if (found := re.search(r"best validation MSE ([\d.]+)", line))]
        # Of both seeds of an architecture: one alone is no mean yet.
        reached = {}
        for line in trials:
            if found := re.match(r"\[\d+/8\] (.*), seed \d+: test .*, validation ([\d.]+)", line):
                reached.setdefault(found[1], []).append(float(found[2]))
        means = [sum(pair) / 2 for pair in reached.values() if len(pair) == 2]
        must(len(means) > 1 and abs(best[0] - means[0]) < 2e-4 and abs(best[-1] - min(means)) < 2e-4,
             f"best {best} of {reached}")
    for fault in faults:
        print("FAILED:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
