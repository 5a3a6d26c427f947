"""The ops of one step as they run: forward, backward, and the optimizer."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from advisor.operation import Op, OpGraph, batched, trained, work
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

# What looks rows up in a learned table; other gathers pick from what was computed.
_LOOKS = {"embedding", "embedding_bag"}


def forward(graph: OpGraph, batch: int) -> list[Pass]:
    """Return the ops of a pass without gradients."""
    return [(op, False) for op in batched(graph, batch)]


def training(graph: OpGraph, batch: int) -> list[Pass]:
    """Return the ops of both passes; True stands beside a backward one."""
    found: list[Pass] = []
    for place, op in enumerate(batched(graph, batch)):
        run, leaf = trained(op), op.leaf or place == 0
        found.append((run, False))
        if op.kernel not in _NO_GRADIENT and (_learns(op) or not leaf):
            found.append((_leaf(run) if leaf else run, True))
    if graph.dropped:
        size = graph.dropped * batch
        found.append((Op(op="elementwise", kernel="bernoulli_", reads=size, writes=size), False))
    return found


def _learns(op: Op) -> bool:
    """Say whether weights of an op are trained."""
    return _looked_up(op) or bool(work(op).weights and not op.frozen)


def _looked_up(op: Op) -> bool:
    """Say whether an op looks rows up in a table that is learned."""
    return op.op == "embedding" and op.kernel in _LOOKS


def _leaf(op: Op) -> Op:
    """Return an op going backward of which nobody asks for its input's gradient."""
    return msgspec.structs.replace(op, kernel="leaf") if op.op in {"conv", "gemm"} else op


def updating(taught: Learning) -> list[Op]:
    """Return what follows both passes: gradients as large as weights, and the optimizer's step.

    A learned table's gradient is filled with zeros before rows are added to it; where weights are
    used again, the gradients of their uses are added up.
    """
    graph = taught.graph
    looks, table = sum(op.count for op in graph.ops if _looked_up(op)), _table(graph)
    filled = [Op(op="copy", kernel="zeros", count=looks, writes=table)] if table else []
    again = [op for op in graph.ops if op.tied and _learns(op)]
    sizes = [(op.count, table if _looked_up(op) else op.weights) for op in again]
    added = [Op(op="elementwise", kernel="add", count=count, reads=2 * size, writes=size)
             for count, size in sizes if size]  # fmt: skip
    return [*filled, *added, *optimizer(taught)]


def _table(graph: OpGraph) -> float:
    """Return the parameters of one learned table: what other ops leave of all, in equal parts."""
    tables = _tables(graph)
    others = math.fsum(size * count for size, count in _listed(graph.ops))
    return max(graph.parameters - others, 0.0) / tables if tables else 0.0


def _tables(graph: OpGraph) -> int:
    return sum(op.count for op in graph.ops if _looked_up(op) and not op.tied)


def _listed(ops: Iterable[Op]) -> list[tuple[float, int]]:
    """Return the sizes of the tensors that ops name, each with how many there are."""
    own = (op for op in ops if op.kernel != "fixed" and not op.tied)
    return [(size, op.count) for op in own for size in _tensors(op)]


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
            shape=shape,
            reads=(reads - 1) * elements,
            writes=writes * elements,
            weights=elements,
        )
        for shape, elements in _sizes(taught)
    ]


def _sizes(taught: Learning) -> list[tuple[dict[str, int], float]]:
    """Return how many tensors of about one size are trained, and their elements together.

    A table of which a step looks few rows up is ``sparse``: nearly all of its gradient is nought.
    """
    graph = taught.graph
    table, tables = _table(graph), _tables(graph)
    listed = _listed(op for op in graph.ops if not op.frozen)
    whole = table * tables + sum(size * count for size, count in listed)
    if not whole:
        return [({"n": 1}, taught.trained)]
    share = taught.trained / whole
    groups: dict[int, tuple[int, float]] = {}
    for size, count in listed:
        place = int(math.log(max(size, 1.0), _ALIKE))
        n, elements = groups.get(place, (0, 0.0))
        groups[place] = (n + count, elements + size * count * share)
    found = [({"n": n}, elements) for n, elements in (groups[place] for place in sorted(groups))]
    headed = any(op.tied and op.op == "gemm" for op in graph.ops)  # which scores all of its rows
    rows = {"n": tables} | ({} if headed else {"sparse": 1})
    return [*found, (rows, table * tables * share)] if table else found


def _tensors(op: Op) -> list[float]:
    """Return the sizes of the trained tensors of one op: a matrix, and what stands beside it."""
    if not op.weights:
        return []
    matrix = op.weights
    if op.op == "norm":  # a scale and a shift; a batch norm's mean and variance are not trained
        if "rms" in op.kernel:
            return [op.weights]
        parts = 4 if op.kernel.startswith("batch_norm") else 2
        return [op.weights / parts] * 2
    if op.op == "gemm":
        matrix = 1.0 * op.shape["n"] * op.shape["k"]
    elif op.op == "conv":
        matrix = 1.0 * op.shape["c"] * op.shape["k"] * op.shape["r"] * op.shape["s"]
        matrix /= op.shape.get("groups", 1)
    beside = op.weights - matrix
    return [matrix, beside] if beside > 0 else [op.weights]
