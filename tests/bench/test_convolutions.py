"""A convolution over a volume is timed as one, whatever it is told as."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.bench.hands import Hands  # noqa: E402 - needs torch
from advisor.bench.kernels import callable_of  # noqa: E402
from advisor.bench.messages import Start  # noqa: E402
from advisor.model import trace  # noqa: E402
from advisor.operation import scaled, work  # noqa: E402

LAYERS = {
    "plain": lambda: torch.nn.Conv3d(4, 8, 3, padding=1),
    "unlike sides": lambda: torch.nn.Conv3d(4, 8, (3, 5, 1), (2, 1, 1), (1, 2, 0), bias=False),
    "in groups": lambda: torch.nn.Conv3d(4, 8, 3, padding=1, groups=2),
    "transposed": lambda: torch.nn.ConvTranspose3d(4, 6, 2, 2),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("batch", [1, 2])
def test_its_output_is_that_of_the_layer(name, batch):
    with torch.device("meta"):
        layer = LAYERS[name]()
    graph = trace.graph(layer, lambda n: (torch.empty(n, 4, 6, 10, 12),))
    (op,) = (scaled(op, batch) for op in graph.ops if op.op == "conv")
    made = callable_of(op, Hands(torch, Start(1, ".")), "fp32", "cpu")()
    wanted = layer(torch.empty(batch, 4, 6, 10, 12, device="meta"))
    assert made.shape == wanted.shape
    assert work(op).weights == sum(p.numel() for p in layer.parameters())


def test_it_goes_backward():
    with torch.device("meta"):
        graph = trace.graph(LAYERS["plain"](), lambda n: (torch.empty(n, 4, 6, 10, 12),))
    (op,) = graph.ops
    gradients = callable_of(op, Hands(torch, Start(1, ".")), "fp32", "cpu", backward=True)()
    assert [one.shape for one in gradients[:2]] == [(1, 4, 6, 10, 12), (8, 4, 3, 3, 3)]
