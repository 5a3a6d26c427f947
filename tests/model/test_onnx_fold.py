"""Sizes that a graph works out are constants; what could grow without bound is left alone."""

import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")

from advisor.model.onnx_fold import folded  # noqa: E402 - needs onnx
from tests.model.exchange import helper, model, sizes  # noqa: E402


def left(nodes, weights=()):
    graph = model(nodes, {"x": [2, 3]}, weights).graph
    folded(graph, "f")
    return [node.op_type for node in graph.node], {w.name: w for w in graph.initializer}


def test_a_shape_is_a_constant():
    kinds, constants = left([helper.make_node("Shape", ["x"], ["y"])])
    assert not kinds
    assert list(onnx.numpy_helper.to_array(constants["y"])) == [2, 3]


@pytest.mark.parametrize(
    ("node", "values"),
    [
        (helper.make_node("ConstantOfShape", ["c"], ["y"]), [10**6, 10**6]),
        (helper.make_node("Loop", ["c"], ["y"]), [1]),
        (helper.make_node("Relu", ["x"], ["y"]), [1]),
    ],
)
def test_what_is_large_or_loops_or_is_no_size_stays(node, values):
    kinds, _ = left([node], [sizes("c", values)])
    assert kinds == [node.op_type]
