#!/usr/bin/env python3
"""Ratings of the rows of a table by a saved model: rate_table.py MODEL ROWS.csv

    pip install ./python
"""
import sys

import pandas

import crosslane


def main():
    model = crosslane.Model(sys.argv[1])
    words = {name: str for name in model.inputs if model.kind(name) != "number"}
    table = pandas.read_csv(sys.argv[2], dtype=words)
    for rating in model.predict(table):
        print(f"{rating:.6f}")


if __name__ == "__main__":
    main()
