"""Torch's calls are read by what they are."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.model import atlas  # noqa: E402 - needs torch
from advisor.operation import conv_output, work  # noqa: E402


def tensor(*shape):
    return torch.empty(*shape, device="meta")


LEARNED = tensor(1000, 8).requires_grad_()


def test_a_table_that_is_not_trained_has_no_backward_pass():
    op = atlas.read("embedding", (tensor(1000, 8), tensor(3)), tensor(3, 8))
    assert (op.op, op.kernel) == ("embedding", "fixed")


@pytest.mark.parametrize(
    ("rank", "options"),
    [
        (1, {"stride": 2, "padding": 3}),
        (2, {"stride": 2, "padding": 1}),
        (2, {"stride": (1, 2), "padding": (0, 1)}),
        (2, {"padding": 2, "dilation": 2, "groups": 4}),
    ],
)
def test_a_convolution_has_the_output_that_torch_gives(rank, options):
    layer = {1: torch.nn.Conv1d, 2: torch.nn.Conv2d}[rank](8, 12, 3, device="meta", **options)
    x = tensor(2, 8, *([17] * rank))
    out = layer(x)
    arguments = (x, layer.weight, layer.bias, layer.stride, layer.padding, layer.dilation)
    op = atlas.read("convolution", (*arguments, False, (0,), layer.groups), out)
    assert conv_output(op.shape)[-rank:] == tuple(out.shape[2:])
    assert work(op).writes == out.numel()


@pytest.mark.parametrize(
    ("name", "arguments", "shape"),
    [
        ("mm", (tensor(2, 3), tensor(3, 5)), {"m": 2, "n": 5, "k": 3}),
        ("addmm", (tensor(5), tensor(2, 3), tensor(3, 5)), {"m": 2, "n": 5, "k": 3}),
        ("bmm", (tensor(7, 2, 3), tensor(7, 3, 5)), {"m": 2, "n": 5, "k": 3, "batch": 7}),
    ],
)
def test_products(name, arguments, shape):
    assert atlas.read(name, arguments, None).shape == shape


@pytest.mark.parametrize(
    ("name", "arguments", "out", "kind", "reads", "writes"),
    [
        ("add", (tensor(4, 4), tensor(4)), tensor(4, 4), "elementwise", 20, 16),
        ("cat", ([tensor(4), tensor(6)],), tensor(10), "copy", 10, 10),
        ("_softmax", (tensor(4, 4), -1, False), tensor(4, 4), "softmax", 16, 16),
        ("mean", (tensor(4, 4), [1]), tensor(4), "pool", 16, 4),
        ("embedding", (LEARNED, tensor(3)), tensor(3, 8), "embedding", 24, 24),
    ],
)
def test_moving(name, arguments, out, kind, reads, writes):
    op = atlas.read(name, arguments, out)
    assert (op.op, op.kernel, op.reads, op.writes) == (kind, name.lstrip("_"), reads, writes)
