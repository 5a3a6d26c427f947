"""Measurements narrow what shares their effects, and nothing else."""

from itertools import pairwise
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.predict.elsewhere.likeness import Item, interval, narrowed, shared


def item(log_seconds=0.0, noise=0.05, **effects):
    return Item(log_seconds, effects, noise)


def test_nothing_known_leaves_the_forecast():
    mean, spread = narrowed(item(1.0, here=0.3), [])
    assert mean == 1.0
    assert spread == pytest.approx((0.3**2 + 0.05**2) ** 0.5)


def test_a_like_measurement_moves_and_narrows():
    mean, spread = narrowed(item(here=0.3), [(item(here=0.3), 2.0)])
    assert log(2) * 0.9 < mean < log(2)
    assert spread < 0.1


def test_an_unlike_measurement_says_nothing():
    mean, spread = narrowed(item(here=0.3), [(item(there=0.3), 2.0)])
    assert mean == 0.0
    assert spread == pytest.approx((0.3**2 + 0.05**2) ** 0.5)


def test_what_both_have_drops_out():
    """The same network was twice as slow elsewhere as forecast: so it will be here."""
    here = item(network=0.5, here=0.1)
    mean, _ = narrowed(here, [(item(network=0.5, there=0.1), 2.0)])
    assert 0.9 * log(2) < mean < log(2)


@given(st.lists(st.floats(0.95, 1.05), min_size=1, max_size=7))
def test_a_few_more_measurements_that_agree_never_widen(times):
    target = item(here=0.3, level=0.1)
    spreads = [
        narrowed(target, [(item(here=0.3), t) for t in times[:n]])[1] for n in range(len(times) + 1)
    ]
    assert all(b <= a + 1e-9 for a, b in pairwise(spreads))


def test_many_equal_measurements_are_solved():
    known = [(item(here=0.3, noise=0.0), 2.0)] * 40
    assert narrowed(item(here=0.3), known)[0] == pytest.approx(log(2), abs=0.01)


def test_covariance_is_symmetric():
    one, other = item(a=0.1, b=0.2), item(b=0.3, c=0.4)
    assert shared(one, other) == shared(other, one) == pytest.approx(0.06)


def test_the_interval_is_of_80_per_cent():
    found = interval(log(10), 0.1, "s")
    assert found.likely == pytest.approx(10)
    assert found.high / found.likely == pytest.approx(exp(0.12816))


def test_one_wild_measurement_of_many_hardly_counts():
    known = [(item(here=0.3), 1.1)] * 9
    calm, wild = (narrowed(item(here=0.3), [*known, (item(here=0.3), t)])[0] for t in (1.1, 30.0))
    assert wild == pytest.approx(calm, abs=0.02)


def test_a_lone_measurement_is_believed_and_one_that_stands_apart_less():
    target = item(here=0.3)
    alone = narrowed(target, [(item(here=0.3), 2.0)])[0]
    assert alone > 0.85 * log(2.0)
    agreeing = [(item(here=0.3), t) for t in (1.0, 1.05, 0.95, 1.0)]
    apart = narrowed(target, [*agreeing, (item(here=0.3), 3.0)])[0]
    assert abs(apart) < 0.08  # the mean of the five is 0.22


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=7))
def test_measurements_however_far_apart_leave_no_less_than_nothing(times):
    target = item(here=0.3, level=0.1)
    known = [(item(here=0.3), t) for t in times]
    assert narrowed(target, known)[1] <= narrowed(target, [])[1] + 1e-9
