"""A timed op: its residual by what has left the cache, and which constants speak for it."""

import pytest

from advisor.operation import Op
from advisor.predict.spot import Cold, Spot, class_constants, gone
from advisor.predict.trend import Trait

OP = Op(op="gemm", kernel="linear", shape={"m": 2, "n": 3, "k": 5}, weights=15.0)


def test_gone_are_shares_of_all_that_is_touched():
    assert gone(OP, Cold(1.0, 0.0, 0.0))[0] == pytest.approx(15 / (15 + 6 + 10))
    assert sum(gone(OP, Cold(1.0, 1.0, 1.0))) == pytest.approx(1.0)


def test_a_residual_grows_with_what_has_left_the_cache():
    spot = Spot(Trait(1.0, "", backward=False), (), b"", 0.1, 0.1, 0.5, Cold(1.0, 2.0, 4.0))
    assert spot.residual(Cold(0.5, 0.25, 0.0)) == pytest.approx(0.5 + 0.5 + 0.5)


def test_an_unknown_class_is_an_elementwise_one(constants):
    known = constants["cpu"]
    assert class_constants(known, "unheard", "fp32") == known.classes["elementwise"]
