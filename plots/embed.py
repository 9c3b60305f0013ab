"""Turns files into C texts: embed.py OUT.c HEADER FILE...

The text of NAME.gp is plot_script_NAME, that of NAME.css and NAME.js NAME_css
and NAME_js.
"""

import pathlib
import sys


def literal(line):
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '\\n"'


def name_of(path):
    if path.suffix == ".gp":
        return f"plot_script_{path.stem}"
    return f"{path.stem}_{path.suffix[1:]}"


out, header, *files = sys.argv[1:]
parts = [f'#include "{header}"\n']
for file in map(pathlib.Path, files):
    lines = file.read_text(encoding="utf-8").splitlines()
    text = "\n".join("    " + literal(line) for line in lines)
    parts.append(f"const char {name_of(file)}[] =\n{text};\n")
pathlib.Path(out).write_text("\n".join(parts), encoding="utf-8")
