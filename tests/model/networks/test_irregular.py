"""GraphSAGE has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 2 · 128 · 256 + 256 and 2 · 256 · 40 + 40.
    graph, multiplied = traced("irregular")
    assert graph.parameters == pytest.approx(86312, rel=0)
    assert multiplied > 0
