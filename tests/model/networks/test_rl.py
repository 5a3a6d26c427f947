"""The deep Q-network has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # Mnih et al. 2015: three convolutions, 512 units, 18 actions.
    graph, multiplied = traced("rl")
    assert graph.parameters == pytest.approx(1693362, rel=0)
    assert multiplied > 0
