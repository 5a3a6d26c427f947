"""The DLRM has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 26 tables of 100,000 · 64, perceptrons 13-512-256-64 and 415-512-256-1.
    graph, multiplied = traced("recommender")
    assert graph.parameters == pytest.approx(166899521, rel=0)
    assert multiplied > 0
