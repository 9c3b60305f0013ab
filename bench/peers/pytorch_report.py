#!/usr/bin/env python3
"""The report's Wide & Deep model in PyTorch, one thread: eager, or torch.compile.

Written as for speed on one core: all rows as tensors in memory, batches cut from a
permutation, no data loader. Eager has fused Adam where PyTorch has it (from 2.4 on).
--mode compile compiles whole steps, forward, backward and Adam, several in a call.
Rows that fill no call are left out of an epoch.
"""
import os
import time

os.environ["OMP_NUM_THREADS"] = "1"

import report_rows as report  # noqa: E402  (after the number of threads)
from rating_rows import cpu_seconds, np, package  # noqa: E402

torch = package("torch", "torch")
from torch import nn  # noqa: E402

EVALUATION_BATCH = 8192
STEPS = 10  # of a compiled call: fewer are slower, more take minutes to compile
WIDE = 256  # with a layer as wide, what a call costs is little: one step


class WideDeep(nn.Module):
    """rating = wide[cross] + output . deep(embeddings, age) + bias"""

    def __init__(self, sizes, hidden):
        super().__init__()
        crosses, *categories = sizes
        # A one-hot input times a weight is a row of a table. The output is one
        # dense layer over deep and one-hot columns together: its Glorot range
        # counts both.
        self.wide = nn.Embedding(crosses, 1)
        self.embeddings = nn.ModuleList(nn.Embedding(n, report.EMBEDDING_DIM) for n in categories)
        layers, width = [], report.INPUTS
        for units in hidden:
            layers += [nn.Linear(width, units), nn.ReLU(), nn.Dropout(report.DROPOUT)]
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

    def forward(self, codes, age):
        parts = [table(codes[:, i + 1]) for i, table in enumerate(self.embeddings)]
        deep = self.deep(torch.cat(parts + [age], dim=1))
        return (self.output(deep) + self.wide(codes[:, 0])).squeeze(1)


@torch.no_grad()
def mean_squared_error(model, codes, age, ratings):
    model.eval()
    total = 0.0
    for begin in range(0, len(ratings), EVALUATION_BATCH):
        batch = slice(begin, begin + EVALUATION_BATCH)
        error = model(codes[batch], age[batch]) - ratings[batch]
        total += error.double().square().sum().item()
    model.train()
    return total / len(ratings)


def eager(model, rows, batch_size):
    """A function that trains on some rows, and how many at least."""
    new = tuple(int(part) for part in torch.__version__.split(".")[:2]) >= (2, 4)
    optimizer = torch.optim.Adam(model.parameters(), lr=report.RATE, betas=(report.BETA1, report.BETA2),
                                 eps=report.EPSILON, **({"fused": True} if new else {}))
    loss_of = nn.MSELoss()

    def train(order):
        for batch in order.split(batch_size):
            codes, age, ratings = (column[batch] for column in rows)
            optimizer.zero_grad(set_to_none=True)
            loss_of(model(codes, age), ratings).backward()
            optimizer.step()

    return train, batch_size


def compiled(model, rows, batch_size, steps):
    """The same with whole steps compiled."""
    from torch._dynamo import config
    config.trace_autograd_ops = True
    parameters = list(model.parameters())
    first, second = ([torch.zeros_like(weight) for weight in parameters] for _ in range(2))
    count = torch.zeros(())

    def some_steps(codes, age, ratings):
        for step in range(steps):
            loss = nn.functional.mse_loss(model(codes[step], age[step]), ratings[step])
            gradients = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                count.add_(1)
                rate = report.RATE * torch.sqrt(1 - report.BETA2 ** count) / (1 - report.BETA1 ** count)
                for weight, gradient, m, v in zip(parameters, gradients, first, second):
                    m.mul_(report.BETA1).add_(gradient, alpha=1 - report.BETA1)
                    v.mul_(report.BETA2).addcmul_(gradient, gradient, value=1 - report.BETA2)
                    weight.sub_(rate * m / (v.sqrt() + report.EPSILON))
        return loss.detach()

    call = torch.compile(some_steps, dynamic=False, fullgraph=True, options={"cpp_wrapper": True})

    def train(order):
        columns = [column[order].reshape(-1, steps, batch_size, *column.shape[1:]) for column in rows]
        for batches in zip(*columns):
            call(*batches)

    return train, batch_size * steps


def tensors(rows):
    codes = np.stack([rows.cross, rows.gender, rows.occupation, rows.genre], axis=1).astype(np.int64)
    return torch.from_numpy(codes), torch.from_numpy(rows.age).unsqueeze(1), torch.from_numpy(rows.rating)


def main():
    given = report.options(__doc__.splitlines()[0],
                           ("--mode", {"choices": ["eager", "compile"], "default": "eager", "help": "(default: eager)"}))
    torch.set_num_threads(1)
    torch.manual_seed(given.seed)
    every, sizes = report.read_report(given.data)
    rows, test = (tensors(part) for part in report.split(every, given.seed))
    model = WideDeep(sizes, given.hidden)
    if given.mode == "compile":
        train, least = compiled(model, rows, given.batch_size, 1 if max(given.hidden) >= WIDE else STEPS)
    else:
        train, least = eager(model, rows, given.batch_size)
    trained = len(rows[-1]) // least * least

    begin = time.perf_counter()
    for _ in range(2):  # compiles, and allocates once
        train(torch.arange(least))
    compile_seconds = time.perf_counter() - begin if given.mode == "compile" else 0

    begin = cpu_seconds()
    for _ in range(given.epochs):
        train(torch.randperm(len(rows[-1]))[:trained])
        mse = mean_squared_error(model, *test)
    report.answer(torch.__version__, mse, trained * given.epochs, cpu_seconds() - begin, compile_seconds)


if __name__ == "__main__":
    main()
