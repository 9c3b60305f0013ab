#!/usr/bin/env python3
"""What a sweep shows on a terminal: progress_test.py CROSSLANE

The sweep runs on a terminal of its own (pty), of 80 and of 120 columns. One line
says how far it is, and is written anew; a trial that fails has a line of its own.
"""
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

CONFIG = """\
schema: 1
name: shown
data:
  source: synthetic
  synthetic: {users: 100, items: 150, ratings: 6000, seed: 4}
  split: {method: random, test: 0.2, validation: 0.1}
model: {deep: {columns: [age, gender, occupation, genre]}}
train: {epochs: 20}
seeds: [1, 2]
sweep:
  method: grid
  parameters:
    model.deep.hidden: {values: [[8], [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]]}
    train.optimizer.learning_rate: {values: [0.01, 100]}
"""


def shown(program, folder, columns, arguments, environment):
    """All that the sweep writes to its terminal, and its exit status."""
    terminal, own = pty.openpty()
    fcntl.ioctl(own, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    ours = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    command = [program, "sweep", "shown.yaml", "--jobs", "1", "--out", "run", *arguments]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=own, env={**ours, **environment}) as process:
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


def best_mean(folder):
    """The lowest mean validation MSE of the architectures that are done, from the records."""
    reached = {}
    trials = os.path.join(folder, "run", "trials")
    for name in os.listdir(trials):
        with open(os.path.join(trials, name), encoding="utf-8") as file:
            record = json.load(file)
        if record["status"] == "done":
            reached.setdefault(record["label"], []).append(record["validation_mse"])
    return min(sum(pair) / 2 for pair in reached.values() if len(pair) == 2)


def check(program, columns, color, must):
    """Some of the trials diverge: steps of 100 through 14 layers."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "shown.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIG)
        written, status = shown(program, folder, columns, [], {} if color else {"NO_COLOR": "1"})
        mean = best_mean(folder)
    must(status == 1, f"exit status {status}, though trials diverge: {written!r}")
    must(("\033[31mFAILED:\033[0m" in written) == color, f"colour, not {color}: {written!r}")
    must(color or not re.search(r"\033\[[\d;]*m", written), f"a style: {written!r}")
    # What a terminal would show of each line that is written anew.
    lines = [line for line in re.split(r"\r\033\[K|\r\n", written) if line]
    states = [line for line in lines if re.match(r"\d+/8 done", line)]
    trials = [line for line in lines if re.match(r"\[\d+/8\] ", line)]
    must(lines[0] == "reading the data", f"nothing is said at first: {lines}")
    must(trials and all("FAILED:" in line for line in trials), f"not the failures alone: {trials}")
    counts = [int(line.split("/")[0]) for line in states]
    must(counts == sorted(counts) and set(counts) >= set(range(8)), f"not each count: {states}")
    must(all(re.match(r"\d+/8 done.*, \d+ s\b", line) or "…" in line for line in states), f"no time: {states}")
    must(max(map(len, states)) <= columns - 1, f"too wide: {states}")
    must(any(", 1 running" in line for line in states), f"nothing in flight: {states}")
    must(any(re.search(r", \d+ failed", line) for line in states), f"no failed: {states}")
    best = [float(found[1]) for line in states if (found := re.search(r"best ([\d.]+)", line))]
    must(best == sorted(best, reverse=True) and abs(best[-1] - mean) < 6e-5, f"best {best}, not {mean}")
    must(re.search(r"trained, .* 2 failed; results in run$", lines[-2]), f"the last line: {lines}")
    if columns < 100:
        must(any(line.endswith("…") for line in states), f"none was cut: {states}")


def main():
    """Both widths, one with colours; and a quiet sweep."""
    faults = []

    def must(holds, what):
        if not holds:
            faults.append(what)

    check(sys.argv[1], 80, True, must)
    check(sys.argv[1], 120, False, must)
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "shown.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIG)
        one = ["--set", "sweep.parameters={train.optimizer.learning_rate: {values: [0.01]}}",
               "--set", "seeds=[1]", "--set", "train.epochs=1500"]
        written, _ = shown(sys.argv[1], folder, 80, [*one, "--out", "long"], {"NO_COLOR": "1"})
        must(re.search(r"0/1 done, 1 running \(epoch \d+/1500\), 1 s", written), f"no epoch: {written!r}")
        written, _ = shown(sys.argv[1], folder, 80, ["--quiet"], {"NO_COLOR": "1"})
        lines = written.replace("\r\n", "\n").splitlines()
        must(all("FAILED:" in line for line in lines[:-2]) and len(lines) == 4, f"not quiet: {lines}")
        must("trained, 0 recorded before, 2 failed" in lines[-2], f"no last line: {lines}")
    for fault in faults:
        print("FAILED:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
