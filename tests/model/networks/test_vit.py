"""ViT-B/16 has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 86,567,656 parameters and 17.56 G multiply-adds: docs.pytorch.org/vision, vit_b_16.
    graph, multiplied = traced("vit")
    assert graph.parameters == pytest.approx(86567656, rel=0)
    assert multiplied == pytest.approx(17.56e9, rel=0.02)
