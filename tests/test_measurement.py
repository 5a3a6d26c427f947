"""No measurement holds what no clock can give."""

import math

import pytest

from tests.fakes import measured


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(0, 0, 0), (-1, -2, 1), (2, 3, 4), (5, 3, 4), (1, 1, math.inf), (math.nan, 1, 2)],
)
def test_refused(value, low, high):
    with pytest.raises(ValueError, match="no positive figure"):
        measured("matmul.peak", "cpu", value, "FLOP/s", low=low, high=high)


def test_a_figure_within_its_interval():
    assert measured("matmul.peak", "cpu", 2, "FLOP/s", low=0, high=3).value == 2
