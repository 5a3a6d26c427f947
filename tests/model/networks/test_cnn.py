"""ResNet-50 is ResNet-50."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size():
    from advisor.model.networks import cnn

    with torch.device("meta"):
        network = cnn.build()
    # 25,557,032 parameters: docs.pytorch.org/vision, models.resnet50.
    assert sum(p.numel() for p in network.parameters()) == 25_557_032
    assert network(*(t.to("meta") for t in cnn.inputs(2))).shape == (2, 1000)
