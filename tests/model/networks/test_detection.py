"""SSD300 has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 26.29 M parameters and 31.4 G multiply-adds: arXiv:1512.02325.
    graph, multiplied = traced("detection")
    assert graph.parameters == pytest.approx(26290000.0, rel=0.02)
    assert multiplied == pytest.approx(31.4e9, rel=0.02)
