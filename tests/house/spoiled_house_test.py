#!/usr/bin/env python3
"""Whether house_test.py finds what it is there for: spoiled_house_test.py SOURCE BUILD

Each fault is put into a copy of the sources, alone, and must be found by its case.
"""
import pathlib
import shutil
import sys
import tempfile

import house_test

FAULTS = [
    ("arrows", "base/text.c", '#include "model/train.h"\n'),
    ("arrows", "records/record.c", '#include "kernels/isa.h"\n'),
    ("doors", "cli/main.c", '#include "config/sweep_axes.h"\n'),
    ("circles", "base/error.h", '#include "base/text_table.h"\n'),
    ("intrinsics", "model/train.c", "#include <immintrin.h>\n"),
    ("columns", "model/train.c", "int gender;\n"),
    ("rows", "tests/fuzz/corpus/movielens/rating", "7\t9\t3\t8" + "00000000\n"),
    ("rows", "docs/film", "1|A Film (1990)|01-Feb-1990||http://us.imdb.com/M/title|0|1\n"),
    ("documented", "kernels/activations.inc", "ACTIVATION(NONE_SUCH, none_such, true)\n"),
    ("names", "serving/dense.c", "int dense;\n"),
    ("names", "base/error.c", "\n" * house_test.LINES_MAX),
]


def main():
    source, build = map(pathlib.Path, sys.argv[1:])
    missed = 0
    for case, file, text in FAULTS:
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            for room in [*house_test.ROOMS, "docs", "tests"]:
                shutil.copytree(source / room, copy / room)
            path = copy / file
            path.write_text(text + (path.read_text("utf-8") if path.exists() else ""), "utf-8")
            found = list(house_test.CASES[case](house_test.House(copy, build)))
        print(f"{case}: {file}: {found[0] if found else 'NOT FOUND'}")
        missed += not found
    # Two units that call each other, as symbols tell.
    calls = {("a", "b"): "a calls b", ("b", "a"): "b calls a", ("b", "c"): "b calls c"}
    graph = {"a": {"b"}, "b": {"a", "c"}}
    missed += [sorted(circle) for circle in house_test.circles(graph)] != [["a", "b"]]
    house = house_test.House(source, build)
    house.call_reasons = lambda: calls
    missed += len(list(house_test.check_circles(house))) != 1
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
