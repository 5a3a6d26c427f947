"""Intervals of 80 % are log-normal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.predict.width import blunt, interval, inverse, joined, shared, spread_of


@given(st.floats(1e-9, 1e12), st.floats(0.001, 2))
def test_an_interval_gives_its_spread_back(likely, spread):
    made = interval(likely, spread, "s")
    assert spread_of(made) == pytest.approx(spread)
    rate = inverse(made, 10, "samples/s")
    assert rate.low <= rate.likely <= rate.high
    assert rate.likely == pytest.approx(10 / likely)


def test_independent_parts_average_out():
    assert joined(3.0, 4.0) == 5.0
    assert shared([(0.5, 0.2), (0.5, 0.2)]) == pytest.approx(0.2 / 2**0.5)


def test_what_rounding_alone_tells_apart_is_the_same():
    assert blunt(89684.3112244898) == blunt(89684.31122448978)
    assert blunt(1.0000000000000002) == 1.0
    assert blunt(1.00000001) > 1.0
