"""Nodes are read as the standard defines them."""

import pytest

from advisor.conditions import sound
from advisor.model.onnx_nodes import Node, known, op
from advisor.operation import work


def node(kind, inputs, output, fixed=(), **attributes):
    told = tuple(i in fixed for i in range(len(inputs)))
    return Node(kind, inputs, output, told, attributes)


@pytest.mark.parametrize(
    ("given", "flops", "weights"),
    [
        (node("MatMul", ((2, 7, 4), (4, 5)), (2, 7, 5), (1,)), 2 * 14 * 20, 20),
        (node("MatMul", ((3, 7, 4), (3, 4, 5)), (3, 7, 5)), 2 * 3 * 7 * 20, 0),
        (node("MatMul", ((5, 4), (4, 7)), (5, 7), (0,)), 2 * 7 * 20, 20),
        (node("Gemm", ((2, 4), (5, 4), (5,)), (2, 5), (1, 2), transB=1), 2 * 2 * 20, 25),
        (node("Gemm", ((4, 2), (4, 5)), (2, 5), (1,), transA=1), 2 * 2 * 20, 20),
        (node("Einsum", ((2, 7, 4), (2, 4, 5)), (2, 7, 5), equation="bij,bjk->bik"),
         2 * 14 * 20, 0),
        (node("Conv", ((1, 8, 9, 9), (6, 8, 3, 3), (6,)), (1, 6, 5, 5), (1, 2), strides=[2, 2],
              pads=[1, 1, 1, 1]), 2 * 6 * 8 * 9 * 25, 438),
        (node("Conv", ((1, 8, 10), (8, 1, 3)), (1, 8, 8), (1,), group=8), 2 * 8 * 3 * 8, 24),
        (node("Conv", ((1, 4, 6, 8, 8), (2, 4, 3, 3, 3)), (1, 2, 4, 6, 6), (1,)),
         2 * 2 * 4 * 27 * 4 * 36, 216),
        (node("ConvTranspose", ((1, 8, 5, 5), (8, 4, 2, 2)), (1, 4, 10, 10), (1,), strides=[2, 2]),
         2 * 8 * 4 * 4 * 25, 128),
        (node("LSTM", ((9, 2, 16), (1, 128, 16), (1, 128, 32), (1, 256)), (9, 1, 2, 32), (1, 2, 3),
              hidden_size=32), 2 * 9 * 2 * 128 * 48, 128 * 48 + 256),
        (node("Attention", ((2, 8, 10, 16), (2, 8, 12, 16), (2, 8, 12, 16)), (2, 8, 10, 16)),
         4 * 2 * 8 * 10 * 12 * 16, 0),
    ],
)  # fmt: skip
def test_work(given, flops, weights):
    (found,) = op(given)
    done = work(found)
    assert done.flops == flops
    assert done.weights == weights


def test_a_convolution_writes_what_the_node_says_whatever_its_padding():
    same = node("Conv", ((1, 3, 224, 224), (8, 3, 3, 3)), (1, 8, 112, 112), (1,), strides=[2, 2],
                auto_pad="SAME_UPPER")  # fmt: skip
    assert work(op(same)[0]).writes == 8 * 112 * 112


@pytest.mark.parametrize(
    ("given", "kernel", "shape"),
    [
        (node("MaxPool", ((1, 8, 9, 9),), (1, 8, 5, 5), kernel_shape=[3, 3], strides=[2, 2],
              pads=[1, 1, 1, 1]), "max_pool2d_with_indices",
         {"c": 8, "h": 9, "w": 9, "r": 3, "s": 3, "stride": 2, "padding": 1}),
        (node("AveragePool", ((1, 8, 10),), (1, 8, 5), kernel_shape=[2], strides=[2]),
         "avg_pool2d", {"c": 8, "h": 1, "w": 10, "r": 1, "s": 2, "stride": 1, "stride_w": 2}),
        (node("MaxPool", ((1, 8, 4, 6, 6),), (1, 8, 2, 3, 3), kernel_shape=[2, 2, 2],
              strides=[2, 2, 2]), "max_pool3d_with_indices",
         {"c": 8, "h": 6, "w": 6, "r": 2, "s": 2, "stride": 2,
          "depth": 4, "t": 2, "stride_d": 2, "padding_d": 0}),
        (node("MaxPool", ((1, 8, 9, 9),), (1, 8, 5, 5)), "maxpool", {}),
    ],
)  # fmt: skip
def test_a_pool_says_its_windows(given, kernel, shape):
    (found,) = op(given)
    assert (found.op, found.kernel, found.shape) == ("pool", kernel, shape)
    assert sound(found)


def test_moving():
    (found,) = op(node("Add", ((4, 4), (4,)), (4, 4), (1,)))
    assert (found.reads, found.weights, found.writes) == (16, 4, 16)
    (found,) = op(node("Gather", ((1000, 8), (3,)), (3, 8), (0,)))
    assert (found.op, found.kernel, work(found).elements) == ("embedding", "embedding", 48)
    assert known("Add")
    assert not known("Wonder")
