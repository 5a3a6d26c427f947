"""The ops of one step as they run: forward, backward, and the optimizer."""

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


def forward(graph: OpGraph, batch: int) -> list[Pass]:
    """Return the ops of a pass without gradients."""
    return [(op, False) for op in batched(graph, batch)]


def training(graph: OpGraph, batch: int) -> list[Pass]:
    """Return the ops of both passes; True stands beside a backward one."""
    found: list[Pass] = []
    for place, op in enumerate(batched(graph, batch)):
        run = trained(op)
        found.append((run, False))
        if op.kernel != "fixed":
            found.append((_leaf(run) if place == 0 else run, True))
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


def optimizer(taught: Learning) -> Op:
    """Return the optimizer's step as an op over all trained parameters and their states."""
    kernel, reads, writes = _MOVES[min(taught.states, 2)]
    kept = [op for op in taught.graph.ops if op.kernel != "fixed"]
    weighted = [op for op in kept if op.weights or op.op == "embedding"]
    tensors = sum(op.count * (1 if op.op == "embedding" else 2) for op in weighted)
    return Op(
        op="optimizer",
        kernel=kernel,
        shape={"n": max(tensors, 1)},
        reads=(reads - 1) * taught.trained,
        writes=writes * taught.trained,
        weights=taught.trained,
    )
