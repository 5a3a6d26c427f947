"""Comparing two estimates: what they may both be wrong by does not count."""

import math

from advisor.estimate import Estimate, Interval
from advisor.predict.width import interval, joined, spread_of


def ratio(a: Estimate, b: Estimate) -> Interval | None:
    """Return how many times faster ``a`` is than ``b``, with errors that both share cancelled.

    None where either is unpredicted. Two plans for one place in one precision share all of
    ``shared_spread``; in two precisions, whose surfaces are two, half of its variance. Where only
    figures of a catalogue speak for one place, nine tenths of all variance: its clock, power and
    memory are the same in every plan.
    """
    if a.throughput is None or b.throughput is None:
        return None
    likely = a.throughput.likely / b.throughput.likely
    if a == b:
        return Interval(1.0, 1.0, 1.0, "x")
    total = joined(spread_of(a.throughput), spread_of(b.throughput))
    if a.plan.place == b.plan.place and _published(a) and _published(b):
        return interval(likely, math.sqrt(0.1) * total, "x")
    common = _common(a, b)
    return interval(likely, math.sqrt(max(total * total - 2 * common * common, 0.0)), "x")


def _common(a: Estimate, b: Estimate) -> float:
    """Return the deviation of ln(seconds) that two estimates have in common."""
    if a.plan.place != b.plan.place:
        return 0.0
    both = min(a.shared_spread, b.shared_spread)
    return both if a.plan.dtype == b.plan.dtype else both * math.sqrt(0.5)


def _published(found: Estimate) -> bool:
    """Whether an estimate rests on nothing that was measured."""
    return bool(found.basis) and all(basis.origin != "measured" for basis in found.basis)
