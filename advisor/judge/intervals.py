"""Intervals of collected forms, exact, so that an answer never hangs on rounding."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from advisor.judge.linear import Form, Product, Term

Ends = tuple[Fraction, Fraction]


def interval(form: Form, values: Mapping[str, Ends]) -> Ends | None:
    """Return between what a form lies while each fact lies in its interval.

    None where a divisor may be 0. The interval may be wider than the truth, never narrower.
    """
    low = high = form.constant
    for term, coefficient in form.terms:
        ends = _term(term, values)
        if ends is None:
            return None
        first, second = coefficient * ends[0], coefficient * ends[1]
        low += min(first, second)
        high += max(first, second)
    return low, high


def _term(term: Term, values: Mapping[str, Ends]) -> Ends | None:
    if isinstance(term, str):
        return values[term]
    if isinstance(term, Product):
        return _times(interval(term.left, values), interval(term.right, values))
    below = interval(term.below, values)
    if below is None or holds_zero(below):
        return None
    return _times(interval(term.above, values), (1 / below[1], 1 / below[0]))


def holds_zero(ends: Ends) -> bool:
    """Whether 0 lies between the ends."""
    return ends[0] <= 0 <= ends[1]


def _times(left: Ends | None, right: Ends | None) -> Ends | None:
    if left is None or right is None:
        return None
    corners = [a * b for a, b in product(left, right)]
    return min(corners), max(corners)
