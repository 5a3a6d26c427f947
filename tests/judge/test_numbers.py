"""Comparisons are decided by the ends of intervals, exactly."""

import pytest

from advisor.fact import Fact, Status
from advisor.judge.numbers import answer, ends, prepare
from tests.judge.test_linear import expression


@pytest.mark.parametrize(
    ("operator", "below", "at_most", "zero", "at_least", "above", "across"),
    [
        ("<", True, None, False, False, False, None),
        ("<=", True, True, True, None, False, None),
        (">", False, False, False, None, True, None),
        (">=", False, None, True, True, True, None),
        ("==", False, None, True, None, False, None),
        ("!=", True, None, False, None, True, None),
    ],
)
def test_answers(operator, below, at_most, zero, at_least, above, across):
    signs = [(-1, -1), (-1, 0), (0, 0), (0, 1), (1, 1), (-1, 1)]
    wanted = [below, at_most, zero, at_least, above, across]
    assert [answer(operator, low, high) for low, high in signs] == wanted


@pytest.mark.parametrize(
    ("left", "right", "limit", "nudge", "operator"),
    [
        ("a", "0.9", 0.9, 0, "<"),
        ("2 * a", "3", 1.5, 0, "<"),
        ("3 * a", "1", 1 / 3, 1, "<"),
        ("1 - a", "0", 1.0, 0, ">"),
        ("a * 1e-300", "1e300", 0.0, 0, "<"),
    ],
)
def test_one_fact_against_a_limit(left, right, limit, nudge, operator):
    prepared = prepare("<", expression(left), expression(right))
    assert (prepared.limit, prepared.nudge, prepared.operator) == (limit, nudge, operator)


@pytest.mark.parametrize(
    ("fact", "spread"),
    [
        (Fact(name="a", value=3), (3, 3)),
        (Fact(name="a", value=3, low=1, high=5), (1, 5)),
        (Fact(name="a", value=3, low=5, high=1), None),
        (Fact(name="a", value=float("nan")), None),
        (Fact(name="a", value=3, low=1, high=float("inf")), None),
        (Fact(name="a", value="3"), None),
        (Fact(name="a", value=True), None),
        (Fact(name="a"), None),
        (Fact(name="a", value=3, status=Status.UNKNOWN), None),
    ],
)
def test_ends(fact, spread):
    assert ends(fact) == spread
