#!/usr/bin/env python3
"""The report's model in JAX: one jitted function for the whole training, a scan over
the epochs and in it one over the batches.

What was measured to be fastest on one core: the parameters of a small model in one
vector, so that Adam is one loop; dropout masks from a counter that is hashed in vector registers, as JAX's
own generators take longer than the layers; rows put in their order once an epoch.
Rows that fill no batch are left out of an epoch.
"""
import os
import time

os.environ["XLA_FLAGS"] = (os.environ.get("XLA_FLAGS", "")
                           + " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import report_rows as report  # noqa: E402  (after the number of threads)
from rating_rows import cpu_seconds, np, package  # noqa: E402

jax = package("jax", "'jax[cpu]'")
import jax.numpy as jnp  # noqa: E402
from jax.flatten_util import ravel_pytree  # noqa: E402

ONE_VECTOR = 100_000  # up to so many parameters
KEPT = 205  # of 256: a byte of a random word decides on one output
BYTES = (0, 8, 16, 24)  # of a word, by their shifts


def start(key, sizes, hidden):
    """Glorot's uniform weights; the output counts deep and wide inputs together."""
    crosses, *categories = sizes
    keys = iter(jax.random.split(key, len(categories) + len(hidden) + 2))

    def uniform(bound, *shape):
        return jax.random.uniform(next(keys), shape, minval=-bound, maxval=bound)

    layers, width = [], report.INPUTS
    for units in hidden:
        layers.append((uniform((6 / (width + units)) ** 0.5, width, units), jnp.zeros(units)))
        width = units
    bound = (6 / (width + crosses + 1)) ** 0.5
    return {"tables": [uniform(0.05, count, report.EMBEDDING_DIM) for count in categories], "layers": layers,
            "wide": uniform(bound, crosses), "output": uniform(bound, width), "bias": jnp.zeros(())}


def predict(parameters, rows, masks=None):
    """rating = wide[cross] + output . deep(embeddings, age) + bias"""
    cross, gender, occupation, genre, age = rows
    parts = [table[code] for table, code in zip(parameters["tables"], (gender, occupation, genre))]
    deep = jnp.concatenate(parts + [age[:, None]], axis=1)
    for layer, (weights, bias) in enumerate(parameters["layers"]):
        deep = jax.nn.relu(deep @ weights + bias)
        if masks is not None:
            deep = deep * masks[layer]
    return deep @ parameters["output"] + parameters["wide"][cross] + parameters["bias"]


def dropout_masks(key, rows, hidden):
    """0 or 1/kept for each output of each layer, four from one hashed word."""
    first, second = jax.random.key_data(key)
    word = jnp.arange(rows * sum(hidden) // 4, dtype=jnp.uint32) * np.uint32(0x9E3779B9) + first
    word = (word ^ second ^ (word >> 16)) * np.uint32(0x7FEB352D)
    word = (word ^ (word >> 15)) * np.uint32(0x846CA68B)
    word = word ^ (word >> 16)
    byte = jnp.stack([(word >> np.uint32(shift)) & np.uint32(255) for shift in BYTES])
    masks = jnp.where(byte < KEPT, np.float32(256 / KEPT), np.float32(0)).reshape(rows, sum(hidden))
    return jnp.split(masks, np.cumsum(hidden)[:-1], axis=1)


def train(key, train_rows, test_rows, given, sizes):
    """The test rows' MSE after the last epoch."""
    start_key, key = jax.random.split(key)
    weights, parameters_of = start(start_key, sizes, given.hidden), lambda weights: weights
    if ravel_pytree(weights)[0].size <= ONE_VECTOR:
        weights, parameters_of = ravel_pytree(weights)
    batches = len(train_rows[0]) // given.batch_size

    def loss(weights, rows, ratings, masks):
        return jnp.mean((predict(parameters_of(weights), rows, masks) - ratings) ** 2)

    def step(state, batch):
        weights, first, second, count = state
        *rows, ratings, key = batch
        value, gradient = jax.value_and_grad(loss)(weights, rows, ratings,
                                                   dropout_masks(key, given.batch_size, given.hidden))
        count = count + 1
        rate = report.RATE * jnp.sqrt(1 - report.BETA2 ** count) / (1 - report.BETA1 ** count)
        first = jax.tree.map(lambda m, g: report.BETA1 * m + (1 - report.BETA1) * g, first, gradient)
        second = jax.tree.map(lambda v, g: report.BETA2 * v + (1 - report.BETA2) * g * g, second, gradient)
        weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + report.EPSILON), weights, first, second)
        return (weights, first, second, count), value

    def epoch(state, key):
        order_key, dropout_key = jax.random.split(key)
        order = jax.random.permutation(order_key, len(train_rows[0]))[:batches * given.batch_size]
        rows = [column[order].reshape(batches, given.batch_size) for column in train_rows]
        state, losses = jax.lax.scan(step, state, (*rows, jax.random.split(dropout_key, batches)))
        error = predict(parameters_of(state[0]), test_rows[:-1]) - test_rows[-1]
        return state, (losses.mean(), jnp.mean(error * error))

    zeros = jax.tree.map(jnp.zeros_like, weights)
    _, (_, mse) = jax.lax.scan(epoch, (weights, zeros, zeros, jnp.float32(0)), jax.random.split(key, given.epochs))
    return mse[-1]


def main():
    given = report.options(__doc__.splitlines()[0])
    every, sizes = report.read_report(given.data)
    rows = [[jnp.asarray(column) for column in part] for part in report.split(every, given.seed)]
    key = jax.random.key(given.seed, impl="threefry2x32")

    begin = time.perf_counter()
    compiled = jax.jit(lambda *inputs: train(*inputs, given, sizes)).lower(key, *rows).compile()
    compile_seconds = time.perf_counter() - begin

    begin = cpu_seconds()
    mse = jax.block_until_ready(compiled(key, *rows))
    seconds = cpu_seconds() - begin
    trained = len(rows[0][0]) // given.batch_size * given.batch_size * given.epochs
    report.answer(jax.__version__, mse, trained, seconds, compile_seconds)


if __name__ == "__main__":
    main()
