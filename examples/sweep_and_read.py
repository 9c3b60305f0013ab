#!/usr/bin/env python3
"""A sweep from Python, and its records as a table: sweep_and_read.py CONFIG FOLDER

The overrides are keys of the config by their dotted paths.
"""
import sys

import crosslane


def main():
    run = crosslane.sweep(sys.argv[1], out=sys.argv[2],
                          **{"seeds": [1, 2], "train.epochs": 2})
    best = run.groupby("label").mse.mean().sort_values()
    for label, mse in best.items():
        print(f"{label}  {mse:.4f}")


if __name__ == "__main__":
    main()
