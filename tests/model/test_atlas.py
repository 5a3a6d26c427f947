"""Torch's calls are read by what they are."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.model import atlas  # noqa: E402 - needs torch
from advisor.model.shaped import Call  # noqa: E402 - needs torch
from advisor.operation import conv_output, work  # noqa: E402


def tensor(*shape):
    return torch.empty(*shape, device="meta")


def read(name, arguments, out, tags=()):
    return atlas.read(name, Call(name.lstrip("_"), arguments, out), tags)[0]


LEARNED = tensor(1000, 8).requires_grad_()


def test_a_table_that_is_not_trained_has_no_backward_pass():
    op = read("embedding", (tensor(1000, 8), tensor(3)), tensor(3, 8))
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
    op = read("convolution", (*arguments, False, (0,), layer.groups), out)
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
    assert read(name, arguments, None).shape == shape


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
    op = read(name, arguments, out)
    assert (op.op, op.kernel, op.reads, op.writes) == (kind, name.lstrip("_"), reads, writes)


@pytest.mark.parametrize(
    ("name", "tags", "known"),
    [
        ("add", (), False),
        ("add", ("core", "pointwise"), True),
        ("mm", (), True),
        ("logit", (), False),
    ],
)
def test_what_is_not_known_says_so_and_counts_its_bytes(name, tags, known):
    call = Call(name, (tensor(4, 4), tensor(4, 4)), tensor(4, 4))
    op, told = atlas.read(name, call, tags)
    assert told is known
    assert work(op).elements == 48


def test_a_volume_is_convolved_with_the_work_that_it_is():
    layer = torch.nn.Conv3d(4, 6, (3, 5, 5), stride=(2, 1, 1), padding=(1, 2, 2), device="meta")
    x = tensor(2, 4, 8, 16, 16)
    out = layer(x)
    rest = (layer.stride, layer.padding, layer.dilation, False, (0,), 1)
    done = work(read("convolution", (x, layer.weight, layer.bias, *rest), out))
    assert done.flops == 2 * out.numel() * 4 * 3 * 5 * 5
    assert done.writes == out.numel()


def test_a_scatter_in_place_moves_its_rows_alone():
    rows = (tensor(1000, 8), 0, tensor(3), tensor(3, 8))
    assert work(read("index_add_", rows, tensor(1000, 8))).elements == 3 * 24
    assert work(read("index_add", rows, tensor(1000, 8))).elements == 3 * 24 + 2 * 8000
