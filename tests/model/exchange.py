"""ONNX models made for the tests; weights have sizes but no data, which no reader may miss."""

import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
from onnx import TensorProto, helper  # noqa: E402 - needs onnx


def weight(name, *dims):
    """A tensor that claims to lie in a file which is not there."""
    made = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=dims)
    made.data_location = TensorProto.EXTERNAL
    made.external_data.add(key="location", value="../../../../etc/passwd")
    return made


def sizes(name, values):
    return helper.make_tensor(name, TensorProto.INT64, [len(values)], values)


def model(nodes, inputs, weights=(), outputs=("y",), kind=TensorProto.FLOAT):
    given = [helper.make_tensor_value_info(n, kind, shape) for n, shape in inputs.items()]
    made = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs]
    graph = helper.make_graph(nodes, "g", given, made, list(weights))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def perceptron(batch="batch"):
    """64 → 32 → 8, through sizes that are worked out while it runs."""
    node = helper.make_node
    return model(
        [
            node("Gemm", ["x", "w1", "b1"], ["h"], transB=1),
            node("Relu", ["h"], ["r"]),
            node("Shape", ["r"], ["s"]),
            node("Gather", ["s", "zero"], ["rows"]),
            node("Concat", ["rows", "rest"], ["target"], axis=0),
            node("Reshape", ["r", "target"], ["t"]),
            node("MatMul", ["t", "w2"], ["y"]),
        ],
        {"x": [batch, 64]},
        [weight("w1", 32, 64), weight("b1", 32), weight("w2", 16, 8), sizes("zero", [0]),
         sizes("rest", [2, 16])],
    )  # fmt: skip
