"""The perceptron has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 28·1024 + 2·1024² + 1024 weights, 3·1024 + 1 biases.
    graph, multiplied = traced("mlp")
    assert graph.parameters == pytest.approx(2129921, rel=0)
    assert multiplied > 0
