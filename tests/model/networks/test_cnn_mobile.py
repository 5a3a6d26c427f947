"""MobileNetV2 has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 3,504,872 parameters and 0.30 G multiply-adds: docs.pytorch.org/vision, mobilenet_v2.
    graph, multiplied = traced("cnn_mobile")
    assert graph.parameters == pytest.approx(3504872, rel=0)
    assert multiplied == pytest.approx(0.3e9, rel=0.02)
