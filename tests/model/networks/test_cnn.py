"""ResNet-50 has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 25,557,032 parameters and 4.09 G multiply-adds: docs.pytorch.org/vision, resnet50.
    graph, multiplied = traced("cnn")
    assert graph.parameters == pytest.approx(25557032, rel=0)
    assert multiplied == pytest.approx(4.09e9, rel=0.02)
