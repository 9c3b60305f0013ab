#!/usr/bin/env python3
"""How fast ONNX Runtime predicts with the report's model, on one thread.

The graph has the report's shapes (37 wide columns; embeddings of 8 for 2, 21 and 19
words; layers of 64, 32 and 16) and random weights, on which speed does not depend. Inputs
are arrays that are ready before. Each batch is timed by session.run with a dictionary and by
an input-output binding, which saves copies, and the faster one is printed: lines
"program,rows given as,rows a call,microseconds a call,rows a second", as bench/latency.

    pip install numpy onnx onnxruntime
"""
import os
import statistics
import time

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402  (after the number of threads)
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

WORDS = {"cross": 37, "gender": 2, "occupation": 21, "genre": 19}
DIMENSION = 8
HIDDEN = (64, 32, 16)
BATCHES = (1, 32, 1024)
REPETITIONS = 25


def report_graph(random):
    weights, nodes = [], []

    def weight(name, *shape):
        array = random.normal(0, 0.1, shape).astype(np.float32)
        weights.append(numpy_helper.from_array(array, name))
        return name

    for name, words in WORDS.items():
        table = weight(f"{name}_table", words, 1 if name == "cross" else DIMENSION)
        nodes.append(helper.make_node("Gather", [table, name], [f"{name}_rows"]))
    deep = [f"{name}_rows" for name in WORDS if name != "cross"] + ["age"]
    nodes.append(helper.make_node("Concat", deep, ["layer_0"], axis=1))
    width = 3 * DIMENSION + 1
    for number, outputs in enumerate(HIDDEN + (1,)):
        inputs = [f"layer_{number}", weight(f"weight_{number}", width, outputs),
                  weight(f"bias_{number}", outputs)]
        last = number == len(HIDDEN)
        nodes.append(helper.make_node("Gemm", inputs, ["deep" if last else f"sum_{number}"]))
        if not last:
            nodes.append(helper.make_node("Relu", [f"sum_{number}"], [f"layer_{number + 1}"]))
        width = outputs
    nodes.append(helper.make_node("Add", ["deep", "cross_rows"], ["rating"]))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["rows"]) for name in WORDS]
    inputs.append(helper.make_tensor_value_info("age", TensorProto.FLOAT, ["rows", 1]))
    output = helper.make_tensor_value_info("rating", TensorProto.FLOAT, ["rows", 1])
    graph = helper.make_graph(nodes, "report", inputs, [output], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def session_of(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options,
                                        providers=["CPUExecutionProvider"])


def seconds(call, rows):
    """The median of the repetitions, processor time of one call."""
    calls, times = 20000 // rows + 10, []
    for _ in range(REPETITIONS):
        start = time.thread_time()
        for _ in range(calls):
            call()
        times.append((time.thread_time() - start) / calls)
    return statistics.median(times)


def main():
    random = np.random.default_rng(1)
    session = session_of(report_graph(random))
    for rows in BATCHES:
        feed = {name: random.integers(0, words, rows) for name, words in WORDS.items()}
        feed["age"] = random.random((rows, 1), np.float32)
        rating = np.empty((rows, 1), np.float32)
        binding = session.io_binding()
        for name, array in feed.items():
            binding.bind_cpu_input(name, array)
        binding.bind_output("rating", "cpu", 0, np.float32, rating.shape, rating.ctypes.data)
        best = min(seconds(lambda: session.run(None, feed), rows),
                   seconds(lambda: session.run_with_iobinding(binding), rows))
        print(f"ONNX Runtime {onnxruntime.__version__},codes,{rows},{best * 1e6:.3f},"
              f"{rows / best:.0f}")


if __name__ == "__main__":
    main()
