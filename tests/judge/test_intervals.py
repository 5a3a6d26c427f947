"""Intervals hold every value, and zero divisors are refused."""

from fractions import Fraction

import pytest

from advisor.judge.intervals import holds_zero, interval
from tests.judge.test_linear import form

A, B = "cpu.cores", "cpu.threads"


@pytest.mark.parametrize(
    ("text", "a", "b", "ends"),
    [
        ("a + b", (1, 2), (3, 4), (4, 6)),
        ("a - b", (1, 2), (3, 4), (-3, -1)),
        ("a * b", (-1, 2), (3, 4), (-4, 8)),
        ("a * b", (-1, 2), (-3, 4), (-6, 8)),
        ("a / b", (1, 2), (4, 8), (Fraction(1, 8), Fraction(1, 2))),
        ("a / b", (1, 2), (-2, -1), (-2, Fraction(-1, 2))),
        ("a / b", (1, 2), (0, 1), None),
        ("a / b", (1, 2), (-1, 1), None),
        ("1 - 2 * a", (1, 2), (0, 0), (-3, -1)),
        ("1 / ( a - b )", (1, 2), (2, 3), None),
    ],
)
def test_interval(text, a, b, ends):
    values = {A: tuple(map(Fraction, a)), B: tuple(map(Fraction, b))}
    assert interval(form(text), values) == ends


@pytest.mark.parametrize(
    ("low", "high", "holds"), [(-1, 1, True), (0, 1, True), (-1, 0, True), (1, 2, False)]
)
def test_holds_zero(low, high, holds):
    assert holds_zero((Fraction(low), Fraction(high))) is holds
