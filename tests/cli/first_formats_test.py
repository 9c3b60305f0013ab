#!/usr/bin/env python3
"""Files of Crosslane 0.1: first_formats_test.py CROSSLANE MODEL

A model of format 1 predicts what its weights say, computed here from the file. The model is
one of the fuzzer's, written by 0.1 after two epochs on 600 synthetic ratings; it has the
columns of MovieLens 100K and no schema. Records of schema 1 are those of today without what
came with schema 2; they are shown and drawn, and no sweep adds to them.
"""
import csv
import glob
import io
import json
import os
import struct
import subprocess
import sys
import tempfile

CONFIG = """\
schema: 1
name: old
data:
  source: synthetic
  synthetic: {users: 40, items: 50, ratings: 900, seed: 4}
model: {deep: {columns: [age, gender], hidden: [4]}}
train: {epochs: 2}
seeds: [1, 2]
"""


def run(*arguments, expected=0):
    result = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if result.returncode != expected:
        sys.exit(f"{arguments}: status {result.returncode}\n{result.stderr}")
    return result


class Model:
    """The file, as its format is documented: a length, JSON, then the tensors."""

    def __init__(self, path):
        with open(path, "rb") as file:
            content = file.read()
        (length,) = struct.unpack("<Q", content[:8])
        self.tensors = json.loads(content[8 : 8 + length])
        self.about = self.tensors.pop("__metadata__")
        self.data = content[8 + length :]
        self.words = json.loads(self.about["columns"])
        self.rows = [table["rows"] for table in json.loads(self.about["tables"])]
        self.number = json.loads(self.about["numbers"])[0]

    def tensor(self, name):
        begin, end = self.tensors[name]["data_offsets"]
        return list(struct.unpack(f"<{(end - begin) // 4}f", self.data[begin:end]))

    def embedding(self, name, table, word):
        """Its row of the table; of a word that has none, zeros."""
        code = self.words[name].index(word) if word in self.words[name] else None
        if code not in self.rows[table]:
            return [0.0] * 8
        row = self.rows[table].index(code)
        return self.tensor("embedding." + name)[8 * row : 8 * row + 8]

    def predict(self, age, gender, occupation, genres, genre):
        low, high = self.number["minimum"], self.number["maximum"]
        words = [self.embedding("genres", 2, word) for word in genres.split("|")]
        pooled = [sum(column) / len(words) for column in zip(*words)]
        inputs = self.embedding("gender", 0, gender) + self.embedding("occupation", 1, occupation)
        inputs += pooled + [(age - low) / (high - low)]
        weight, bias = self.tensor("dense.0.weight"), self.tensor("dense.0.bias")
        score = self.tensor("head.bias")[0]
        for unit, head in enumerate(self.tensor("head.weight")):
            total = bias[unit] + sum(x * weight[4 * i + unit] for i, x in enumerate(inputs))
            score += head * max(total, 0.0)
        pairs = list(zip(self.rows[3][::2], self.rows[3][1::2]))
        pair = (self.words["gender"].index(gender), self.words["genre"].index(genre))
        if pair in pairs:
            score += self.tensor("wide.gender*genre")[pairs.index(pair)]
        return score


def a_model_of_format_1_predicts_what_its_weights_say(program, path):
    model = Model(path)
    if model.about["crosslane"] != "1" or "schema" in model.about:
        sys.exit("the model is not of format 1")
    found = set()
    for case in [
        (30, "F", "artist", "Drama", "Drama"),
        (73, "M", "student", "Action|Comedy|Thriller", "Action"),
        (7, "F", "engineer", "Western", "Western"),
        (45.5, "M", "technician", "Comedy|Drama", "Comedy"),
        (19, "M", "doctor", "Romance", "Romance"),
    ]:
        settings = zip(("age", "gender", "occupation", "genres", "genre"), case)
        options = [part for name, value in settings for part in ("--set", f"{name}={value}")]
        said = run(program, "predict", path, *options, "--format", "csv").stdout
        prediction = float(next(csv.DictReader(io.StringIO(said)))["prediction"])
        if not abs(prediction - model.predict(*case)) < 2e-6:
            sys.exit(f"{case}: {prediction}, but the weights say {model.predict(*case)}")
        found.add(prediction)
    if len(found) < 5:
        sys.exit(f"the cases are no test: {found}")


