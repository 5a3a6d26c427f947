"""What a graph keeps: weights once, and of what it makes the most that is alive."""

import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")

from advisor.errors import AdvisorError  # noqa: E402 - needs onnx
from advisor.model.onnx_graph import read  # noqa: E402
from tests.model.exchange import helper, model, weight  # noqa: E402


def inferred(nodes, inputs, weights=()):
    return onnx.shape_inference.infer_shapes(model(nodes, inputs, weights), data_prop=True).graph


def test_memory():
    node = helper.make_node
    graph = inferred(
        [
            node("Relu", ["x"], ["a"]),
            node("Add", ["a", "w"], ["b"]),
            node("Add", ["b", "b"], ["y"]),
        ],
        {"x": [1, 10]},
        [weight("w", 10)],
    )
    found = read(graph, "f")
    assert (found.parameters, found.inputs) == (10, 10)
    assert found.activations == 30
    assert found.workspace == 20  # each is freed after its last use


def test_a_kind_that_is_not_known_is_said():
    made = helper.make_node("Wonder", ["x"], ["y"], domain="mine")
    graph = model([made], {"x": [1, 10]}).graph
    graph.output[0].type.tensor_type.shape.dim.add(dim_value=4)
    found = read(graph, "f")
    assert (found.ops[0].reads, found.ops[0].writes) == (10, 4)
    assert "Wonder is not known" in found.notes[0]


def test_what_is_worked_out_from_weights_alone_is_done_before():
    node = helper.make_node
    graph = inferred(
        [node("Transpose", ["w"], ["v"]), node("MatMul", ["x", "v"], ["y"])],
        {"x": [1, 4]}, [weight("w", 6, 4)],
    )  # fmt: skip
    found = read(graph, "f")
    assert [op.op for op in found.ops] == ["gemm"]
    assert found.parameters == 24


def test_a_product_without_shape_is_refused():
    graph = model([helper.make_node("MatMul", ["x", "z"], ["y"])], {"x": [1, 4]}).graph
    with pytest.raises(AdvisorError, match="MatMul"):
        read(graph, "f")
