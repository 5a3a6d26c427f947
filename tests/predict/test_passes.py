"""A step runs each op forward, most of them backward, and the optimizer at last."""

import msgspec
import pytest

from advisor.operation import Op, OpGraph
from advisor.predict.passes import Learning, forward, optimizer, training

STEM = Op(op="conv", kernel="convolution", shape={"c": 3, "h": 8, "w": 8, "k": 4, "r": 3, "s": 3})
NORM = Op(op="norm", kernel="batch_norm", reads=64, writes=64, weights=16)
TABLE = Op(op="embedding", kernel="fixed", reads=8, writes=8)
GRAPH = OpGraph(ops=(STEM, NORM, TABLE), parameters=1e6, activations=9, workspace=5)


def test_forward_alone():
    assert [(op.kernel, back) for op, back in forward(GRAPH, 2)] == [
        ("convolution", False), ("batch_norm", False), ("fixed", False),
    ]  # fmt: skip
    assert forward(GRAPH, 2)[1][0].reads == 128


def test_a_learned_table_has_a_gradient_that_is_filled_with_zeros():
    learned = Op(op="embedding", kernel="embedding", reads=8, writes=8)
    gemm = Op(op="gemm", shape={"m": 1, "n": 10, "k": 10}, weights=100, count=2)
    graph = OpGraph(ops=(learned, gemm), parameters=5200, activations=9, workspace=5)
    op, backward = training(graph, 2)[-1]
    assert (op.op, op.kernel, op.writes, op.reads, backward) == ("copy", "zeros", 5000, 0, False)


def test_training_takes_statistics_and_leaves_out_what_nobody_asks_for():
    assert [(op.kernel, back) for op, back in training(GRAPH, 2)] == [
        ("convolution", False), ("leaf", True),
        ("batch_norm_training", False), ("batch_norm_training", True),
        ("fixed", False),
    ]  # fmt: skip


@pytest.mark.parametrize("kernel", ["zeros", "arange", "rand", "zeros_like", "new_full"])
def test_what_is_made_out_of_nothing_has_no_gradient(kernel):
    made = Op(op="copy", kernel=kernel, writes=8)
    graph = msgspec.structs.replace(GRAPH, ops=(STEM, made))
    assert [back for op, back in training(graph, 2) if op.kernel == kernel] == [False]


@pytest.mark.parametrize(
    ("states", "kernel", "moved"), [(0, "sgd", 3), (1, "momentum", 8), (2, "adam", 19)]
)
def test_the_optimizer_goes_over_all_that_is_trained(states, kernel, moved):
    ops = optimizer(Learning(GRAPH, 1e6, states))
    assert {op.kernel for op in ops} == {kernel}
    assert sum(op.weights for op in ops) == pytest.approx(1e6)
    assert sum(op.reads + op.writes + op.weights for op in ops) == pytest.approx(moved * 1e6)


def test_a_large_table_is_stepped_over_by_itself():
    table = Op(op="embedding", kernel="embedding", reads=8, writes=8)
    layer = Op(op="gemm", shape={"m": 1, "n": 100, "k": 200}, weights=20_100, count=6)
    graph = OpGraph(ops=(table, layer), parameters=120_600 + 8e6, activations=9, workspace=5)
    small, middle, large = optimizer(Learning(graph, graph.parameters, 2))
    assert (small.shape["n"], small.weights) == (6, 600)
    assert (middle.shape["n"], middle.weights) == (6, 120_000)
    assert (large.shape["n"], large.weights) == (1, 8e6)
    half = optimizer(Learning(graph, graph.parameters / 2, 2))
    assert sum(op.weights for op in half) == pytest.approx(graph.parameters / 2)


def test_chances_are_drawn_in_training_alone():
    graph = msgspec.structs.replace(GRAPH, dropped=50.0)
    added = [op for op, _ in training(graph, 4) if op.kernel == "bernoulli_"]
    assert [(op.op, op.writes) for op in added] == [("elementwise", 200)]
    assert all(op.kernel != "bernoulli_" for op, _ in forward(graph, 4))
