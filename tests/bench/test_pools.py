"""A pool is timed over the windows that its network has; what has none is a mean of rows."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.bench.hands import Hands  # noqa: E402 - needs torch
from advisor.bench.kernels import callable_of  # noqa: E402
from advisor.bench.messages import Start  # noqa: E402
from advisor.model import trace  # noqa: E402
from advisor.operation import Op, scaled, window, work  # noqa: E402

nn = torch.nn
LAYERS = {
    "halved": (nn.MaxPool2d(2), (6, 14, 12), 4),
    "after a stem": (nn.MaxPool2d(3, 2, 1), (6, 14, 12), 9),
    "as large as before": (nn.MaxPool2d(5, 1, 2), (6, 14, 12), 25),
    "over the edge": (nn.MaxPool2d(3, 2, ceil_mode=True), (6, 14, 12), 9),
    "unlike sides": (nn.MaxPool2d((3, 2), (1, 2), (1, 0)), (6, 14, 12), 6),
    "averaged": (nn.AvgPool2d(2), (6, 14, 12), 4),
    "a line": (nn.AvgPool1d(4, 2, 1), (6, 40), 4),
    "a volume": (nn.MaxPool3d((1, 2, 2)), (6, 8, 14, 12), 4),
    "an averaged volume": (nn.AvgPool3d(2), (6, 8, 14, 12), 8),
}


def run(op, *, backward=False):
    return callable_of(op, Hands(torch, Start(1, ".")), "fp32", "cpu", backward=backward)()


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("batch", [1, 3])
def test_its_output_is_that_of_the_layer(name, batch):
    layer, sizes, places = LAYERS[name]
    graph = trace.graph(layer, lambda n: (torch.empty(n, *sizes, device="meta"),))
    (op,) = (scaled(op, batch) for op in graph.ops)
    wanted = layer(torch.empty(batch, *sizes))
    assert run(op).numel() == wanted.numel() == work(op).writes
    assert window(op) == places
    gradient = run(op, backward=True)
    gradient = gradient[0] if isinstance(gradient, tuple) else gradient
    assert gradient.shape.numel() == batch * torch.Size(sizes).numel()


@pytest.mark.parametrize(
    ("kernel", "made"), [("mean", torch.mean), ("amax", torch.amax), ("sum", torch.sum)]
)
def test_without_windows_rows_become_one_number_each(kernel, made):
    found = run(Op(op="pool", kernel=kernel, reads=64, writes=16))
    x = Hands(torch, Start(1, ".")).normal("operand", 64, "fp32", "cpu")
    assert found.shape == made(x.view(16, 4), 1).shape
