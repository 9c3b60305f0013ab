#!/usr/bin/env python3
"""A few steps of training, computed without Crosslane: what trajectory_test.c
expects. Written from the formulas that the documents and the headers give, in
Python's doubles, with gradients by central differences of the loss.

  python3 tests/model/trajectory.py > tests/model/trajectory_numbers.inc

It is run by hand, when a case is added; never to make a failing test pass."""

import math

SEED = 7
TRAIN = [0, 1, 3, 4, 5, 7, 8, 10, 12, 13]
VALIDATION = [2, 9]
TEST = [6, 11, 14]
# Age and gender (0: F, 1: M) of each user; genres, the first of them, and the
# year (None: unknown) of each film; user, film, rating of each row.
USERS = [(24, 1), (53, 0), (23, 1), (33, 0)]
FILMS = [([0], 0, 1995), ([0, 1], 1, 1990), ([1, 2], 1, None), ([2], 2, 1980), ([0, 1, 2], 0, 1997)]
ROWS = [
    (0, 0, 4), (0, 1, 3), (0, 2, 5), (1, 0, 2), (1, 2, 4), (1, 3, 1), (1, 4, 5), (2, 1, 2),
    (2, 3, 3), (2, 4, 4), (3, 0, 5), (3, 1, 4), (3, 2, 2), (3, 4, 3), (2, 0, 1),
]


# --- random numbers: Salmon et al., SC'11, section 3.3; Lemire, TOMACS 29(1) ---

def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


class Random:
    def __init__(self, stream, part1):
        self.words, self.block, self.stream, self.part1 = [], 0, stream, part1

    def u32(self):
        if not self.words:
            self.words = philox([self.block, 0, self.part1, self.stream], [SEED, 0])
            self.block += 1
        return self.words.pop(0)

    def below(self, bound):
        while True:
            product = self.u32() * bound
            if product % 2**32 >= 2**32 % bound:
                return product >> 32

    def real(self):
        return (self.u32() >> 8) / 2**24


INITIALISATION, SHUFFLE, DROPOUT = 2, 3, 4


# --- what the model reads ---

def numbers():
    """For each row: age in [0, 1] of the training rows; the year, standardised,
    and whether it is missing."""
    ages = [USERS[ROWS[r][0]][0] for r in TRAIN]
    years = [FILMS[ROWS[r][1]][2] for r in TRAIN]
    years = [y for y in years if y is not None]
    mean = sum(years) / len(years)
    deviation = math.sqrt(sum((y - mean) ** 2 for y in years) / len(years))
    out = []
    for user, film, _ in ROWS:
        year = FILMS[film][2]
        out.append([
            (USERS[user][0] - min(ages)) / (max(ages) - min(ages)),
            0.0 if year is None else (year - mean) / deviation,
            1.0 if year is None else 0.0,
        ])
    return out


def table(codes_of_row):
    """Codes of the training rows, ascending."""
    return sorted({code for r in TRAIN for code in codes_of_row(ROWS[r])})


def gender(row):
    return [USERS[row[0]][1]]


def genre(row):
    return [FILMS[row[1]][1]]


def genres(row):
    return FILMS[row[1]][0]


def cross(row):
    return [USERS[row[0]][1] * 3 + FILMS[row[1]][1]]


COLUMNS = [("gender", gender), ("genre", genre), ("genres", genres)]
DICTIONARY = {name: table(codes) for name, codes in COLUMNS + [("cross", cross)]}
NUMBERS = numbers()


def rows_of(name, codes, row):
    return [DICTIONARY[name].index(c) for c in codes(row) if c in DICTIONARY[name]]


# --- the model ---

def activation(name, z):
    if name == "relu":
        return max(0.0, z)
    if name == "leaky_relu":
        return z if z > 0 else 0.01 * z
    if name == "tanh":
        return math.tanh(z)
    sigmoid = 1 / (1 + math.exp(-z))
    if name == "sigmoid":
        return sigmoid
    if name == "silu":
        return z * sigmoid
    return z * 0.5 * (1 + math.erf(z / math.sqrt(2)))  # gelu


