"""The ops of one step as they run: forward, backward, and the optimizer."""

import math
from typing import NamedTuple

import msgspec

from advisor.operation import Op, OpGraph, batched, trained
from advisor.predict import sequence
from advisor.workload import Workload


class Learning(NamedTuple):
    """What is trained: ``trained`` of the graph's parameters, each with so many states."""

    graph: OpGraph
    trained: float
    states: int


def network(workload: Workload) -> OpGraph:
    """Return the graph of one sample; of a language model, of one sequence to train on."""
    if workload.llm:
        return sequence.graph(workload.llm)
    assert workload.graph is not None  # noqa: S101 - a workload is one of the three
    return workload.graph


def learning(workload: Workload, graph: OpGraph) -> Learning:
    """Return what a workload trains; without a stated job by Adam, two states a parameter."""
    some = workload.llm.trained if workload.llm else workload.trained_parameters
    states = workload.job.optimizer_states if workload.job else 2
    return Learning(graph, graph.parameters if some is None else some, states)


Pass = tuple[Op, bool]
# What looks its rows up in a table that is not learned, and what makes a tensor out of nothing (a
# recurrent layer's first state, positions, chances) has no gradient.
_NO_GRADIENT = {
    *("fixed", "zeros", "ones", "full", "arange", "eye", "linspace", "scalar_tensor", "rand"),
    *("randn", "randint", "bernoulli_", "normal_", "uniform_", "new_zeros", "new_ones"),
    *("new_full", "zeros_like", "ones_like", "full_like", "empty_like", "rand_like", "randn_like"),
}  # fmt: skip


def forward(graph: OpGraph, batch: int) -> list[Pass]:
    """Return the ops of a pass without gradients."""
    return [(op, False) for op in batched(graph, batch)]


def training(graph: OpGraph, batch: int) -> list[Pass]:
    """Return the ops of both passes; True stands beside a backward one."""
    found: list[Pass] = []
    for place, op in enumerate(batched(graph, batch)):
        run = trained(op)
        found.append((run, False))
        if op.kernel not in _NO_GRADIENT:
            found.append((_leaf(run) if place == 0 else run, True))
    if graph.dropped:
        size = graph.dropped * batch
        found.append((Op(op="elementwise", kernel="bernoulli_", reads=size, writes=size), False))
    table = _tables(graph)
    return [*found, (Op(op="copy", kernel="zeros", writes=table), False)] if table else found


def _tables(graph: OpGraph) -> float:
    """Return the parameters of tables that are learned: their gradient is filled with zeros."""
    if not any(op.op == "embedding" and op.kernel != "fixed" for op in graph.ops):
        return 0.0
    others = sum(op.count * op.weights for op in graph.ops)
    return max(graph.parameters - others, 0.0)


def _leaf(op: Op) -> Op:
    """Return the first op of a network going backward: nobody asks for its input's gradient."""
    return msgspec.structs.replace(op, kernel="leaf") if op.op in {"conv", "gemm"} else op


# Elements read and written for each parameter by torch's optimizers on a processor, which go over
# a tensor once an operation (torch.optim, _single_tensor_…): p += g · m = μm + g, p += m · Adam's
# lerp, mul, addcmul, sqrt, div, add and addcdiv.
_MOVES = {0: ("sgd", 2, 1), 1: ("momentum", 5, 3), 2: ("adam", 12, 7)}


# Tensors whose sizes differ by less than this factor are stepped over alike; the largest lie in
# main memory while the others stay in a cache.
_ALIKE = 4.0


def optimizer(taught: Learning) -> list[Op]:
    """Return the optimizer's step: an op for all trained tensors of about one size."""
    kernel, reads, writes = _MOVES[min(taught.states, 2)]
    return [
        Op(
            op="optimizer",
            kernel=kernel,
            shape={"n": count},
            reads=(reads - 1) * elements,
            writes=writes * elements,
            weights=elements,
        )
        for count, elements in _sizes(taught)
    ]


def _sizes(taught: Learning) -> list[tuple[int, float]]:
    """Return how many tensors of about one size are trained, and their elements together."""
    graph = taught.graph
    kept = [op for op in graph.ops if op.kernel != "fixed"]
    listed = [(size, op.count) for op in kept for size in _tensors(op)]
    # Tables are what the others leave of the parameters.
    tables = sum(op.count for op in kept if op.op == "embedding" and op.weights == 0)
    rest = graph.parameters - sum(size * count for size, count in listed)
    if tables and rest > 0:
        listed.append((rest / tables, tables))
    whole = sum(size * count for size, count in listed)
    if not whole:
        return [(1, taught.trained)]
    groups: dict[int, tuple[int, float]] = {}
    for size, count in listed:
        place = int(math.log(max(size, 1.0), _ALIKE))
        n, elements = groups.get(place, (0, 0.0))
        groups[place] = (n + count, elements + size * count * taught.trained / whole)
    return [groups[place] for place in sorted(groups)]


def _tensors(op: Op) -> list[float]:
    """Return the sizes of the trained tensors of one op: a matrix, and what stands beside it."""
    if not op.weights:
        return []
    matrix = op.weights
    if op.op == "norm":  # a scale and a shift; a batch norm's mean and variance are not trained
        parts = 4 if op.kernel.startswith("batch_norm") else 2
        return [op.weights / parts] * 2
    if op.op == "gemm":
        matrix = 1.0 * op.shape["n"] * op.shape["k"]
    elif op.op == "conv":
        matrix = 1.0 * op.shape["c"] * op.shape["k"] * op.shape["r"] * op.shape["s"]
        matrix /= op.shape.get("groups", 1)
    beside = op.weights - matrix
    return [matrix, beside] if beside > 0 else [op.weights]
