#!/usr/bin/env python3
"""Whether the house stands as docs/ARCHITECTURE.md draws it.

usage: house_test.py SOURCE BUILD CASE

The rooms are the folders of ROOMS, lowest first. A file and its header are one
unit: kernels/dense.c, kernels/gemm.h. The cases:

  arrows      a room includes and calls only rooms below it, as the table in
              docs/ARCHITECTURE.md says
  doors       each room has a door, ROOM/ROOM.h, and other rooms include only
              headers that it names
  circles     no header includes itself by way of others; no unit calls another
              that calls it, by way of others or not
  intrinsics  <immintrin.h> and <arm_neon.h> are included in kernels/ alone
  names       no two source files have one name; none has more than 400 lines
  columns     nothing after the readers names a column of MovieLens
  rows        no file has ratings or films as MovieLens 100K has them
  documented  kernels/kernels.h has the formula of every activation, and
              bench/peers/rebuild_in_pytorch.py knows it
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOMS = ["base", "kernels", "data", "model", "records", "config", "plots", "speeds",
         "results", "serving", "experiments", "library", "bench", "cli"]
LINES_MAX = 400
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
INTRINSICS = re.compile(r"#include <(\w*intrin|arm_neon)\.h>")


def room_of(path):
    return path.split("/")[0]


def unit_of(path):
    return path.rsplit(".", 1)[0]


class House:
    def __init__(self, source, build):
        self.source, self.build = pathlib.Path(source), pathlib.Path(build)
        self.files = {}
        for room in ROOMS:
            for path in sorted((self.source / room).rglob("*")):
                if path.suffix in (".c", ".h", ".cc", ".inc"):
                    self.files[str(path.relative_to(self.source))] = path.read_text("utf-8")

    def includes(self):
        """(file, header) of another unit of the house."""
        for file, text in self.files.items():
            for header in INCLUDE.findall(text):
                if header in self.files and unit_of(header) != unit_of(file):
                    yield file, header

    def calls(self):
        """(unit, unit, symbol): from the objects of the build, by their symbols."""
        mangled = {}  # meson writes "/" as "_" in the name of an object
        for file in self.files:
            room, rest = file.split("/", 1)
            mangled[room, rest.replace("/", "_") + ".o"] = unit_of(file)
        defined, used = {}, []
        for folder in sorted(self.build.glob("*/*.p")):
            for path in sorted(folder.glob("*.o")):
                unit = mangled.get((folder.parent.name, path.name))
                if unit is None:
                    continue
                out = subprocess.run(["nm", str(path)], capture_output=True, text=True, check=True)
                for line in out.stdout.splitlines():
                    kind, symbol = line.split()[-2:]
                    if kind in "TDRB":
                        defined[symbol] = unit
                    elif kind == "U":
                        used.append((unit, symbol))
        if not defined:
            raise SystemExit(f"no objects in {self.build}: is it a build folder?")
        for unit, symbol in used:
            if symbol in defined and defined[symbol] != unit:
                yield unit, defined[symbol], symbol

    def include_reasons(self):
        return {(file, header): f'{file} includes "{header}"' for file, header in self.includes()}

    def call_reasons(self):
        return {(unit, other): f"{unit} calls {symbol} of {other}"
                for unit, other, symbol in self.calls()}


def drawn_arrows(source):
    """Room -> rooms, from the table of docs/ARCHITECTURE.md: | `room/` | door | rooms | ..."""
    rows = {}
    text = (pathlib.Path(source) / "docs/ARCHITECTURE.md").read_text("utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) >= 3 and (name := re.fullmatch(r"`(\w+)/`", cells[0])):
            rows[name[1]] = set(re.findall(r"\w+", cells[2])) - {"nothing"}
    return rows


def check_arrows(house):
    arrows = {room: set() for room in ROOMS}
    for (unit, other), reason in (house.include_reasons() | house.call_reasons()).items():
        one, two = room_of(unit), room_of(other)
        if one == two:
            continue
        arrows[one].add(two)
        if ROOMS.index(two) > ROOMS.index(one):
            yield f"upward, {one} -> {two}: {reason}"
    drawn = drawn_arrows(house.source)
    for room in ROOMS:
        if drawn.get(room) != arrows[room]:
            names = ", ".join(sorted(arrows[room], key=ROOMS.index)) or "nothing"
            yield f"docs/ARCHITECTURE.md should say that {room}/ includes: {names}"


def check_doors(house):
    for room in ROOMS[:-1]:  # nobody enters the program itself
        door = f"{room}/{room}.h"
        if door not in house.files:
            yield f"{room}/ has no door {door}"
            continue
        names = set(re.findall(r"[\w/]+\.(?:h|inc)\b", house.files[door])) | {door}
        for file, header in house.includes():
            if room_of(header) == room != room_of(file) and header not in names:
                yield f'{file} includes "{header}", which {door} does not name'


def circles(graph):
    """Tarjan's strongly connected components (SIAM J. Comput. 1, 1972) of two or more."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(stack[at:])
            del stack[at:]

    sys.setrecursionlimit(10000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def check_circles(house):
    for reasons in (house.include_reasons(), house.call_reasons()):
        graph = {}
        for one, other in reasons:
            graph.setdefault(one, set()).add(other)
        for circle in circles(graph):
            lines = [reason for (one, other), reason in reasons.items()
                     if one in circle and other in circle]
            yield "a circle:\n  " + "\n  ".join(sorted(lines))


def check_intrinsics(house):
    for file, text in house.files.items():
        if room_of(file) != "kernels" and INTRINSICS.search(text):
            yield f"{file} includes intrinsics"


COLUMN_WORDS = re.compile(r"\b(gender|genres?|age|occupation|zip_area)\b")
# Readers, what is generated and other programs know MovieLens; help shows examples of it.
KNOW_MOVIELENS = ("data/readers/", "data/synthetic/", "experiments/", "config/config_help.c",
                  "config/config_examples.c", "cli/commands.inc", "bench/peers/")


def check_columns(house):
    """Nothing after the readers knows what a column of MovieLens is called."""
    for file, text in house.files.items():
        if file.startswith(KNOW_MOVIELENS):
            continue
        code = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
        for number, line in enumerate(code.splitlines(), 1):
            if COLUMN_WORDS.search(line):
                yield f"{file}:{number} names a column of MovieLens: {line.strip()}"


# A user, an item, a rating and a time of 1997 or 1998; a film with its date and its
# address. Users are made up in the very form of theirs: those are not told apart.
MOVIELENS_ROW = re.compile(
    rb"^(?:\d+\t\d+\t[1-5]\t8\d{8}|\d+\|[^|\n]+\|\d\d-[A-Z][a-z]{2}-\d{4}\|[^|\n]*"
    rb"\|http[^|\n]*imdb[^\n]*)\r?$", re.MULTILINE)
NOT_OURS = re.compile(r"\.git|build.*|runs|ml-.*")  # where there is no git to ask


def files_of_git(source):
    """Empty where there is no git, or the folder is one that another tree ignores."""
    command = ["git", "-C", source, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if shutil.which(command[0]) is None:
        return []
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return [source / name for name in listed.stdout.split("\0")[:-1]]


def kept_files(source):
    if files := files_of_git(source):
        return files
    return [path for path in source.rglob("*")
            if not NOT_OURS.fullmatch(path.relative_to(source).parts[0])]


def check_rows(house):
    """MovieLens 100K may not be redistributed: no file holds a row of it."""
    for path in kept_files(house.source):
        if path.is_file() and (row := MOVIELENS_ROW.search(content := path.read_bytes())):
            line = content.count(b"\n", 0, row.start()) + 1
            yield (f"{path.relative_to(house.source)}:{line} looks like a row of MovieLens: "
                   + row[0].decode(errors="replace"))


def check_names(house):
    tests = {str(path.relative_to(house.source)): path.read_text("utf-8")
             for path in sorted((house.source / "tests").rglob("*")) if path.suffix in (".c", ".h")}
    seen = {}
    for file, text in (house.files | tests).items():
        name = file.split("/")[-1]
        if name in seen:
            yield f"{seen[name]} and {file} have one name"
        seen[name] = file
        lines = text.count("\n")
        if lines > LINES_MAX and room_of(file) != "tests":
            yield f"{file} has {lines} lines, more than {LINES_MAX}"


def check_documented(house):
    header = house.files["kernels/kernels.h"]
    peer = (house.source / "bench/peers/rebuild_in_pytorch.py").read_text("utf-8")
    for name in re.findall(r"^ACTIVATION\(\w+, (\w+),", house.files["kernels/activations.inc"],
                           re.MULTILINE):
        if name == "identity":
            continue
        if not re.search(rf"^ \*   {name.replace('_', ' ')}  ", header, re.MULTILINE):
            yield f"kernels/kernels.h has no formula of {name}"
        if f'"{name}"' not in peer:
            yield f"bench/peers/rebuild_in_pytorch.py does not know {name}"


CASES = {"arrows": check_arrows, "doors": check_doors, "circles": check_circles,
         "intrinsics": check_intrinsics, "names": check_names,
         "columns": check_columns, "rows": check_rows, "documented": check_documented}


def main():
    if len(sys.argv) != 4 or sys.argv[3] not in CASES:
        raise SystemExit(__doc__)
    faults = list(CASES[sys.argv[3]](House(sys.argv[1], sys.argv[2])))
    print("\n".join(faults) or "the house stands")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
