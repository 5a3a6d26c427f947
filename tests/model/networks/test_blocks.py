"""The shared layers keep shapes, and cross to a memory of another length."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


@pytest.mark.parametrize(
    ("options", "parameters"),
    [({}, 12), ({"first": False}, 12), ({"causal": True, "crossed": True}, 16)],
)
def test_layer(options, parameters):
    from advisor.model.networks.blocks import Layer

    width = 64
    with torch.device("meta"):
        layer = Layer(width, 4, 4 * width, **options)
        x, memory = torch.randn(2, 5, width), torch.randn(2, 9, width)
        assert layer(x, memory).shape == x.shape
    matrices = sum(p.numel() for p in layer.parameters() if p.ndim == 2)
    assert matrices == parameters * width**2
