"""The medium LSTM has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 650 units and 10,000 words: 2 · 4 · 650 · (1300 + 2) + 2 · 6,500,000 + 10,000.
    graph, multiplied = traced("rnn")
    assert graph.parameters == pytest.approx(19780400, rel=0)
    assert multiplied > 0