class Model:
    """Weights are lists of rows; tensors in the order of Crosslane's files."""

    def __init__(self, case):
        self.case = case
        dims = case["dims"]
        self.width = sum(dims) + 3
        shapes = [(len(DICTIONARY[name]), dim, 0.05) for (name, _), dim in zip(COLUMNS, dims)]
        combinations = len(DICTIONARY["cross"])
        shapes.append((combinations, 1, None))
        inputs = self.width
        for outputs in case["hidden"]:
            shapes.append((inputs, outputs, math.sqrt(6 / (inputs + outputs))))
            shapes.append((1, outputs, 0.0))
            inputs = outputs
        head = math.sqrt(6 / (inputs + combinations + 1))  # wide weights are part of the head
        shapes[3] = (combinations, 1, head)
        shapes += [(1, inputs, head), (1, 1, 0.0)]
        self.tensors = []
        for t, (rows, columns, limit) in enumerate(shapes):
            random = Random(INITIALISATION, t)
            self.tensors.append([
                [limit * (2 * random.real() - 1) if limit > 0 else 0.0 for _ in range(columns)]
                for _ in range(rows)
            ])

    def embeddings(self, r):
        out = []
        for t, (name, codes) in enumerate(COLUMNS):
            rows = rows_of(name, codes, ROWS[r])
            vector = [sum(self.tensors[t][i][d] for i in rows) for d in range(self.case["dims"][t])]
            if name == "genres" and rows:
                n = len(rows)
                by = {"sum": 1, "mean": 1 / n, "rsqrt": 1 / math.sqrt(n)}[self.case["pooling"]]
                vector = [by * v for v in vector]
            out.append(vector)
        return out

    def predict(self, r, keep=None):
        """keep(layer, output): the factor of dropout."""
        embeddings = self.embeddings(r)
        h = [v for vector in embeddings for v in vector] + NUMBERS[r]
        for layer, outputs in enumerate(self.case["hidden"]):
            weight, bias = self.tensors[4 + 2 * layer], self.tensors[5 + 2 * layer]
            z = [sum(x * row[j] for x, row in zip(h, weight)) + bias[0][j] for j in range(outputs)]
            h = [activation(self.case["activation"], v) for v in z]
            if keep:
                h = [v * keep(layer, j) for j, v in enumerate(h)]
        y = sum(x * v for x, v in zip(h, self.tensors[-2][0])) + self.tensors[-1][0][0]
        y += sum(self.tensors[3][i][0] for i in rows_of("cross", cross, ROWS[r]))
        if self.case["interaction"] == "dot":  # the user's gender with both of the film's
            film = [a + b for a, b in zip(embeddings[1], embeddings[2])]
            y += sum(a * b for a, b in zip(embeddings[0], film))
        elif self.case["interaction"] == "fm":
            for i in range(3):
                for j in range(i):
                    y += sum(a * b for a, b in zip(embeddings[i], embeddings[j]))
        return y


