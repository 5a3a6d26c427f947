"""A step runs each op forward, most of them backward, and the optimizer at last."""

import msgspec
import pytest

from advisor.operation import Op, OpGraph
from advisor.predict.passes import Learning, forward, optimizer, training, updating

STEM = Op(op="conv", kernel="convolution", shape={"c": 3, "h": 8, "w": 8, "k": 4, "r": 3, "s": 3})
NORM = Op(op="norm", kernel="batch_norm", reads=64, writes=64, weights=16)
TABLE = Op(op="embedding", kernel="fixed", reads=8, writes=8)
GRAPH = OpGraph(ops=(STEM, NORM, TABLE), parameters=1e6, activations=9, workspace=5)


def test_forward_alone():
    assert [(op.kernel, back) for op, back in forward(GRAPH, 2)] == [
        ("convolution", False), ("batch_norm", False), ("fixed", False),
    ]  # fmt: skip
    assert forward(GRAPH, 2)[1][0].reads == 128


LOOK = Op(op="embedding", kernel="embedding", reads=8, writes=8, leaf=True)
HEAD = Op(op="gemm", shape={"m": 1, "n": 10, "k": 10}, weights=100, count=2)


def updates(*ops: Op, parameters: float) -> list[tuple[str, int, float]]:
    """Return kernel, count and elements written of all that comes before the optimizer."""
    graph = OpGraph(ops=ops, parameters=parameters, activations=9, workspace=5)
    listed = updating(Learning(graph, parameters, 2))
    return [(op.kernel, op.count, op.writes) for op in listed if op.op != "optimizer"]


AGAIN = msgspec.structs.replace(HEAD, tied=True)


@pytest.mark.parametrize(
    ("ops", "parameters", "wanted"),
    [
        ((LOOK, HEAD), 5200, [("zeros", 1, 5000)]),
        ((LOOK, msgspec.structs.replace(LOOK, tied=True)), 500,
         [("zeros", 2, 500), ("add", 1, 500)]),
        ((LOOK, AGAIN), 100, [("zeros", 1, 100), ("add", 2, 100)]),
        ((STEM, msgspec.structs.replace(AGAIN, frozen=True)), 108, []),
        ((STEM, msgspec.structs.replace(LOOK, kernel="index_select")), 208, []),
    ],
    ids=["a table", "a table used twice", "a head that is the table", "frozen", "no table"],
)  # fmt: skip
def test_gradients_are_filled_and_added_up(ops, parameters, wanted):
    assert updates(*ops, parameters=parameters) == wanted


@pytest.mark.parametrize(
    ("ops", "parameters", "wanted"),
    [
        ((LOOK, HEAD), 5200, {"n": 1, "sparse": 1}),
        ((LOOK, AGAIN), 100, {"n": 1}),
    ],
    ids=["few rows are looked up", "a head scores all rows"],
)
def test_a_table_is_a_group_of_its_own(ops, parameters, wanted):
    graph = OpGraph(ops=ops, parameters=parameters, activations=9, workspace=5)
    assert optimizer(Learning(graph, parameters, 2))[-1].shape == wanted


def test_weights_that_are_used_again_are_stepped_over_once():
    again = msgspec.structs.replace(AGAIN, count=9)
    graph = OpGraph(ops=(STEM, HEAD, again), parameters=308, activations=9, workspace=5)
    steps = optimizer(Learning(graph, 308, 2))
    assert sum(op.weights for op in steps) == pytest.approx(308)
    assert sum(op.shape["n"] for op in steps) == 2  # of the head's count; a stem lists no weights


LEAVES = [
    (msgspec.structs.replace(HEAD, leaf=True), ["leaf"]),
    (msgspec.structs.replace(HEAD, leaf=True, frozen=True), []),
    (LOOK, ["embedding"]),
    (Op(op="pool", kernel="mean", reads=80, writes=8, leaf=True), []),
    (Op(op="pool", kernel="mean", reads=80, writes=8), ["mean"]),
]


@pytest.mark.parametrize(("op", "wanted"), LEAVES)
def test_before_a_leaf_nothing_asks_for_a_gradient(op, wanted):
    graph = msgspec.structs.replace(GRAPH, ops=(STEM, op))
    assert [run.kernel for run, back in training(graph, 2)[2:] if back] == wanted


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
