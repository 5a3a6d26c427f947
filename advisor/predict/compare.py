"""Comparing two estimates: what they may both be wrong by does not count."""

import math

from advisor.estimate import Estimate, Interval
from advisor.predict.width import interval, joined, spread_of


def ratio(a: Estimate, b: Estimate) -> Interval | None:
    """Return how many times faster ``a`` is than ``b``, with errors that both share cancelled.

    None where either is unpredicted. Two plans for one place in one precision share all of
    ``shared_spread``; in two precisions, whose surfaces are two, half of its variance.
    """
    if a.throughput is None or b.throughput is None:
        return None
    likely = a.throughput.likely / b.throughput.likely
    if a == b:
        return Interval(1.0, 1.0, 1.0, "x")
    total = joined(spread_of(a.throughput), spread_of(b.throughput))
    common = _common(a, b)
    return interval(likely, math.sqrt(max(total * total - 2 * common * common, 0.0)), "x")


def _common(a: Estimate, b: Estimate) -> float:
    """Return the deviation of ln(seconds) that two estimates have in common."""
    if a.plan.place != b.plan.place:
        return 0.0
    both = min(a.shared_spread, b.shared_spread)
    return both if a.plan.dtype == b.plan.dtype else both * math.sqrt(0.5)
