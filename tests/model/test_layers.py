"""Layers have the parameters that their sizes say, twice in FLOP for each token."""

import pytest

from advisor.model.layers import Shape, decoder, embedded, encoder, gathered, linear
from advisor.operation import work

SHAPE = Shape(width=64, heads=4, head=16, inner=256, layers=3)


@pytest.mark.parametrize(
    ("ops", "matrices"),
    [
        (encoder(SHAPE, 10), 3 * (4 + 8) * 64**2),
        (encoder(SHAPE, 10, gated=True), 3 * (4 + 12) * 64**2),
        (decoder(SHAPE, 10, 20, 100), 3 * (8 + 8) * 64**2 + 100 * 64),
    ],
)
def test_weights(ops, matrices):
    found = sum(op.count * op.shape["n"] * op.shape["k"] for op in ops if op.op == "gemm")
    assert found == matrices


def test_graph():
    graph = gathered([embedded(10, 64), linear(10, 8, 64)], SHAPE, 10, 640)
    assert graph.parameters == 8 * 64 + 8 + 640
    assert work(graph.ops[0]).elements == 2 * 640
    assert graph.activations == 3 * 10 * (11 * 64 + 2 * 256)
