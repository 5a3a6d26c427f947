"""Whisper base has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 74 M parameters: arXiv:2212.04356, table 1.
    graph, multiplied = traced("speech")
    assert graph.parameters == pytest.approx(74000000.0, rel=0.035)
    assert multiplied > 0
