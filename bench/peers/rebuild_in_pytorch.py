#!/usr/bin/python3
"""rebuild_in_pytorch.py MODEL.safetensors ROWS.csv: a saved model in PyTorch, from its file alone.

Prints what `crosslane predict MODEL --batch ROWS.csv` does, to 1e-5. Needs torch and safetensors
(pip install safetensors). Knows categories, numbers and exact crosses; no bags, no hashing."""
import csv, json, sys  # noqa: E401

import torch
from safetensors import safe_open
from torch.nn import functional as F

ACTIVATIONS = {"relu": F.relu, "leaky_relu": lambda x: F.leaky_relu(x, 0.01), "gelu": F.gelu,
               "tanh": torch.tanh, "sigmoid": torch.sigmoid, "silu": F.silu}
FILM_COLUMNS = {"item_id", "genre", "release_decade"}
with safe_open(sys.argv[1], "pt") as file:
    about = file.metadata()
    tensor = {name: file.get_tensor(name) for name in file.keys()}
model, words = json.loads(about["config"])["model"], json.loads(about["columns"])
tables, numbers = json.loads(about["tables"]), json.loads(about["numbers"])
with open(sys.argv[2], newline="") as file:
    header, *rows = csv.reader(file)


def table_rows(table):
    """The table row of each CSV row; the one behind the last for what was never seen."""
    columns, codes = table["columns"], table["rows"]
    places = [codes[i:i + len(columns)] for i in range(0, len(codes), len(columns))]
    row_of = {tuple(words[c][k] for c, k in zip(columns, p)): r for r, p in enumerate(places)}
    at = [header.index(c) for c in columns]
    return torch.tensor([row_of.get(tuple(row[i] for i in at), len(places)) for row in rows])


names = [t["columns"][0] for t in tables[:sum(n.startswith("embedding.") for n in tensor)]]
embedded = {name: F.pad(tensor["embedding." + name], (0, 0, 0, 1))[table_rows(t)]
            for name, t in zip(names, tables)}
inputs = list(embedded.values())
for n in numbers:
    at, standard = header.index(n["column"]), n["scale"] == "standard"
    given = torch.tensor([[float(row[at] or "nan")] for row in rows], dtype=torch.float64)
    low, high = (n["mean"], n["mean"] + n["deviation"]) if standard else (n["minimum"], n["maximum"])
    filled = given.nan_to_num(n["fallback"])
    inputs.append(((filled - low) / (high - low) if high > low else filled * 0).float())
    inputs += [given.isnan().float()] if n["indicator"] else []
x = torch.cat(inputs, 1) if inputs else torch.zeros(len(rows), 0)
for i in range(len(model["deep"]["hidden"])):
    x = x @ tensor[f"dense.{i}.weight"] + tensor[f"dense.{i}.bias"]
    x = ACTIVATIONS[model["deep"]["activation"]](x)
y = x @ tensor["head.weight"] + tensor["head.bias"]
for table in tables[len(embedded):]:
    y = y + F.pad(tensor["wide." + "*".join(table["columns"])], (0, 1))[table_rows(table)]
if model["interaction"] == "fm":
    v = torch.stack(list(embedded.values()))
    y = y + (v.sum(0) ** 2 - (v ** 2).sum(0)).sum(1) / 2
elif model["interaction"] == "dot":
    films = sum(v for c, v in embedded.items() if c in FILM_COLUMNS)
    y = y + ((sum(embedded.values()) - films) * films).sum(1)
if model.get("head", "linear") != "linear":
    cut, levels = tensor["head.thresholds"], torch.tensor(json.loads(about["levels"]))
    thresholds = torch.cat([cut[:1], cut[1:].exp()]).cumsum(0)
    beyond = torch.sigmoid(model["head"]["slope"] * (y[:, None] - thresholds))
    y = levels[0] + beyond @ levels.diff()
y = y.clamp(1, 5) if model["clip"] else y
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(header + ["prediction"])
out.writerows(row + [f"{p:.6f}"] for row, p in zip(rows, y.tolist()))
