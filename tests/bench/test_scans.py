"""Kernels with an order of their own are timed as what they are, in the sizes that an op says."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.bench.hands import Hands  # noqa: E402 - needs torch
from advisor.bench.kernels import callable_of  # noqa: E402
from advisor.bench.messages import Start  # noqa: E402
from advisor.operation import Op  # noqa: E402

COUNT = 64 * 100


def run(kind, kernel, *, backward=False, reads=COUNT, writes=COUNT):
    op = Op(op=kind, kernel=kernel, reads=reads, writes=writes)
    return callable_of(op, Hands(torch, Start(1, ".")), "fp32", "cpu", backward=backward)()


def test_gathered_rows_lie_apart():
    found = run("embedding", "gather")
    assert found.shape == (1, 100, 64)
    assert len({float(row[0]) for row in found[0]}) == 100


@pytest.mark.parametrize("kernel", ["scatter_add", "scatter_add_", "index_add"])
def test_rows_are_added_into_a_tensor(kernel):
    # 6,400 are added into 1,280: read twice, and the tensor is copied first.
    found = run("embedding", kernel, reads=2 * COUNT + 1280, writes=COUNT + 1280)
    assert found.numel() == 1280


def test_sums_run_along_an_axis_inside():
    assert run("elementwise", "cumsum", reads=2**18, writes=2**18).shape == (4, 64, 1024)


@pytest.mark.parametrize("kernel", ["bernoulli_", "native_dropout"])
def test_chances_are_drawn(kernel):
    found = run("elementwise", kernel)
    assert set(found.tolist()) == {0.0, 1.0}
    assert 0.85 < float(found.mean()) < 0.95


@pytest.mark.parametrize("kernel", ["upsample_nearest2d", "upsample_bilinear2d"])
@pytest.mark.parametrize(
    ("reads", "shape"),
    [
        (2**16, (1, 64, 64, 64)),
        (2**18, (1, 256, 64, 64)),
        (2**20, (4, 256, 64, 64)),
        (7, (1, 7, 2, 2)),
    ],
)
def test_maps_are_doubled(kernel, reads, shape):
    assert run("copy", kernel, reads=reads, writes=4 * reads).shape == shape


@pytest.mark.parametrize(
    ("kind", "kernel"),
    [("embedding", "gather"), ("elementwise", "cumsum"), ("copy", "upsample_nearest2d")],
)
def test_backward(kind, kernel):
    assert run(kind, kernel, backward=True) is not None
