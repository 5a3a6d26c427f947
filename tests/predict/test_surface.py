"""The surface follows its points, and returns to the prior far from them."""

import pytest

from advisor.operation import Op
from advisor.predict.surface import Ground, Place, Sample, correction, position


def gemm(m, n=64, k=64):
    return Op(op="gemm", shape={"m": m, "n": n, "k": k}, weights=n * k)


GROUND = Ground([Place(position(gemm(2**i)), "", False) for i in range(4, 20)])
SAMPLES = [Sample(0.1 * i, 0.06) for i in range(4, 20)]


@pytest.mark.parametrize("power", [6, 7.5, 12])
def test_between_points(power):
    found = correction(gemm(round(2**power)), GROUND, SAMPLES, 0.5)
    assert found.residual == pytest.approx(0.1 * power, abs=0.05)
    assert found.spread < 0.15


def test_far_away_is_the_prior():
    found = correction(gemm(2**6, 2**30, 2**30), GROUND, SAMPLES, 0.5)
    assert found == (0.0, 0.5)


def test_without_points():
    assert correction(gemm(8), Ground([]), [], 0.5) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("op", "length"),
    [
        (gemm(2), 4),
        (Op(op="conv", shape={"c": 4, "h": 8, "w": 8, "k": 4, "r": 3, "s": 3}), 6),
        (Op(op="attention", shape={"heads": 2, "q": 4, "kv": 4, "d": 8}), 4),
        (Op(op="recurrent", shape={"steps": 2, "input": 3, "hidden": 4, "gates": 4}), 4),
        (Op(op="norm", reads=4, writes=4), 2),
        (Op(op="optimizer", kernel="sgd", shape={"n": 3}, weights=9), 2),
    ],
)
def test_position(op, length):
    assert len(position(op)) == length
