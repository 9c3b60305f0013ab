#!/usr/bin/python3
"""The report's Wide & Deep model on MovieLens 100K in PyTorch, one thread.

A peer for timing experiments/report.yaml: the same columns, layers,
initialisation, optimizer and batches, written as a PyTorch user would for
speed on one core: all rows as tensors in memory, batches cut from a
permutation, no data loader. PyTorch's random numbers are its own, so that the
MSE agrees with Crosslane's within the spread over seeds, not to the bit.

Prints the loss of each epoch, and at the end the seconds of the training
(evaluation once an epoch included, as in Crosslane's train_seconds) and the
MSE of the test rows after the last epoch.
"""
import argparse
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"

import torch  # noqa: E402  (after the number of threads)
from torch import nn  # noqa: E402

EMBEDDING_DIM = 8
HIDDEN = (64, 32, 16)
DROPOUT = 0.2
TEST_FRACTION = 0.2
EVALUATION_BATCH = 8192


def read_lines(folder, name, encoding="utf-8"):
    with open(os.path.join(folder, name), encoding=encoding) as file:
        return [line.rstrip("\n") for line in file if line.strip()]


def codes(values):
    """Alphabetical codes, from 0."""
    return {value: code for code, value in enumerate(sorted(set(values)))}


def read_ratings(folder):
    """One row a rating: wide code, deep codes (gender, occupation, genre),
    scaled age, rating; and the sizes of the four dictionaries.

    The dictionaries and the age's range come from all rows, before the split,
    as the report has it.
    """
    genre_names = [line.split("|")[0] for line in read_lines(folder, "u.genre")]
    genre_code = codes(genre_names)
    genre = {}
    for line in read_lines(folder, "u.item", encoding="latin-1"):
        fields = line.split("|")
        flags = fields[5:]
        genre[fields[0]] = genre_code[genre_names[flags.index("1")]]

    users = {}
    for line in read_lines(folder, "u.user"):
        user, age, gender, occupation, _zip = line.split("|")
        users[user] = (float(age), {"F": 0, "M": 1}[gender], occupation)
    occupation_code = codes(occupation for _, _, occupation in users.values())
    youngest = min(age for age, _, _ in users.values())
    oldest = max(age for age, _, _ in users.values())

    ages, deep, ratings = [], [], []
    for line in read_lines(folder, "u.data"):
        user, item, rating, _time = line.split("\t")
        age, gender, occupation = users[user]
        ages.append((age - youngest) / (oldest - youngest))
        deep.append((gender, occupation_code[occupation], genre[item]))
        ratings.append(float(rating))

    crossed = [(gender, genre) for gender, _, genre in deep]
    cross_code = codes(crossed)
    sizes = (len(cross_code), 2, len(occupation_code), len(genre_code))
    return (
        torch.tensor([cross_code[pair] for pair in crossed]),
        torch.tensor(deep),
        torch.tensor(ages).unsqueeze(1),
        torch.tensor(ratings),
        sizes,
    )


class WideDeep(nn.Module):
    """rating = w[cross] + v . deep(embeddings, age) + b"""

    def __init__(self, sizes):
        super().__init__()
        crosses, *categories = sizes
        # A one-hot input times a weight is a row of a table. The output is one
        # dense layer over deep and one-hot columns together: its Glorot range
        # counts both.
        self.wide = nn.Embedding(crosses, 1)
        self.embeddings = nn.ModuleList(nn.Embedding(n, EMBEDDING_DIM) for n in categories)
        layers, width = [], len(categories) * EMBEDDING_DIM + 1
        for units in HIDDEN:
            layers += [nn.Linear(width, units), nn.ReLU(), nn.Dropout(DROPOUT)]
            width = units
        self.deep = nn.Sequential(*layers)
        self.output = nn.Linear(width, 1)

        for embedding in self.embeddings:
            nn.init.uniform_(embedding.weight, -0.05, 0.05)
        for layer in self.deep:
            if isinstance(layer, nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)
        bound = (6.0 / (width + crosses + 1)) ** 0.5
        nn.init.uniform_(self.wide.weight, -bound, bound)
        nn.init.uniform_(self.output.weight, -bound, bound)
        nn.init.zeros_(self.output.bias)

    def forward(self, cross, categories, age):
        parts = [table(categories[:, i]) for i, table in enumerate(self.embeddings)]
        deep = self.deep(torch.cat(parts + [age], dim=1))
        return (self.output(deep) + self.wide(cross)).squeeze(1)


@torch.no_grad()
def mean_squared_error(model, rows):
    model.eval()
    *inputs, ratings = rows
    total = 0.0
    for begin in range(0, len(ratings), EVALUATION_BATCH):
        batch = slice(begin, begin + EVALUATION_BATCH)
        error = model(*(column[batch] for column in inputs)) - ratings[batch]
        total += error.double().square().sum().item()
    model.train()
    return total / len(ratings)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("CROSSLANE_DATA"), metavar="DIR",
                        help="MovieLens 100K (default: the environment's CROSSLANE_DATA)")
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("name the data with --data or CROSSLANE_DATA")

    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    *columns, sizes = read_ratings(arguments.data)
    order = torch.randperm(len(columns[-1]))
    test_rows = int(TEST_FRACTION * len(order))
    test = [column[order[:test_rows]] for column in columns]
    train = [column[order[test_rows:]] for column in columns]

    model = WideDeep(sizes)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, betas=(0.9, 0.999), eps=1e-7)
    loss_of = nn.MSELoss()
    rows = len(train[-1])
    print(f"torch {torch.__version__}, {rows} training and {test_rows} test rows, "
          f"{sizes[0]} wide columns, {sum(p.numel() for p in model.parameters())} parameters")

    test_mse = float("nan")
    started = time.perf_counter()
    for epoch in range(1, arguments.epochs + 1):
        total = torch.zeros((), dtype=torch.float64)
        for batch in torch.randperm(rows).split(arguments.batch_size):
            cross, categories, age, ratings = (column[batch] for column in train)
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(model(cross, categories, age), ratings)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(batch)
        test_mse = mean_squared_error(model, test)
        print(f"epoch {epoch:3}  training loss {total.item() / rows:.6f}  "
              f"test MSE {test_mse:.6f}  {time.perf_counter() - started:.1f} s")
    seconds = time.perf_counter() - started
    print(f"seconds {seconds:.3f}  test_mse {test_mse:.6f}")


if __name__ == "__main__":
    sys.exit(main())
