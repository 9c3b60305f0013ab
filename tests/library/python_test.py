#!/usr/bin/env python3
"""The Python package on an installed library: python_test.py MODEL ROWS.csv RUN CONFIG"""
import json
import pathlib
import sys
import threading
import unittest

import numpy as np
import pandas

import crosslane

MODEL, ROWS, RUN, CONFIG = sys.argv[1:]
WORDS = ("gender", "occupation", "genres")


class Models(unittest.TestCase):
    def setUp(self):
        self.model = crosslane.Model(MODEL)
        self.table = pandas.read_csv(ROWS, dtype={name: str for name in WORDS})
        self.expected = self.model.predict(self.table)

    def columns(self):
        codes = {name: self.model.encode(name, self.table[name]) for name in WORDS}
        return {"age": self.table.age.to_numpy(copy=True), **codes}

    def test_a_model_says_what_it_reads(self):
        self.assertEqual(self.model.inputs, ["age", *WORDS])
        self.assertEqual([self.model.kind(name) for name in self.model.inputs],
                         ["number", "category", "category", "multi_hot"])
        self.assertEqual(self.model.words("gender"), ["F", "M"])
        self.assertEqual(self.model.words("age"), [])
        self.assertEqual(len(self.model.levels), 0)
        self.assertEqual(self.model.label, "small")
        self.assertGreater(self.model.mse, 0)

    def test_codes_are_the_words(self):
        self.assertEqual(self.model.encode("gender", ["M", "F", "X", None, np.nan]).tolist(),
                         [1, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF])
        sets = self.model.encode("genres", ["War|Action", "", "none"])
        words = self.model.words("genres")
        self.assertEqual([words[code] for code in sets.codes], ["Action", "War"])
        self.assertEqual(sets.offsets.tolist(), [0, 2, 2, 2])

    def test_all_forms_give_the_same_bits(self):
        columns = self.columns()
        self.assertEqual(self.expected.dtype, np.float32)
        same = self.model.predict(columns)
        self.assertEqual(same.tobytes(), self.expected.tobytes())
        lists = {name: self.table[name].tolist() for name in self.model.inputs}
        self.assertEqual(self.model.predict(lists).tobytes(), same.tobytes())
        signed = {**columns, "gender": columns["gender"].view(np.int32)}
        self.assertEqual(self.model.predict(signed).tobytes(), same.tobytes())
        # With a stride, and backwards.
        wide = np.zeros((len(self.table), 3))
        wide[:, 1] = columns["age"]
        self.assertEqual(self.model.predict({**columns, "age": wide[:, 1]}).tobytes(),
                         same.tobytes())
        turned = {**columns, "age": columns["age"][::-1].copy()[::-1]}
        self.assertEqual(self.model.predict(turned).tobytes(), same.tobytes())
        self.assertEqual(crosslane.Model(MODEL, isa="scalar").predict(columns).tobytes(),
                         same.tobytes())

    def test_arrays_are_read_where_they_lie(self):
        columns, kept = self.columns(), []
        table = (crosslane._library.Column * 4)()
        for i, name in enumerate(self.model.inputs):
            self.model._fill(table[i], name, columns[name], kept)
        self.assertEqual(table[0].values, columns["age"].ctypes.data)
        self.assertEqual(table[1].values, columns["gender"].ctypes.data)
        self.assertEqual(table[3].values, columns["genres"].codes.ctypes.data)

    def test_out_is_filled(self):
        out = np.empty(len(self.table), np.float32)
        self.assertIs(self.model.predict(self.table, out=out), out)
        self.assertEqual(out.tobytes(), self.expected.tobytes())
        with self.assertRaises(crosslane.Error):
            self.model.predict(self.table, out=np.empty(2, np.float32))

    def test_eight_threads_share_a_model(self):
        columns, different = self.columns(), []

        def predict():
            for _ in range(200):
                if self.model.predict(columns).tobytes() != self.expected.tobytes():
                    different.append(1)

        threads = [threading.Thread(target=predict) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(different, [])

    def test_faults_have_their_place(self):
        columns = self.columns()
        columns["age"][3] = np.inf
        with self.assertRaises(crosslane.Error) as fault:
            self.model.predict(columns)
        self.assertEqual(str(fault.exception), "row 4, age: the number is not finite")
        self.assertEqual((fault.exception.kind, fault.exception.line, fault.exception.column),
                         ("usage", 4, 1))
        with self.assertRaisesRegex(crosslane.Error, "no column for 'gender'"):
            self.model.predict({"age": [1.0]})
        with self.assertRaisesRegex(crosslane.Error, "codes or words"):
            self.model.predict({**self.columns(), "gender": np.zeros(5, np.int64)})
        with self.assertRaisesRegex(crosslane.Error, "has 2 rows"):
            self.model.predict({**self.columns(), "gender": np.zeros(2, np.uint32)})
        with self.assertRaisesRegex(crosslane.Error, "linear head"):
            self.model.probabilities(self.columns())
        with self.assertRaises(crosslane.Error) as fault:
            crosslane.Model("none.safetensors")
        self.assertEqual((fault.exception.kind, fault.exception.file),
                         ("data", "none.safetensors"))


class Runs(unittest.TestCase):
    def test_a_run_is_a_table(self):
        run = crosslane.read_run(RUN)
        records = [json.loads(file.read_text()) for file in pathlib.Path(RUN).glob("trials/*")]
        self.assertEqual(len(run), 2)
        self.assertEqual(run.seed.tolist(), [1, 2])
        by_key = {record["key"]: record for record in records}
        for _, row in run.iterrows():
            self.assertEqual(row.mse, by_key[row.key]["mse"])
            self.assertEqual(row.status, "done")
        self.assertEqual(set(run.best_epoch) - {1, 2}, set())  # two epochs: the override

    def test_a_sweep_goes_on_where_it_was(self):
        before = crosslane.read_run(RUN)
        run = crosslane.sweep(CONFIG, out=RUN, jobs=1, seeds=[1, 2], train__epochs=2)
        pandas.testing.assert_frame_equal(run, before)

    def test_faults_are_the_programs(self):
        with self.assertRaisesRegex(crosslane.Error, "train.epochs") as fault:
            crosslane.sweep(CONFIG, out=RUN, train__epochs="many")
        self.assertEqual(fault.exception.kind, "usage")
        with self.assertRaisesRegex(crosslane.Error, "no records"):
            crosslane.read_run("/nowhere")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
