"""Turns gnuplot scripts into C texts: embed.py OUT.c SCRIPT.gp..."""

import pathlib
import sys


def literal(line):
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '\\n"'


out, *scripts = map(pathlib.Path, sys.argv[1:])
parts = ['#include "results/plot_parts.h"\n']
for script in scripts:
    lines = script.read_text(encoding="utf-8").splitlines()
    text = "\n".join("    " + literal(line) for line in lines)
    parts.append(f"const char plot_script_{script.stem}[] =\n{text};\n")
out.write_text("\n".join(parts), encoding="utf-8")
