"""What an op computes and moves follows from its shape."""

import pytest

from advisor.operation import Op, OpGraph, batched, op_class, scaled, viewed, window, work

STEM = {"c": 3, "h": 224, "w": 224, "k": 64, "r": 7, "s": 7, "stride": 2, "padding": 3}
ONE_DIMENSION = {"c": 8, "h": 1, "w": 10, "k": 8, "r": 1, "s": 3, "padding_w": 1, "stride_w": 2}
UP = {"c": 4, "h": 5, "w": 5, "k": 2, "r": 2, "s": 2, "stride": 2, "transposed": 1}
HEADS = {"heads": 2, "q": 4, "kv": 4, "d": 8}
GATED = {"steps": 2, "input": 3, "hidden": 4, "gates": 4}


@pytest.mark.parametrize(
    ("op", "flops", "reads", "writes", "weights"),
    [
        (Op(op="gemm", shape={"m": 2, "n": 3, "k": 5}, weights=15), 60, 10, 6, 15),
        (Op(op="gemm", shape={"m": 2, "n": 3, "k": 5, "batch": 7}), 420, 175, 42, 0),
        (Op(op="conv", shape=STEM), 2 * 112**2 * 64 * 147, 3 * 224**2, 64 * 112**2, 9408),
        (Op(op="conv", shape=ONE_DIMENSION), 2 * 5 * 8 * 8 * 3, 80, 40, 192),
        (Op(op="conv", shape=UP), 2 * 25 * 4 * 2 * 4, 100, 200, 32),
        (Op(op="attention", shape=HEADS), 4 * 2 * 4 * 4 * 8, 8 * (8 + 16), 64, 0),
        (Op(op="attention", shape={**HEADS, "causal": 1}), 4 * 2 * 10 * 8, 192, 64, 0),
        (Op(op="recurrent", shape=GATED), 448, 38, 40, 112),
        (Op(op="elementwise", kernel="add", reads=8, writes=4), 0, 8, 4, 0),
    ],
)  # fmt: skip
def test_work(op, flops, reads, writes, weights):
    done = work(op)
    assert (done.flops, done.reads, done.writes, done.weights) == (flops, reads, writes, weights)
    assert done.elements == reads + writes + weights


@pytest.mark.parametrize(
    "op",
    [
        Op(op="gemm", shape={"m": 2, "n": 3, "k": 5}, weights=15),
        Op(op="gemm", shape={"m": 2, "n": 3, "k": 5, "batch": 7}),
        Op(op="conv", shape=STEM),
        Op(op="attention", shape=HEADS),
        Op(op="recurrent", shape=GATED),
        Op(op="norm", kernel="layer_norm", reads=8, writes=8, weights=4, flops=64),
    ],
)
def test_a_batch_multiplies_everything_but_the_weights(op):
    one, many = work(op), work(scaled(op, 6))
    assert (many.flops, many.reads, many.writes) == (6 * one.flops, 6 * one.reads, 6 * one.writes)
    assert many.weights == one.weights


@pytest.mark.parametrize(
    ("op", "name"),
    [
        (Op(op="conv", shape=STEM), "conv"),
        (Op(op="conv", shape={**STEM, "r": 1, "s": 1}), "pointwise"),
        (Op(op="conv", shape={**STEM, "groups": 3}), "depthwise"),
        (Op(op="gemm", weights=1), "gemm"),
        (Op(op="gemm"), "bmm"),
        (Op(op="elementwise", kernel="gelu"), "special"),
        (Op(op="elementwise", kernel="add"), "elementwise"),
        (Op(op="softmax"), "softmax"),
    ],
)
def test_class(op, name):
    assert op_class(op) == name


CONV = {"c": 3, "h": 8, "w": 8, "k": 4, "r": 3, "s": 3}


@pytest.mark.parametrize(
    ("op", "places"),
    [
        (Op(op="pool", kernel="max_pool2d_with_indices", shape={"r": 3, "s": 2}), 6),
        (Op(op="pool", kernel="max_pool3d_with_indices", shape={"t": 2, "r": 2, "s": 2}), 8),
        (Op(op="pool", kernel="mean"), 0),
        (Op(op="conv", shape=CONV), 0),
    ],
)
def test_windows_are_of_pools(op, places):
    assert window(op) == places


@pytest.mark.parametrize("kernel", ["cat", "clone", "stack"])
def test_copies_hand_their_gradient_on(kernel):
    op = Op(op="copy", kernel=kernel, reads=8.0, writes=8.0)
    assert viewed(op, backward=True)
    assert not viewed(op, backward=False)
    assert not viewed(Op(op="copy", kernel="roll"), backward=True)


def test_a_graph_on_a_batch_is_each_of_its_ops_on_it():
    graph = OpGraph(
        ops=(Op(op="gemm", shape={"m": 1, "n": 8, "k": 4}, weights=32.0), Op(op="norm", reads=8.0)),
        parameters=32.0, activations=16.0, workspace=8.0,
    )  # fmt: skip
    assert batched(graph, 16) == tuple(scaled(op, 16) for op in graph.ops)
    assert batched(graph, 16) is batched(graph, 16)


def test_ops_of_one_key_differ_in_nothing_that_takes_time():
    one = Op(op="gemm", shape={"m": 1, "n": 8, "k": 4}, count=3)
    assert one.key == Op(op="gemm", shape={"k": 4, "n": 8, "m": 1}).key
    assert one.key != Op(op="gemm", shape={"m": 1, "n": 8, "k": 5}).key