def the_test_rows_of_a_model_of_format_1_are_refused_by_name(program, path):
    said = run(program, "evaluate", path, expected=2).stderr
    if not said.startswith(
        "crosslane: a model of Crosslane 0.1 (format 1): which rows were its test rows cannot be"
    ):
        sys.exit(said)
    rows = run(program, "evaluate", path, "--split", "all", "--format", "csv").stdout
    if "\nall,all,600," not in rows:
        sys.exit(rows)
    if not said.endswith("\n--split all scores all of them; for test rows, train it again\n"):
        sys.exit(said)
    table = run(program, "evaluate", path, "--split", "all").stdout
    if "(not known whether those of the training), all rows\n" not in table:
        sys.exit(table)
    notes = run(program, "predict", path, "--user", "1", "--item", "1").stderr
    if "a model of Crosslane 0.1 does not tell whether it was trained on this" not in notes:
        sys.exit(notes)


def make_first(path):
    """A record as 0.1 wrote it."""
    with open(path, encoding="utf-8") as file:
        record = json.load(file)
    if record["schema"] != 2:
        sys.exit(f"{path}: schema {record['schema']}")
    record["schema"] = 1
    del record["numerics_version"], record["digest"]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(record, file, indent=2)


def contents():
    files = {}
    for path in glob.glob("runs/old/trials/*"):
        with open(path, "rb") as file:
            files[path] = file.read()
    return files


def records_of_schema_1_are_shown_and_not_added_to(program):
    with open("old.yaml", "w", encoding="utf-8") as file:
        file.write(CONFIG)
    run(program, "sweep", "old.yaml")
    table = run(program, "show", "runs/old", "--format", "csv").stdout
    if len(table.splitlines()) < 2:
        sys.exit(table)
    for path in glob.glob("runs/old/trials/*.json"):
        make_first(path)
    before = contents()
    if run(program, "show", "runs/old", "--format", "csv").stdout != table:
        sys.exit("show has other numbers of the same trials")
    run(program, "plot", "runs/old", "--format", "text")
    for more in ([], ["--rerun"], ["--set", "seeds=[1, 2, 3]"]):
        said = run(program, "sweep", "old.yaml", *more, expected=2).stderr
        if ("runs/old: has records of Crosslane 0.1 (schema 1), which do not compare by key with "
                "new ones\n'crosslane show' still reads them; give another folder with --out"
                not in said):
            sys.exit(f"{more}: {said}")
    said = run(program, "merge", "runs/old", "--out", "runs/all", expected=3).stderr
    if (": a record of Crosslane 0.1 (schema 1)\n" not in said
            or "'crosslane sweep runs/old/config.yaml --out FOLDER'" not in said
            or os.path.exists("runs/all")):
        sys.exit(said)
    if len(before) != 2 or contents() != before:
        sys.exit("the records were changed")
    run(program, "sweep", "old.yaml", "--out", "runs/new")
    if run(program, "show", "runs/new", "--format", "csv").stdout.count("\n") != table.count("\n"):
        sys.exit("the new folder lacks trials")


def main():
    program, model = sys.argv[1:]
    os.environ.pop("CROSSLANE_DATA", None)
    a_model_of_format_1_predicts_what_its_weights_say(program, os.path.abspath(model))
    the_test_rows_of_a_model_of_format_1_are_refused_by_name(program, os.path.abspath(model))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        records_of_schema_1_are_shown_and_not_added_to(program)
        os.chdir("/")


main()