def dropout(case, step, place):
    """The factors for the row at `place` of the batch of this step."""
    def keep(layer, j):
        threshold = int(65536 * case["dropout"][layer] + 0.5)
        if threshold == 0:
            return 1.0
        group = place * ((case["hidden"][layer] + 15) // 16) + j // 16
        word = philox([16 * (group // 8) + j % 16, step, layer, DROPOUT], [SEED, 0])[group % 8 // 2]
        half = word & 0xFFFF if group % 2 == 0 else word >> 16
        return 65536 / (65536 - threshold) if half >= threshold else 0.0

    return keep


# --- training ---

def schedule(case, epoch):
    name = case["schedule"][0]
    if name == "step":
        return case["schedule"][2] ** (epoch // case["schedule"][1])
    if name == "cosine":
        least = case["schedule"][1]
        return least + (1 - least) * (1 + math.cos(math.pi * epoch / case["epochs"])) / 2
    if name == "inverse_time":
        return 1 / (1 + case["schedule"][1] * epoch)
    return 1.0


def batch_loss(model, batch, step):
    total = 0.0
    for place, r in enumerate(batch):
        total += (model.predict(r, dropout(model.case, step, place)) - ROWS[r][2]) ** 2
    return total / len(batch)


def read_rows(batch, t):
    if t >= 3:
        return None
    name, codes = COLUMNS[t]
    return {i for r in batch for i in rows_of(name, codes, ROWS[r])}


def gradients(model, batch, step):
    """Of the loss and its penalties: factor * sum of squares, of embeddings the
    rows of the batch, biases none."""
    wide, embeddings, deep = model.case["l2"]
    out, h, last = [], 1e-5, len(model.tensors)
    for t, tensor in enumerate(model.tensors):
        bias = t == last - 1 or (3 < t < last - 2 and t % 2 == 1)
        factor = embeddings if t < 3 else wide if t == 3 else 0.0 if bias else deep
        read = read_rows(batch, t)
        rows = []
        for i, row in enumerate(tensor):
            g = []
            for j, w in enumerate(row):
                row[j] = w + h
                above = batch_loss(model, batch, step)
                row[j] = w - h
                below = batch_loss(model, batch, step)
                row[j] = w
                penalty = 2 * factor * w if read is None or i in read else 0.0
                g.append((above - below) / (2 * h) + penalty)
            rows.append(g)
        out.append(rows)
    return out


class Optimizer:
    """Of one weight."""

    def __init__(self, spec):
        self.spec, self.a, self.b, self.inverse = spec, 0.0, 0.0, 1 / spec["rate"]

    def step(self, w, g, factor, t):
        rate, name = self.spec["rate"] * factor, self.spec["name"]
        if name in ("adam", "adamw"):
            self.a = 0.9 * self.a + 0.1 * g
            self.b = 0.999 * self.b + 0.001 * g * g
            decay = rate * self.spec["decay"] if name == "adamw" else 0.0
            corrected = rate * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            return w - decay * w - corrected * self.a / (math.sqrt(self.b) + 1e-7)
        if name == "sgd":
            self.a = self.spec["momentum"] * self.a + g
            return w - rate * self.a
        self.b += g * g
        if name == "adagrad":
            return w - rate * g / (math.sqrt(self.b) + 1e-7)
        # FTRL-Proximal: McMahan et al., KDD 2013, algorithm 1, for rates that change
        inverse = (1 + math.sqrt(self.b)) / rate
        self.a += g - (inverse - self.inverse) * w
        self.inverse = inverse
        l1, l2 = self.spec["l1"], self.spec["l2"]
        if abs(self.a) <= l1:
            return 0.0
        return -(self.a - math.copysign(l1, self.a)) / (inverse + l2)


def error(model, rows, of=lambda e: e * e):
    total = 0.0
    for r in rows:
        y = model.predict(r)
        if model.case["clip"]:
            y = min(max(y, 1.0), 5.0)
        total += of(y - ROWS[r][2])
    return total / len(rows)


def train(case):
    model = Model(case)
    optimizers = [
        [[Optimizer(case["wide"] if t == 3 and case["wide"] else case["optimizer"]) for _ in row]
         for row in tensor]
        for t, tensor in enumerate(model.tensors)
    ]
    order, step, curve = list(TRAIN), 0, []
    for epoch in range(case["epochs"]):
        random = Random(SHUFFLE, epoch)
        for last in range(len(order), 1, -1):
            chosen = random.below(last)
            order[last - 1], order[chosen] = order[chosen], order[last - 1]
        squares = 0.0
        for first in range(0, len(order), case["batch"]):
            batch = order[first : first + case["batch"]]
            squares += len(batch) * batch_loss(model, batch, step)
            g = gradients(model, batch, step)
            step += 1
            for t, tensor in enumerate(model.tensors):
                read = read_rows(batch, t) if case["lazy"] else None
                for i, row in enumerate(tensor):
                    if read is not None and i not in read:
                        continue
                    for j in range(len(row)):
                        row[j] = optimizers[t][i][j].step(row[j], g[t][i][j], schedule(case, epoch), step)
        curve.append((squares / len(order), error(model, VALIDATION), error(model, TEST)))
    return model, curve


def case(name, **settings):
    out = {
        "name": name, "dims": [3, 2, 4], "pooling": "mean", "hidden": [5, 3], "activation": "relu",
        "dropout": [0.25, 0.0], "interaction": "none", "l2": (0.0, 0.0, 0.0), "lazy": False,
        "optimizer": {"name": "adam", "rate": 0.02}, "wide": None, "schedule": ("constant",),
        "epochs": 3, "batch": 4, "clip": False,
    }
    out.update(settings)
    return out


CASES = [
    case("adam, a step schedule, penalties", schedule=("step", 1, 0.5), l2=(0.02, 0.03, 0.01)),
    case("adamw, cosine, ftrl on the wide part", activation="tanh", pooling="rsqrt",
         optimizer={"name": "adamw", "rate": 0.02, "decay": 0.5}, schedule=("cosine", 0.1),
         wide={"name": "ftrl", "rate": 0.1, "l1": 0.01, "l2": 0.3}),
    case("sgd with momentum, dot", activation="sigmoid", dims=[3, 3, 3], interaction="dot",
         pooling="sum", optimizer={"name": "sgd", "rate": 0.02, "momentum": 0.9},
         schedule=("inverse_time", 0.5), dropout=[0.0, 0.4]),
    case("adagrad, fm, clip", activation="silu", dims=[3, 3, 3], interaction="fm", clip=True,
         optimizer={"name": "adagrad", "rate": 0.1}, hidden=[18], dropout=[0.1]),
    case("lazy adam", activation="gelu", lazy=True, l2=(0.0, 0.05, 0.0), dropout=[0.0, 0.0],
         batch=3),
]


def number(value):
    return f"{value:.9g}" if "." in f"{value:.9g}" or "e" in f"{value:.9g}" else f"{value:.9g}.0"


def main():
    print("/* Written by trajectory.py: of each case the training loss, validation and test")
    print(" * MSE of the epochs; of the trained model the training MSE and the test rows'")
    print(" * mean absolute error; of each tensor the sum of its weights, and that of")
    print(" * (k + 1) times weight k, by rows. */")
    for c in CASES:
        model, curve = train(c)
        print(f'{{"{c["name"]}",')
        print(" {" + ",\n  ".join("{" + ", ".join(number(v) for v in e) + "}" for e in curve) + "},")
        print(f" {number(error(model, TRAIN))}, {number(error(model, TEST, abs))},")
        sums = []
        for tensor in model.tensors:
            flat = [w for row in tensor for w in row]
            sums.append((sum(flat), sum((k + 1) * w for k, w in enumerate(flat))))
        print(f" {len(sums)},")
        print(" {" + ",\n  ".join("{" + ", ".join(number(v) for v in s) + "}" for s in sums) + "}},")


main()
