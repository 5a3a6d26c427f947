"""Decides comparisons of numbers: true or false only if so everywhere inside the intervals."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import isfinite

import msgspec

from advisor.fact import Fact, Status
from advisor.judge.intervals import Ends, holds_zero, interval
from advisor.judge.linear import Form, add, collect, divisors, exact, scale
from advisor.judge.logic import Answer, negation
from advisor.rule import Expression, named

ROUNDING = 1e-12  # a hundred times what 33 sums and products of doubles can be off
HUGE = 1e300  # well below the largest double
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Prepared(msgspec.Struct, frozen=True):
    """A comparison brought to one side, ready for values.

    Where it speaks of one fact only, ``fact`` ``operator`` ``limit`` says the same, and
    ``nudge`` is the sign of the exact limit less ``limit``, its nearest double.
    """

    form: Form
    divisors: tuple[Form, ...]
    operator: str
    facts: tuple[str, ...]
    fact: str | None = None
    limit: float = 0.0
    nudge: int = 0
    plain: bool = False  # no products or quotients of facts, nothing divided by
    coefficients: tuple[tuple[str, float], ...] = ()
    constant: float = 0.0


@lru_cache(maxsize=4096)
def prepare(operator: str, left: Expression, right: Expression) -> Prepared:
    """Bring everything to the left and collect it; done once for a comparison."""
    form = add(collect(left), scale(collect(right), Fraction(-1)))
    below = tuple(divisors(left) + divisors(right))
    names = named(left, right)
    alone = len(form.terms) == len(names) == 1 and isinstance(form.terms[0][0], str)
    if below or not alone:
        return _several(Prepared(form, below, operator, names))
    fact, coefficient = names[0], form.terms[0][1]
    limit = -form.constant / coefficient
    if abs(limit) > HUGE:
        return Prepared(form, below, operator, names)
    near = float(limit)
    nudge = _sign(limit - exact(near))
    turned = _MIRRORED[operator] if coefficient < 0 else operator
    return Prepared(form, below, turned, names, fact, near, nudge)


def _several(made: Prepared) -> Prepared:
    """Prepare a comparison of several facts; doubles decide it where they are far from a tie."""
    form = made.form
    numbers = [form.constant, *(coefficient for _, coefficient in form.terms)]
    facts = [term for term, _ in form.terms if isinstance(term, str)]
    huge = any(abs(number) > HUGE for number in numbers)
    if made.divisors or len(facts) < len(form.terms) or huge:
        return made
    doubles = [float(number) for number in numbers]
    pairs = tuple(zip(facts, doubles[1:], strict=True))
    return msgspec.structs.replace(made, plain=True, coefficients=pairs, constant=doubles[0])


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def decide(prepared: Prepared, facts: Mapping[str, Fact]) -> Answer:
    """Compare; every fact that the comparison names must be among ``facts`` and known."""
    if prepared.fact is not None:
        spread = ends(facts[prepared.fact])
        return None if spread is None else _against(prepared, spread)
    spreads: dict[str, tuple[float, float]] = {}
    for name in prepared.facts:
        spread = ends(facts[name])
        if spread is None:
            return None
        spreads[name] = spread
    signs = _roughly(prepared, spreads) if prepared.plain else None
    return answer(prepared.operator, *signs) if signs else _exactly(prepared, spreads)


def _roughly(
    prepared: Prepared, spreads: Mapping[str, tuple[float, float]]
) -> tuple[int, int] | None:
    """Return the signs of the ends if rounding cannot have changed them."""
    low = high = prepared.constant
    size = abs(low)
    for name, coefficient in prepared.coefficients:
        first, second = (coefficient * end for end in spreads[name])
        low += min(first, second)
        high += max(first, second)
        size += max(abs(first), abs(second))
    slack = ROUNDING * size
    if abs(low) > slack and abs(high) > slack:
        return (1 if low > 0 else -1), (1 if high > 0 else -1)
    return None


def _exactly(prepared: Prepared, spreads: Mapping[str, tuple[float, float]]) -> Answer:
    values: dict[str, Ends] = {n: (exact(low), exact(high)) for n, (low, high) in spreads.items()}
    for divisor in prepared.divisors:
        below = interval(divisor, values)
        if below is None or holds_zero(below):
            return None
    difference = interval(prepared.form, values)
    if difference is None:
        return None
    return answer(prepared.operator, _sign(difference[0]), _sign(difference[1]))


def _against(prepared: Prepared, spread: tuple[float, float]) -> Answer:
    signs = [(end > prepared.limit) - (end < prepared.limit) or -prepared.nudge for end in spread]
    return answer(prepared.operator, signs[0], signs[1])


def answer(operator: str, low: int, high: int) -> Answer:
    """Compare with 0 something of which only the signs of its ends are needed."""
    if operator in {">", ">="}:
        return answer(_MIRRORED[operator], -high, -low)
    if operator == "!=":
        return negation(answer("==", low, high))
    if operator == "==":
        if low > 0 or high < 0:
            return False
        return True if low == high == 0 else None
    edge = operator == "<="
    if high < edge:
        return True
    return False if low >= edge else None


def ends(fact: Fact) -> tuple[float, float] | None:
    """Return the interval of a known number; None where it has none that can be used."""
    if fact.status is not Status.KNOWN:
        return None
    low = fact.value if fact.low is None else fact.low
    high = fact.value if fact.high is None else fact.high
    if not _usable(low) or not _usable(high) or low > high:  # type: ignore[operator] # both are numbers
        return None
    return low, high  # type: ignore[return-value] # both are numbers


def _usable(value: float | str | bool | None) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
