#!/usr/bin/env python3
"""Whether tables keep to the width of the terminal: width_test.py CROSSLANE

Each command runs on a terminal of its own (pty) of 80 and of 120 columns, and
into a pipe, where nothing is left out.
"""
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios

CONFIG = """\
schema: 1
name: wide
data:
  source: synthetic
  synthetic: {users: 60, items: 70, ratings: 1500, seed: 4}
  split: {method: random, test: 0.2, validation: 0.1}
model: {deep: {columns: [age, gender], embedding_dim: 4, hidden: [8]}}
train: {epochs: 1}
seeds: [1, 2, 3]
sweep:
  method: list
  trials:
    - {label: report, model.wide.crosses: [[gender, genre]]}
    - {label: user_id + item_id + gender*age_group*occupation*genres, model.wide.crosses: [[user_id]]}
    - {label: user_id + item_id + user_id*release_decade, model.wide.crosses: [[item_id]]}
"""
LABELS = ["report", "user_id + item_id + gender*age_group*occupation*genres",
          "user_id + item_id + user_id*release_decade"]
SHOW = ["show", "run"]


def environment(**more):
    """Ours without what the program goes by."""
    own = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    return {**own, "NO_COLOR": "1", **more}


def on_terminal(command, folder, columns, **more):
    """The lines that a command prints to a terminal that says it has so many columns."""
    terminal, own = pty.openpty()
    fcntl.ioctl(own, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=own,
                          stderr=subprocess.DEVNULL, env=environment(**more)) as process:
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
        if process.wait() != 0:
            sys.exit(f"FAILED: {command}: status {process.returncode}: {written!r}")
    return written.decode().replace("\r\n", "\n").splitlines()


def in_pipe(command, folder, **more):
    """The same into a pipe."""
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment(**more))
    return done.stdout.decode().splitlines()


def shows_fit(program, folder, must):
    """`show`: by the terminal, by COLUMNS, and 80 where neither is known."""
    command = [program, *SHOW]
    whole = in_pipe(command, folder, COLUMNS="80")
    must(all(any(label in line for line in whole) for label in LABELS), f"a label is broken: {whole}")
    must(max(map(len, whole)) > 140, f"a pipe does not get all: {whole}")
    must(not any("want of room" in line for line in whole), f"columns are missing: {whole}")
    for columns, lines in ((80, on_terminal(command, folder, 80)),
                           (120, on_terminal(command, folder, 120)),
                           (80, on_terminal(command, folder, 0)),
                           (100, on_terminal(command, folder, 80, COLUMNS="100"))):
        must(max(map(len, lines)) <= columns, f"more than {columns} columns: {lines}")
        note = any("not shown for want of room" in line for line in lines)
        must(note == (columns < 120), f"a note or none at {columns} columns: {lines}")
        for word in ("user_id", "item_id", "age_group", "occupation", "release_decade"):
            must(any(word in line for line in lines), f"{word} is broken: {lines}")
    must(on_terminal(command, folder, 200) == whole, "a wide terminal does not get all")
    chosen = on_terminal(command + ["--columns", "wall s,one-hot"], folder, 80)
    heads = [line.split() for line in chosen if line.startswith("architecture")]
    must(heads == [["architecture", "wall", "s", "one-hot"]], f"--columns: {chosen}")


def others_fit(program, folder, must):
    """What else prints a table or a picture, on 80 and on 120 columns."""
    def speeds(name):
        rows = [{"name": f"dense_forward/32x25x64/hot/{isa}/crosslane", "cpu_time": time, "real_time": time,
                 "time_unit": "ns", "launch": launch, "flop": 2000, "bytes": 100, "level": 1}
                for isa, time in (("avx2", 40), ("scalar", 200)) for launch in range(3)]
        context = {"crosslane_cpu": "cpu", "crosslane_commit": "c", "crosslane_compiler": "cc",
                   "crosslane_emulated": "false"}
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump({"context": context, "benchmarks": rows}, file)

    for name in ("a.json", "b.json", "c.json"):
        speeds(name)
    for arguments, without in ((["sweep", "wide.yaml", "--dry-run"], "FLOP/row"),
                               (["sweep", "wide.yaml", "--dry-run", "--trials"], "FLOP/row"),
                               (["compare", "a.json", "b.json", "c.json", "--all"], "C effect")):
        command = [program, *arguments]
        whole = in_pipe(command, folder)
        must(any(without in line for line in whole), f"a pipe does not get {without}: {whole}")
        for columns in (80, 120):
            lines = on_terminal(command, folder, columns)
            must(max(map(len, lines)) <= columns, f"more than {columns} columns: {lines}")
        lines = on_terminal(command, folder, 80)
        must(any("not shown for want of room" in line for line in lines), f"no note: {lines}")
    for columns in (80, 120):
        lines = on_terminal([program, "plot", "run", "--format", "text", "--out", "plots"], folder, columns)
        must(columns - 10 <= max(map(len, lines)) <= columns, f"not {columns} columns: {lines}")


def main():
    """One small run, looked at in each way."""
    faults = []

    def must(holds, what):
        if not holds:
            faults.append(what)

    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "wide.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIG)
        subprocess.run([program, "sweep", "wide.yaml", "--out", "run", "--jobs", "1"], cwd=folder,
                       check=True, stderr=subprocess.DEVNULL)
        shows_fit(program, folder, must)
        others_fit(program, folder, must)
    for fault in faults:
        print("FAILED:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
