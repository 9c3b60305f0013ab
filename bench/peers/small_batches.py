#!/usr/bin/env python3
"""Matrix factorization in small batches: Crosslane and Cornac in turns, on one fold.

Prints a table (Markdown) of CPU seconds of training: medians over --rounds, in each of
which every program runs once. Cornac takes one rating a step, in the order of the file.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FACTORS = {10: 25, 100: 60}  # epochs
BATCHES = [1, 4, 16]
OPTIMIZERS = ["sgd", "adagrad"]
CONFIG = """
schema: 1
name: factors
data: {source: movielens, split: {method: folds, folds: [u1]}}
model:
  wide: {crosses: [[user_id], [item_id]]}
  deep: {columns: [user_id, item_id], hidden: []}
  interaction: dot
train: {optimizer: {learning_rate: 0.01}, l2: {embeddings: 0.01}}
seeds: [1]
"""


def run(command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def cornac(given, factors):
    command = [given.python, os.path.join(HERE, "cornac_factors.py"), "--data", given.data, "--fold", "u1"]
    return run(command + ["--factors", str(factors), "--epochs", str(FACTORS[factors])])["train_cpu_seconds"]


def crosslane(given, config, factors, optimizer, batch):
    keys = {"model.deep.embedding_dim": factors, "train.epochs": FACTORS[factors], "train.batch_size": batch,
            "train.optimizer.name": optimizer}
    sets = [word for key, value in keys.items() for word in ("--set", f"{key}={value}")]
    return run([given.crosslane, "trial", config, "--data", given.data, *sets])["train_cpu_seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("CROSSLANE_DATA"))
    parser.add_argument("--python", default=sys.executable, help="the Python that has Cornac")
    parser.add_argument("--crosslane", default=os.path.join(ROOT, "build/cli/crosslane"))
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    seconds = {}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        config.write(CONFIG)
        config.flush()
        for _ in range(given.rounds):
            for factors in FACTORS:
                seconds.setdefault(factors, []).append(cornac(given, factors))
                for optimizer in OPTIMIZERS:
                    for batch in BATCHES:
                        took = crosslane(given, config.name, factors, optimizer, batch)
                        seconds.setdefault((factors, optimizer, batch), []).append(took)
    print("| factors, epochs | optimizer | " + " | ".join(f"batches of {batch}" for batch in BATCHES) + " | Cornac |")
    print("|---|---|---|---|---|---|")
    for factors, epochs in FACTORS.items():
        peer = statistics.median(seconds[factors])
        for optimizer in OPTIMIZERS:
            ours = [statistics.median(seconds[factors, optimizer, batch]) for batch in BATCHES]
            cells = [f"{took:.3f} s ({took / peer:.1f} x)" for took in ours] + [f"{peer:.3f} s"]
            print(f"| {factors}, {epochs} | `{optimizer}` | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
